"""List questions over real documents: is every item there, and the count right?"""

"""Comparisons of what work reports set: labels read from the text, and what is found of them."""

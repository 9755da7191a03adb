"""Many users at once, and many questions one after the other."""

"""How much of real documents the corpus reads, and how rightly, against labels written by hand."""

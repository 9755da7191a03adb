"""Comparisons and sums: questions with hand-worked values, and whether the answers say them."""

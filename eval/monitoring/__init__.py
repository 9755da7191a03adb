"""Indicators held against actual values: cases worked by hand, and what the program makes of them."""

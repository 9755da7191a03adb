"""Cases worked by hand of indicators held against actual values, and what comes of them."""

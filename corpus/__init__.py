"""Documents and everything read from them. Knows nothing about questions."""

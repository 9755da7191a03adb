"""Answers questions about plans. Never parses a file; that is `corpus`."""

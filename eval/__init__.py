"""Judges the corpus and the assistant from outside, through the same calls as a user."""

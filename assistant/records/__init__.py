"""Saved conversations, their export and the feedback on them."""

"""Actual values held against the targets of plans: what is on course, and the report on it."""

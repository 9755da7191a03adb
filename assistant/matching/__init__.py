"""Holds an enterprise's profile against the measures of policies, clause by clause."""

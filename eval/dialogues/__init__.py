"""Conversations: are follow-ups understood, and are they answered rightly?"""

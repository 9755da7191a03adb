"""Answers written by a language model behind any OpenAI-compatible endpoint, and verified here.

Imported only where a model is set: LangChain takes seconds to load.
"""

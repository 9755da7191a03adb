"""Structured look-ups over the catalog: plain functions, and the same as LangChain tools."""

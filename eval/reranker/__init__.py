"""The reranker and reader that ships with the program: its data, its training, its figures."""

"""Question sets over documents: retrieval, answers and refusals, beside what others would use."""

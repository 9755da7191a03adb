"""Does a sentence stand in the words that it cites? Knows nothing of who wrote the sentence."""

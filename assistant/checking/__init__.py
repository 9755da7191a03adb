"""Does a plan contradict itself, or another plan? Findings with the words on both sides."""

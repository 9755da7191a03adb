"""When to refuse: fits the model that ships with the program, and measures it."""

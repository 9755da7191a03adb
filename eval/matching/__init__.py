"""Policy matching: labelled profiles, and whether the matcher finds what each of them can get."""

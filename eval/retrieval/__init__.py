"""How well passages are found, beside plain alternatives, on a bench of real questions."""

"""`python -m eval`, which `plan-assistant eval` runs."""

from eval.cli import app

app()

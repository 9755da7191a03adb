"""From a question to a verified answer, one module a step."""

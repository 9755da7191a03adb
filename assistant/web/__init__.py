"""The page and its server: the only place that imports Gradio."""

import os

# Gradio reads this while it is being imported; nothing may be reported from an offline machine.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

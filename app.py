"""Starts the web app: `python app.py` is `plan-assistant serve`."""

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["serve"]
    main()

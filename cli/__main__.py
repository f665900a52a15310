"""`python -m cli`: the command `polder`."""

from __future__ import annotations

import sys

from cli.main import main

sys.exit(main(sys.argv[1:]))

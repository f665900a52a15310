"""``python -m pages``: API and pages as a process; `polder serve` runs it too."""

from __future__ import annotations

from api.serving import main
from pages.serving import serve

if __name__ == "__main__":
    main(serve)

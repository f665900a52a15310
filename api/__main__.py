"""``python -m api``: the API as a process of its own; `polder serve` runs it too."""

from __future__ import annotations

from api.serving import main

if __name__ == "__main__":
    main()

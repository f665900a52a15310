"""SQL lives in ``.sql`` files, each statement under a header with its name.

A file holds statements, each opened by ``-- name: <name>`` and the comment lines that
say what it promises. A name that is missing fails a test, not a night: the tests hold
every name that the code uses to the files, and the files to the code.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

_HEADER: Final = re.compile(r"^-- name: ([a-z_]+)\n", re.MULTILINE)


@cache
def statements(file: str) -> dict[str, bytes]:
    """Return the statements of ``sql/<file>.sql`` by name, as psycopg takes them."""
    text = files("storage").joinpath("sql", f"{file}.sql").read_text("utf-8")
    _, *parts = _HEADER.split(text)
    return {
        name: body.strip().encode()
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def statement(file: str, name: str) -> bytes:
    """Return one statement of ``sql/<file>.sql``."""
    return statements(file)[name]

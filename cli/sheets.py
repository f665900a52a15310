"""Files that people open elsewhere: sheets and pictures."""

from __future__ import annotations

from pathlib import Path

from cli.settings import Usage
from cli.speech import _


def write(path: Path, text: str) -> None:
    """Write a file; a sheet with the mark by which a spreadsheet knows UTF-8."""
    marked = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
    try:
        path.write_text(text, marked, newline="")
    except OSError as error:
        raise Usage(
            _("The file {path} can't be written: {problem}.").format(
                path=path, problem=error.strerror
            )
        ) from error

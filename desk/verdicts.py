"""A pack is judged here exactly as its own `verify.py` judges it: that file is called.

It needs no server and no network, so that an auditor's machine will do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from desk.errors import DeskError, NotFound
from evidence import verify
from language import mark

_NO_FILE: Final = mark("There is no file {path}.")
_NO_KEY: Final = mark("This is no verifier key, and no file with such keys: {told}.")
_QUORUM: Final = mark("--quorum asks for more witnesses than --witness names.")


class UnusableKey(DeskError):
    """What was given as a key is none, or asks for what can't be."""


class Judged(NamedTuple):
    """A verdict on a pack: 0 sound, 1 not sound, 6 can't be decided."""

    verdict: int
    document: dict[str, Any]
    """The report as JSON, as ``verify.py --json`` gives it."""
    lines: tuple[str, ...]
    """The report for people, the verdict first."""


def judge(
    pack: str,
    keys: Sequence[str],
    *,
    since: str | None = None,
    witnesses: Sequence[str] = (),
    quorum: int | None = None,
    lang: str = "en",
) -> Judged:
    """Judge the pack in a file by keys that are given as text or as files.

    ``since`` is the file of an older checkpoint. Raises `NotFound` for a pack or a
    checkpoint that is not there, and `UnusableKey`.
    """
    content, older = file_of(pack), None if since is None else file_of(since)
    trusted, watching = known_keys(keys), known_keys(witnesses)
    if quorum is not None and not 0 <= quorum <= len(watching):
        raise UnusableKey(_QUORUM)
    report = verify.examine(
        content, trusted, since=older, witnesses=watching, quorum=quorum
    )
    document = report.as_json(lang)
    return Judged(report.verdict, document, tuple(report.lines(lang)))


def known_keys(given: Sequence[str]) -> list[str]:
    """Read verifier keys: each a text, or a file with one a line.

    Raises `UnusableKey`.
    """
    found: list[str] = []
    for told in given:
        try:
            found += verify.read_keys([told])
        except (OSError, ValueError) as error:
            raise UnusableKey(_NO_KEY, told=verify.plain(told)) from error
    return found


def file_of(path: str) -> bytes:
    """Read a file; nothing where it can't be read. Raises `NotFound`."""
    try:
        return verify.read_pack(path)
    except FileNotFoundError as error:
        raise NotFound(_NO_FILE, path=path) from error

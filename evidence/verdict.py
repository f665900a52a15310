"""There are three verdicts, and a failure beats what can't be decided.

The verifier of packs, ``evidence/verify.py``, stands alone and says the same numbers;
this is for the checks that run on a live record.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from evidence.chain import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from evidence.checkpoint import Checkpoint


class Verdict(IntEnum):
    """What a check comes to; the value is the exit code."""

    SOUND = 0
    NOT_SOUND = 1
    UNDECIDED = 6


UNDECIDABLE: Final = frozenset({"version"})
"""The names of checks whose finding means: this program can't say."""


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return what findings on a record come to."""
    verdict = Verdict.SOUND
    for finding in findings:
        if finding.check not in UNDECIDABLE:
            return Verdict.NOT_SOUND
        verdict = Verdict.UNDECIDED
    return verdict


def check_older(older: Checkpoint, size: int, root: bytes | None) -> Iterator[Finding]:
    """Hold a live log against a checkpoint that somebody kept, and that was verified.

    ``size`` is how many leaves the log has, ``root`` its root at the older size, or
    None where it is smaller. Yields what is wrong: a checkpoint that is larger than the
    log, or of another root, means that the log was cut or rewritten.
    """
    if older.size > size:
        detail = f"the older checkpoint has {older.size} events, the log {size}"
        yield Finding("", None, "since", detail)
    elif root != older.root:
        detail = f"the first {older.size} events are not those of the checkpoint"
        yield Finding("", None, "since", detail)

"""Three verdicts, and what an older checkpoint says of a live log."""

from __future__ import annotations

from evidence import verify
from evidence.chain import Finding
from evidence.checkpoint import Checkpoint
from evidence.verdict import Verdict, check_older, verdict_of

UNKNOWN = Finding("a:b", 1, "version", "")
WRONG = Finding("a:b", 1, "prev", "")
OLDER = Checkpoint("polder/x", 3, b"r" * 32)


def test_a_failure_beats_what_cant_be_decided() -> None:
    """Nothing found is sound; any failure is not; else it can't be decided."""
    assert verdict_of([]) == Verdict.SOUND
    assert verdict_of([UNKNOWN]) == Verdict.UNDECIDED
    assert verdict_of([UNKNOWN, WRONG]) == Verdict.NOT_SOUND
    assert verdict_of([WRONG, UNKNOWN]) == Verdict.NOT_SOUND


def test_the_verdicts_are_the_same_numbers_everywhere() -> None:
    """The verifier of packs, which stands alone, says the same numbers."""
    alone = (verify.SOUND, verify.NOT_SOUND, verify.UNDECIDED)
    assert alone == tuple(Verdict)


def test_a_live_log_continues_every_checkpoint() -> None:
    """The same root at its size; a larger checkpoint or another root is found."""
    assert list(check_older(OLDER, 3, OLDER.root)) == []
    assert list(check_older(OLDER, 9, OLDER.root)) == []
    for size, root in [(9, bytes(32)), (2, None), (9, None)]:
        (found,) = check_older(OLDER, size, root)
        assert (found.check, verdict_of([found])) == ("since", Verdict.NOT_SOUND)

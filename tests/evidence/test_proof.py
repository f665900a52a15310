"""The proof of one event holds by itself, and each forgery of it is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evidence.canonical import canonical
from evidence.checkpoint import parse_checkpoint
from evidence.note import parse_note
from evidence.verify import LAST_SHOWN, NAMED_AFTER, examine
from tests.evidence.logs import CONTENTS, LOG, STREAM, VKEY
from tests.evidence.proofs import FORGERIES, SEQ, SOUND, members, proven


def test_a_sound_proof_is_sound_and_says_of_what() -> None:
    """A proof that the log wrote verifies, and the report names the event."""
    report = examine(SOUND, [VKEY])
    assert (report.verdict, report.failures, report.undecided) == (0, [], [])
    told = report.as_json()
    assert told["event"]["seq"] == SEQ
    assert told["stream"] == STREAM
    assert told["private"]["opened"] == 1
    assert told["event"]["leaf_index"] == CONTENTS.places[SEQ - 1].leaf_index


@pytest.mark.parametrize("seq", range(1, len(CONTENTS.bodies) + 1))
def test_every_event_can_be_proved_by_itself(seq: int) -> None:
    """The first has none before it, and the last none after it, and both hold."""
    report = examine(proven(seq), [VKEY])
    assert (report.verdict, report.failures) == (0, [])
    last = seq == len(CONTENTS.bodies)
    told = {*report.as_json()["notVerified"]} & {LAST_SHOWN, NAMED_AFTER}
    assert told == {LAST_SHOWN if last else NAMED_AFTER}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_found_and_named(name: str) -> None:
    """Whatever is changed in a proof is found by the check that is about it."""
    forgery = FORGERIES[name]
    report = examine(forgery.proof, forgery.keys)
    assert report.verdict == 1
    assert forgery.check in {one.check for one in report.failures}


def test_without_a_key_nothing_is_decided() -> None:
    """A key that would come with the proof would prove nothing, so none does."""
    report = examine(SOUND, [])
    assert (report.verdict, report.failures) == (6, [])
    assert [one.check for one in report.undecided] == ["key"]


def test_neighbours_that_are_not_shown_are_said_to_be_unchecked() -> None:
    """A proof for a person alone leaves the events around it out, and says so."""
    alone = canonical({**members(), "before": None, "after": None})
    report = examine(alone, [VKEY])
    assert report.verdict == 0
    told = report.as_json()["notVerified"]
    assert "The event before it: it is not in this proof." in told
    assert LAST_SHOWN in told


def test_an_event_after_it_that_anybody_could_have_written_proves_nothing() -> None:
    """It names this one, and the report says that no more is known of it."""
    made_up = {**members()["after"], "at": "2027-01-01T00:00:00.000000Z"}
    for after in (members()["after"], made_up):
        report = examine(canonical({**members(), "after": after}), [VKEY])
        assert report.verdict == 0
        assert NAMED_AFTER in report.as_json()["notVerified"]


@pytest.mark.parametrize("size", sorted(LOG.published))
def test_an_older_checkpoint_of_the_reader_is_compared(size: int) -> None:
    """The log goes on from what the reader kept, where the proof says how."""
    note = LOG.published[size]
    assert parse_checkpoint(parse_note(note).text).size == size
    report = examine(SOUND, [VKEY], since=note)
    shown = size in CONTENTS.consistency or size == CONTENTS.checkpoint.size
    assert report.verdict == (0 if shown else 6)
    assert report.examination.compared == (size if shown else None)


def test_an_unknown_format_is_not_decided() -> None:
    """What a later Polder writes, this program does not judge."""
    report = examine(canonical({**members(), "format": "polder-proof/2"}), [VKEY])
    assert report.verdict == 6


def test_the_program_alone_takes_a_proof(tmp_path: Path) -> None:
    """``verify.py``, copied to wherever, checks a saved proof as it checks a pack."""
    program = tmp_path / "verify.py"
    program.write_bytes(Path("evidence/verify.py").read_bytes())
    (tmp_path / "proof.json").write_bytes(SOUND)
    ran = subprocess.run(
        [sys.executable, "verify.py", "proof.json", "--key", str(VKEY), "--lang", "nl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("IN ORDE: deze gebeurtenis staat in het logboek")

"""Who types over what the page for one line says, computes what its verifier does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from evidence.checkpoint import parse_checkpoint
from evidence.event import event_hash
from evidence.note import parse_note
from tests.evidence.logs import CONTENTS, VKEY
from tests.evidence.proofs import FORGERIES, SEQ, SOUND, proven

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "one-line.md"
ROOT_OF_LOG = b64encode(
    parse_checkpoint(parse_note(CONTENTS.checkpoint_note).text).root
).decode()
OUT_OF_THE_LOG = ("a word of the event", "who did it", "when", "a node of the path")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Type over the program of the page."""
    [code] = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    typed = tmp_path / "typed.py"
    typed.write_text(code, encoding="utf-8")
    return typed


def computed(program: Path, proof: bytes) -> list[str]:
    """Run it on a proof that was saved; give what it prints."""
    saved = program.with_name("proof.json")
    saved.write_bytes(proof)
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(program), str(saved)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("seq", range(1, len(CONTENTS.bodies) + 1))
def test_what_is_typed_over_leads_to_the_root(program: Path, seq: int) -> None:
    """From each event of a log, wherever it lies in the tree, with Python alone."""
    event, root, verdict = computed(program, proven(seq))
    assert event.endswith(event_hash(CONTENTS.bodies[seq - 1]))
    assert root.endswith(f" {ROOT_OF_LOG}")
    assert verdict == "so the checkpoint says"


@pytest.mark.parametrize("name", OUT_OF_THE_LOG)
def test_what_is_typed_over_finds_what_is_not_in_the_log(
    program: Path, name: str
) -> None:
    """An event that was changed leads elsewhere, and so does another path."""
    assert computed(program, FORGERIES[name].proof)[-1] == "NOT SO"


@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq here")
def test_the_hash_of_an_event_needs_no_program_of_ours(tmp_path: Path) -> None:
    """What "Why is this true?" gives to type with jq prints the hash of the event."""
    told = (ROOT / "pages" / "templates" / "history" / "why.html").read_text("utf-8")
    [line] = re.findall(r"\{ printf .*? \| sha256sum", told)
    command = re.sub(r"\{\{.*\}\}\.json", "proof.json", line)
    (tmp_path / "proof.json").write_bytes(SOUND)
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == event_hash(CONTENTS.bodies[SEQ - 1])


def test_the_command_of_the_page_is_that_of_the_verifier(tmp_path: Path) -> None:
    """The proof, the key and nothing else; it ends with 0 for what is sound."""
    [command] = re.findall(
        r"^    (python verify\.py .*)$", PAGE.read_text(), re.MULTILINE
    )
    _python, program, proof, *options = command.split()
    program = str(ROOT / "evidence" / program)
    (tmp_path / proof).write_bytes(SOUND)
    (tmp_path / options[1]).write_text(f"{VKEY}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program, proof, *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "IN ORDE" in done.stdout) == (0, True), done.stdout

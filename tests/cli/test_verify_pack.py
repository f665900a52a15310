"""An auditor has a pack, a key from elsewhere, and this program or the pack's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from cli.main import main
from evidence.note import COSIGNATURE, verifier_key
from tests.cli.running import polder, settings
from tests.evidence.logs import KEY, LOG, PACK, STREAM, VKEY, small_log

OLDER = min(LOG.published)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack in a file."""
    file = tmp_path / "pack.zip"
    file.write_bytes(PACK)
    return file


def verify(*words: str | Path) -> int:
    """Run `polder audit verify` in English; return its exit code."""
    return main(["audit", "verify", *map(str, words), "--lang", "en"])


def test_a_sound_pack_is_said_to_be(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0, the verdict first, and what was not verified last."""
    assert verify(pack, "--key", VKEY) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "SOUND: nothing was changed or left out."
    assert any(STREAM in line for line in rest)
    assert "Not verified:" in rest


def test_the_same_in_dutch(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The language of the run is that of the report."""
    assert main(["audit", "verify", str(pack), "--key", VKEY, "--lang", "nl"]) == 0
    assert capsys.readouterr().out.startswith("IN ORDE")


def test_the_key_may_be_a_file_with_more_keys(pack: Path, tmp_path: Path) -> None:
    """As `log.key.pub` is: one key a line, the one that signed among them."""
    file = tmp_path / "log.pub"
    file.write_text(f"{VKEY}\n", "utf-8")
    assert verify(pack, "--key", file) == 0


def test_a_changed_byte_is_not_sound(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, and as JSON the event and the check that failed."""
    pack.write_bytes(PACK.replace(b"De zaal was niet", b"De zaal was NIET", 1))
    assert verify(pack, "--key", VKEY, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["sound"]) == (1, False)
    assert {"check", "file", "seq", "detail"} <= told["failures"][0].keys()


def test_without_a_key_nobody_can_say_who_made_it(pack: Path) -> None:
    """Exit code 6: a key that comes with the pack proves nothing."""
    assert verify(pack) == 6


def test_an_older_checkpoint_is_compared(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that the log continues is named; of a larger one nothing can be said."""
    kept = tmp_path / "checkpoint.txt"
    kept.write_bytes(LOG.published[OLDER])
    assert verify(pack, "--key", VKEY, "--since", kept) == 0
    assert f"It continues your checkpoint of {OLDER} events." in capsys.readouterr().out
    longer = small_log()
    kept.write_bytes(longer.publish())
    assert verify(pack, "--key", VKEY, "--since", kept) == 6


def test_a_witness_that_has_not_signed_is_missed(pack: Path) -> None:
    """The reader made it a condition; a quorum of none asks for nothing."""
    witness = str(verifier_key("witness", KEY, COSIGNATURE))
    assert verify(pack, "--key", VKEY, "--witness", witness) == 1
    assert verify(pack, "--key", VKEY, "--witness", witness, "--quorum", "0") == 0
    assert verify(pack, "--key", VKEY, "--quorum", "1") == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nowhere.zip", "--key", VKEY], 3),
        (["PACK", "--key", VKEY, "--since", "nowhere.txt"], 3),
        (["PACK", "--key", "no-key"], 2),
        (["PACK", "--all"], 2),
        (["--all", "--witness", VKEY], 2),
    ],
)
def test_wrong_use_is_told(pack: Path, words: list[str], code: int) -> None:
    """A file that is not there is not found; a key that is none is wrong use."""
    assert verify(*[str(pack) if word == "PACK" else word for word in words]) == code


def test_the_pack_s_own_verifier_says_the_same(pack: Path, tmp_path: Path) -> None:
    """`verify.py` from the pack, alone and on the standard library, agrees word for
    word.
    """
    with ZipFile(pack) as archive:
        archive.extract("verify.py", tmp_path)
    told = settings(POLDER_LANG="en")
    ours = polder("audit", "verify", str(pack), "--key", VKEY, environment=told)
    alone = subprocess.run(
        [sys.executable, "-I", "-S", tmp_path / "verify.py", str(pack), "--key", VKEY],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ours.code, ours.out) == (0, alone.stdout)

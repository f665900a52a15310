"""The verifier in a pack needs nothing, and says what Polder itself says."""

from __future__ import annotations

import ast
import json
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import verify
from evidence.canonical import JsonValue, canonical
from evidence.chain import is_stream, read_event
from evidence.errors import EvidenceError, UnknownVersion
from evidence.note import COSIGNATURE, Signature, add_signatures, parse_note
from evidence.note import verifier_key as key_of
from evidence.pack import write_pack, write_zip
from tests.evidence.logs import (
    CONTENTS,
    KEY,
    LOG,
    PACK,
    STRANGER,
    STREAM,
    VKEY,
    Log,
    files_of,
    refitted,
    reissued,
)
from tests.evidence.test_canonical import values

ALONE = [sys.executable, "-I", "-S"]
"""A Python that finds no packages: neither Polder nor the cryptography library."""


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """Return a folder with a pack, and the verifier that was in it."""
    (tmp_path / "pack.zip").write_bytes(PACK)
    (tmp_path / "verify.py").write_bytes(files_of()["verify.py"])
    (tmp_path / "log.vkey").write_text(VKEY + "\n")
    return tmp_path


def alone(folder: Path, *arguments: str) -> tuple[int, Any]:
    """Run the verifier of a pack; return its exit code and its report."""
    command = [*ALONE, str(folder / "verify.py"), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, cwd=folder, check=False)
    assert done.stderr == b""
    return done.returncode, json.loads(done.stdout)


def test_nothing_is_at_hand() -> None:
    """The Python of these tests has no cryptography library, nor Polder."""
    for module in ("cryptography", "evidence"):
        done = subprocess.run(
            [*ALONE, "-c", f"import {module}"], capture_output=True, check=False
        )
        assert b"ModuleNotFoundError" in done.stderr


def test_it_imports_the_standard_library_alone() -> None:
    """verify.py imports modules of Python, and cryptography where it is."""
    tree = ast.parse(files_of()["verify.py"])
    names = {
        (alias.name if isinstance(node, ast.Import) else str(node.module)).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - sys.stdlib_module_names == {"cryptography"}


def cosigned() -> bytes:
    """Return the sound pack, its checkpoint cosigned by a witness."""
    note = CONTENTS.checkpoint_note
    text = parse_note(note).text.encode()
    seconds = (7).to_bytes(8)
    signature = seconds + STRANGER.sign(b"cosignature/v1\ntime 7\n" + text)
    line = Signature(WITNESS.name, WITNESS.id, signature).line().encode()
    both = add_signatures(note, line)
    return write_pack(replace(CONTENTS, checkpoint_note=both), KEY)


WITNESS = key_of("witness.example/w1", STRANGER, COSIGNATURE)
FILES = files_of()
CASES = {
    "sound": (PACK, 0),
    "withheld": (write_pack(LOG.contents(withheld=[(2, "/reason")]), KEY), 0),
    "cosigned": (cosigned(), 0),
    "another format": (reissued(FILES, format="polder-pack/9"), 6),
    "refitted": (write_zip(refitted(FILES, created_by="a-2")), 1),
    "by a stranger": (reissued(FILES, STRANGER), 1),
    "changed": (write_zip({**FILES, "events.jsonl": b"\n"}), 1),
    "no zip": (b"PK", 1),
    "a stranger's checkpoint": (
        reissued({**FILES, "checkpoint.txt": FILES["pack.note"]}),
        1,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_says_the_same_alone(unpacked: Path, name: str) -> None:
    """With Python alone, verdict and report are those of the library."""
    pack, verdict = CASES[name]
    (unpacked / "pack.zip").write_bytes(pack)
    code, report = alone(unpacked, "pack.zip", "--key", "log.vkey")
    expected = verify.examine(pack, [VKEY])
    assert (code, expected.verdict) == (verdict, verdict)
    assert report == json.loads(json.dumps(expected.as_json()))


def test_it_takes_what_the_reader_brings(unpacked: Path) -> None:
    """Older checkpoint, witnesses and quorum, with keys as text or file."""
    (unpacked / "old").write_bytes(LOG.published[9])
    (unpacked / "pack.zip").write_bytes(cosigned())
    common = ("pack.zip", "--key", VKEY)
    code, report = alone(unpacked, *common, "--since", "old")
    assert (code, report["since"]) == (0, 9)
    witness = ("--witness", str(WITNESS))
    code, report = alone(unpacked, *common, *witness, "--quorum", "1")
    assert (code, report["witnesses"]) == (0, [{"name": WITNESS.name, "time": 7}])
    code, report = alone(unpacked, "pack.zip", "--lang", "nl")
    assert (code, report["undecided"][0]["check"]) == (6, "key")
    assert "sleutel" in report["undecided"][0]["detail"]


def test_the_text_is_readable_in_both_languages(unpacked: Path) -> None:
    """Without --json it prints a report, first of all the verdict."""
    for lang, first in [("en", b"SOUND: "), ("nl", b"IN ORDE: ")]:
        command = [*ALONE, "verify.py", "pack.zip", "--key", "log.vkey"]
        done = subprocess.run(
            [*command, "--lang", lang], capture_output=True, cwd=unpacked, check=True
        )
        assert done.stdout.startswith(first)
        assert STREAM.encode() in done.stdout


def test_a_terminal_that_knows_only_ascii_still_tells(unpacked: Path) -> None:
    """Signs that can't be shown do not keep the verdict from being told."""
    command = [sys.executable, "-S", "verify.py", "pack.zip", "--lang", "nl"]
    done = subprocess.run(
        command,
        capture_output=True,
        cwd=unpacked,
        check=False,
        env={"PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (6, b"")


def thousand() -> bytes:
    """Return a pack of 1,000 events in a log that holds others as well."""
    log = Log()
    for n in range(1_000):
        title: JsonValue = f"aandachtspunt één {n} " * 8
        data: dict[str, JsonValue] = {"reason": None, "n": n, "title": title}
        log.record(STREAM, "items_waived", data, {"/reason": "x"} if n % 4 == 0 else {})
        log.record(f"gemeente-waterdam:d{n % 50}", "items_completed", {"n": n})
    log.publish()
    return write_pack(log.contents(), KEY)


def test_a_thousand_events_take_a_second(unpacked: Path) -> None:
    """Alone, in plain Python, a pack of 1,000 events costs at most a second of work."""
    (unpacked / "pack.zip").write_bytes(thousand())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code, report = alone(unpacked, "pack.zip", "--key", VKEY)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (code, report["events"]) == (0, 1_000)
    assert after.ru_utime - before.ru_utime < 1


# The same rules, written twice.


@given(values)
def test_its_canonical_form_is_that_of_the_record(value: JsonValue) -> None:
    """Canonical bytes are the same, and read back the same."""
    data = canonical(value)
    assert verify.canonical(value) == data
    assert verify.read_json(data) == value


EVENT: dict[str, JsonValue] = json.loads(CONTENTS.bodies[1])
odd = st.sampled_from(
    [None, True, 0, -1, 1, 2, "", "x", "polder:log", "polder:x", "0" * 64, "é"]
) | st.sampled_from([[], {}, [None], {"/reason": "x"}, {"reason": None}, "/reason"])
instants = st.sampled_from(
    ["2026-02-29T00:00:00.000000Z", "2026-11-21T24:00:00.000000Z",
     "2026-11-21T23:59:60.000000Z", "2026-11-21T23:59:59.000000z",
     "2026-11-21 23:59:59.000000Z", "0000-01-01T00:00:00.000000Z",
     "２026-11-21T23:59:59.000000Z", "2026-11-21T23:59:59.999999Z"]
)  # fmt: skip
pointers = st.text("/~01ab-", max_size=6)


@given(st.sampled_from(sorted(EVENT)), odd | instants, st.sampled_from("sd"))
def test_an_event_is_well_formed_by_the_same_rules(
    name: str, value: JsonValue, way: str
) -> None:
    """An event that the record would refuse, the verifier refuses, and no other."""
    event = {**EVENT, name: value}
    if way == "d":
        del event[name]
    compare(event)


@given(st.sampled_from(["actor", "mandate"]), st.dictionaries(
    st.sampled_from(["id", "role", "via", "stream", "seq", "hash"]), odd))  # fmt: skip
def test_who_acted_is_well_formed_by_the_same_rules(
    name: str, value: dict[str, JsonValue]
) -> None:
    """The same holds for actor and mandate."""
    compare({**EVENT, name: value})


@given(pointers, st.sampled_from(["0" * 64, "0" * 63, "A" * 64, None]))
def test_a_private_pointer_leads_to_the_same_place(pointer: str, said: str) -> None:
    """The same holds for private fields, with every escape and index."""
    data: JsonValue = {"a": None, "": {"0": None}, "b": [None, 1], "~": {"/": None}}
    compare({**EVENT, "data": data, "private": {pointer: said}})


def compare(event: dict[str, JsonValue]) -> None:
    """Both readings of an event come to the same."""
    try:
        ours = "sound" if read_event(canonical(event)) else ""
    except UnknownVersion:
        ours = "unknown"
    except EvidenceError:
        ours = "wrong"
    try:
        alone = "unknown" if verify.check_event(event) is None else "sound"
    except verify.Wrong:
        alone = "wrong"
    assert alone == ours


@pytest.mark.parametrize(
    ("stream", "is_one"),
    [
        ("polder:log", True),
        ("org:waterdam", True),
        ("waterdam:org", True),
        ("waterdam:polder", True),
        ("organisatie:dijk", True),
        ("org:organisatie", True),
        ("polders:log", True),
        ("polder:dijk", False),
        ("polder:logs", False),
        ("org:org", False),
        ("org:polder", False),
        ("org:x", False),
        ("polder:log\n", False),
        ("org:waterdam\n", False),
        ("Waterdam:dijk", False),
        ("waterdam", False),
        ("a:b", False),
        (7, False),
    ],
)
def test_what_can_be_a_stream(stream: object, *, is_one: bool) -> None:
    """Dialogues, organisations, the log; `org` and `polder` are no organisation."""
    assert is_stream(stream) is is_one
    assert verify.is_stream(stream) is is_one


def test_everything_it_says_is_said_in_dutch() -> None:
    """Each text for people has a Dutch one, with as many places to fill in."""
    tree = ast.parse(files_of()["verify.py"])
    said = set(verify.NEVER_VERIFIED) | {verify.NO_SINCE, verify.NO_WITNESS}
    said |= {verify.ERASED, verify.MANDATES, verify.WITHHELD}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said |= told_in(node)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            target = node.targets[0].id
            if target == "text" and isinstance(node.value, ast.Constant):
                said.add(str(node.value.value))
    assert said - verify.DUTCH.keys() == set()
    for english, dutch in verify.DUTCH.items():
        assert english.count("{}") == dutch.count("{}")


def told_in(call: ast.Call) -> set[str]:
    """Return the texts for people in a call."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else ""
    name = function.id if isinstance(function, ast.Name) else name
    place = {"Wrong": 1, "need": 1, "fail": 3, "leave": 3, "translated": 0, "say": 0}
    given = [arg for arg in call.args if not isinstance(arg, ast.Starred)]
    at = place.get(name, len(given))
    texts = [arg for arg in given[at : at + 1] if isinstance(arg, ast.Constant)]
    return {str(text.value) for text in texts}

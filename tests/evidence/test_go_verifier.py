"""A verifier that was written from the format's page alone comes to our verdicts.

Its author had read none of ours. It is in Go, with nothing but its standard library.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from evidence.census import Head
from evidence.checkpoint import Checkpoint, sign_checkpoint
from evidence.event import ZERO_HASH, event_hash
from evidence.pack import write_pack, write_zip
from evidence.tree import leaf_hash
from evidence.verify import BadKey, examine
from tests.evidence.logs import (
    KEY,
    LOG,
    ORIGIN,
    PACK,
    STRANGER,
    STREAM,
    VKEY,
    Files,
    files_of,
    refitted,
    reissued,
    small_log,
    with_lines,
    with_value,
)
from tests.evidence.test_mutations import with_a_bit_flipped, with_a_line_changed

SOURCE = Path(__file__).parent.parent / "independent" / "verifier"
FILES = files_of()
ROUNDS = 60
LAST = LOG.heads[STREAM].seq


class Case(NamedTuple):
    """A pack, and what its reader has."""

    pack: bytes
    key: str = VKEY
    since: bytes | None = None


class Verdict(NamedTuple):
    """What a verifier says: the exit code, and the events that it names."""

    code: int
    events: frozenset[int]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The other verifier, built; skips, with the reason, where that can't be."""
    if shutil.which("go") is None:
        pytest.skip("the verifier by another needs Go (https://go.dev/dl)")
    built = tmp_path_factory.mktemp("go") / "verifier"
    done = subprocess.run(
        ["go", "build", "-p", "2", "-o", built, "."],
        cwd=SOURCE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return built


def theirs(program: Path, case: Case, at: Path) -> Verdict:
    """Ask the other verifier."""
    (at / "pack.zip").write_bytes(case.pack)
    given = ["-key", case.key]
    if case.since is not None:
        (at / "since").write_bytes(case.since)
        given += ["-since", str(at / "since")]
    done = subprocess.run(
        [program, *given, at / "pack.zip"], capture_output=True, text=True, check=False
    )
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == told["verdict"]
    found: list[dict[str, Any]] = told["findings"] or []
    named: set[int] = {one["event"] for one in found}
    return Verdict(told["verdict"], frozenset(named - {0}))


def ours(case: Case) -> Verdict:
    """Ask our verifier."""
    try:
        report = examine(case.pack, [case.key] if case.key else [], since=case.since)
    except BadKey:
        return Verdict(1, frozenset())
    named = {found.seq for found in (*report.failures, *report.undecided)}
    return Verdict(report.verdict, frozenset(seq for seq in named if seq is not None))


def event(**members: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """Return an event that may follow the last one of the small log, but for these."""
    whole = {
        "v": 1,
        "stream": STREAM,
        "seq": LAST + 1,
        "prev": LOG.heads[STREAM].hash,
        "id": "16a73ad4-b486-57d1-ad13-985868e7750e",
        "type": "x_happened",
        "at": "2026-11-21T16:20:00.123456Z",
        "actor": {"id": "p-1", "role": "process_director", "via": None},
        "mandate": None,
        "cause": "c-1",
        "data": {"a": None},
        "private": {},
    }
    return json.dumps(
        {**whole, **members}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def ending_with(body: bytes) -> bytes:
    """Return a pack of the small log with one more event, sealed as any other."""
    log = small_log()
    log.bodies[STREAM].append(body)
    log.places[STREAM].append(log.tree.size)
    log.heads[STREAM] = Head(STREAM, len(log.bodies[STREAM]), event_hash(body))
    log.tree.extend([leaf_hash(bytes.fromhex(event_hash(body)))])
    log.publish()
    return write_pack(
        log.contents(withheld=[(LAST + 1, "/a")] if PRIVATE in body else ()), KEY
    )


PRIVATE = b'"private":{"/a"'
COMMITTED = {"/a": ZERO_HASH}
MANDATE = {"stream": "org:gemeente-waterdam", "seq": 1, "hash": ZERO_HASH}

NOT_DATA: list[Any] = [[], None, {"a": 1.5}, {"a": 2**53}, {"\0": 1}]
NOT_PRIVATE: list[Any] = [None, [], {"/b": ZERO_HASH}, COMMITTED]
LAST_EVENTS = [
    event(),
    *[event(v=other) for other in (2, 0, True, "1", None, 2**53 - 1)],
    *[event(seq=other) for other in (LAST, LAST + 2, True, "7")],
    *[event(prev=other) for other in (ZERO_HASH, "A" * 64, None)],
    *[event(stream=other) for other in ("gemeente-waterdam:elders", "org:org", "a:b")],
    *[event(id=other) for other in ("", "16A73AD4-b486-57d1-ad13-985868e7750e")],
    *[event(type=other) for other in ("", None, "personal_data_erased")],
    *[
        event(at=other)
        for other in (
            "2026-02-29T00:00:00.000000Z",
            "2024-02-29T00:00:00.000000Z",
            "2026-11-21T24:00:00.000000Z",
            "2026-11-21T16:20:00Z",
            "0000-01-01T00:00:00.000000Z",
        )
    ],
    *[event(actor=other) for other in (None, {"id": "p", "role": "r"}, "p-1")],
    *[event(mandate=other) for other in (MANDATE, {**MANDATE, "x": 1}, "org", 1)],
    *[event(cause=other) for other in ("", None)],
    *[event(data=other) for other in NOT_DATA],
    event(data={"\ue000": 1, "\U0001f600": 2}),
    event(surplus=1),
    *[event(private=other) for other in NOT_PRIVATE],
    *[event(private={other: ZERO_HASH}) for other in ("", "a", "/", "/a/b", "/~2")],
    *[
        event(type="personal_data_erased", data={"paths": other})
        for other in (
            [],
            [[2, "/reason"]],
            [[2, "/who/0"]],
            [[2, "/n"]],
            [[LAST + 1, "/a"]],
            [[True, "/a"]],
            [[2]],
            None,
        )
    ],
    event().replace(b'"v":1', b'"v":1.0'),
    event().replace(b'"v":1', b'"v": 1'),
    event().replace(b'"v":1}', b'"v":1,"v":1}'),
    event().replace(b'"a":null', b'"a":"\\u001F"'),
    event().replace(b'"a":null', b'"a":"\\u001f"'),
    event().replace(b'"a":null', b'"a":-0'),
    event().replace(b'"a":null', b'"a":' + b"[" * 62 + b"]" * 62),
    event().replace(b'"a":null', b'"a":' + b"[" * 63 + b"]" * 63),
]
"""The last event of a log whose owner seals whatever is put in."""


def lies() -> Iterator[Case]:
    """Packs by an issuer who signs anything."""
    for body in LAST_EVENTS:
        yield Case(ending_with(body))
    for name in sorted(FILES.keys() - {"pack.note", "pack.json"}):
        yield Case(reissued({**FILES, name: b""}))
        yield Case(reissued({**FILES, name: FILES[name] + b"\n"}))
    for name in ("proofs.jsonl", "openings.jsonl", "consistency.jsonl"):
        yield Case(reissued(with_lines(name, lambda all_of_it: all_of_it[1:])))
        yield Case(reissued(with_lines(name, lambda all_of_it: all_of_it[::-1])))
        yield Case(reissued(with_lines(name, lambda every: [*every, every[-1]])))
    surplus = [*json.loads(FILES["census.json"])["proof"], ROOT]
    yield Case(reissued(with_value("census.json", proof=surplus)))
    yield Case(reissued(with_value("census.json", head_index=0)))
    for members in MANIFESTS:
        yield Case(reissued(FILES, **members))


ROOT = "A" * 43 + "="
MANIFESTS: list[dict[str, Any]] = [
    {"format": "polder-pack/2"},
    {"format": None},
    {"first_seq": 2},
    {"last_seq": 4},
    {"stream": "gemeente-waterdam:elders"},
    {"stream": "org:polder"},
    {"counts": {}},
    {"created_by": ""},
    {"checkpoint": {"root": ROOT, "size": LOG.checkpoint.size}},
    {"withheld": [[2, "/reason"]]},
    {"withheld": [[2, "/who/0"]]},
    {"withheld": [[1, "/title"]]},
    {"withheld": [[2]]},
    {"surplus": 1},
]


def mutants() -> Iterator[Case]:
    """Packs with one bit or line changed: as it is, with fitting hashes, reissued."""
    dice = Random(20261121)
    for mutate in (with_a_bit_flipped, with_a_line_changed):
        for _ in range(ROUNDS):
            name = dice.choice(sorted(FILES))
            files: Files = mutate(FILES, name, dice)
            way = dice.randrange(3)
            if way and name != "pack.json":
                yield Case(write_zip(refitted(files)) if way == 1 else reissued(files))
            else:
                yield Case(write_zip(files))


def readers() -> Iterator[Case]:
    """One pack, and what its readers have."""
    yield Case(PACK)
    yield Case(PACK, key="")
    yield Case(PACK, key=VKEY.replace("+", "-"))
    for size, note in LOG.published.items():
        yield Case(PACK, since=note)
        yield Case(PACK, key="", since=note)
        told = Checkpoint(ORIGIN, size, bytes(32))
        yield Case(PACK, since=sign_checkpoint(told, KEY))
        yield Case(PACK, since=sign_checkpoint(told, STRANGER))
    for size in (0, 1, LOG.checkpoint.size + 1):
        yield Case(
            PACK, since=sign_checkpoint(Checkpoint(ORIGIN, size, bytes(32)), KEY)
        )
    yield Case(b"PK" + PACK)
    yield Case(PACK + b"\0")
    yield Case(PACK[:-30])
    yield Case(b"")


@pytest.mark.parametrize("cases", [lies, mutants, readers])
def test_both_come_to_one_verdict(
    program: Path, tmp_path: Path, cases: Callable[[], Iterator[Case]]
) -> None:
    """Neither believes what the other does not, and they name the same events."""
    codes: set[int] = set()
    for number, case in enumerate(cases()):
        his, mine = theirs(program, case, tmp_path), ours(case)
        assert his.code == mine.code, (number, his, mine)
        assert not (his.events and mine.events) or his.events & mine.events, number
        codes.add(mine.code)
    assert {0, 1} <= codes, "all was sound, or nothing was"

"""Packs that somebody forged, each by what is not true in it, and one that is large."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from evidence.canonical import canonical
from evidence.event import event_hash
from evidence.note import sign_note, verifier_key
from evidence.pack import write_pack, write_zip
from tests.evidence.logs import (
    CONTENTS,
    KEY,
    LOG,
    ORIGIN,
    PACK,
    STRANGER,
    STREAM,
    VKEY,
    Files,
    Log,
    files_of,
    refitted,
    reissued,
    with_lines,
)

Lines = list[Any]
KEYS: Final = (str(VKEY),)
STRANGERS: Final = (str(verifier_key(ORIGIN, STRANGER)),)


def changed(name: str, change: Callable[[Lines], object]) -> Files:
    """Change the lines of a file of the sound pack in place."""

    def apply(lines: Lines) -> Lines:
        change(lines)
        return lines

    return with_lines(name, apply)


def rechained(lines: Lines) -> None:
    """Change an event, and let every later one name what stands before it now."""
    lines[1]["data"]["forged"] = True
    for before, after in pairwise(lines[1:]):
        after["prev"] = event_hash(canonical(before))


def shortened(files: Files, **members: Any) -> bytes:  # noqa: ANN401
    """Leave the last event out, with its proof, and let the issuer lie about it."""
    for name in ("events.jsonl", "proofs.jsonl"):
        lines = files[name].splitlines(keepends=True)
        files[name] = b"".join(lines[:-1])
    types = [json.loads(line)["type"] for line in files["events.jsonl"].splitlines()]
    counts = {kind: types.count(kind) for kind in types}
    return reissued(files, counts=counts, last_seq=len(types), **members)


def packed_anew(files: Files, method: int = ZIP_DEFLATED) -> bytes:
    """Pack files as any program would, sorted backwards."""
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name in sorted(files, reverse=True):
            archive.writestr(name, files[name])
    return out.getvalue()


def _in_census(**members: Any) -> Files:  # noqa: ANN401
    files = files_of()
    census = json.loads(files["census.json"])
    return {**files, "census.json": canonical({**census, **members})}


FORGERIES: Final[dict[str, bytes]] = {
    "a word of an event": reissued(
        changed("events.jsonl", lambda lines: lines[2]["data"].update(forged=1))
    ),
    "a whole history, chained anew": reissued(changed("events.jsonl", rechained)),
    "a history that only the files know": write_zip(changed("events.jsonl", rechained)),
    "who did it": reissued(
        changed("events.jsonl", lambda lines: lines[1]["actor"].update(id="p-9"))
    ),
    "two events swapped": reissued(
        changed("events.jsonl", lambda lines: lines.insert(1, lines.pop(2)))
    ),
    "an event left out in the middle": reissued(
        changed("events.jsonl", lambda lines: lines.pop(2))
    ),
    "the last event left out": shortened(files_of()),
    "an event of another stream": reissued(
        changed("events.jsonl", lambda lines: lines[2].update(stream="elders:plan"))
    ),
    "a proof of another place": reissued(
        changed("proofs.jsonl", lambda lines: lines[1].update(leaf_index=4))
    ),
    "a proof without its last node": reissued(
        changed("proofs.jsonl", lambda lines: lines[1]["proof"].pop())
    ),
    "places that do not rise": reissued(
        changed("proofs.jsonl", lambda lines: lines[2].update(leaf_index=0))
    ),
    "what was said": reissued(
        changed("openings.jsonl", lambda lines: lines[0].update(value="Iets anders."))
    ),
    "a text that is gone without an erasure": reissued(
        changed("openings.jsonl", lambda lines: lines.pop())
    ),
    "a text that was erased": reissued(
        changed(
            "openings.jsonl", lambda told: told.insert(1, {**told[0], "path": "/who/0"})
        )
    ),
    "a field that is withheld and opened": reissued(
        files_of(), withheld=[[2, "/reason"]]
    ),
    "counts": reissued(files_of(), counts={"items_completed": 9}),
    "another head in the census": reissued(
        _in_census(head=[STREAM, 4, "0" * 63 + "1"])
    ),
    "a census at another place": reissued(_in_census(leaf_index=7)),
    "a consistency proof": reissued(
        changed("consistency.jsonl", lambda lines: lines[0]["proof"].pop())
    ),
    "an issuer who is nobody": write_zip(refitted(files_of(), created_by="b-2")),
    "a pack by a stranger": write_pack(CONTENTS, STRANGER),
    "a checkpoint by a stranger": reissued(
        {
            **files_of(),
            "checkpoint.txt": sign_note(
                f"{ORIGIN}\n13\n{files_of()['checkpoint.txt'].decode().split()[2]}\n",
                ORIGIN,
                STRANGER,
            ),
        }
    ),
    "a root that was not signed": reissued(
        {
            **files_of(),
            "checkpoint.txt": files_of()["checkpoint.txt"].replace(
                b"\n13\n", b"\n14\n"
            ),
        }
    ),
    "a program that says all is well": write_zip(
        {**files_of(), "verify.py": b"print('SOUND')\n"}
    ),
    "a file that is no ZIP": b"PK\x03\x04 nothing of the kind" * 3,
    "a file that is cut off": PACK[:-30],
    "one bit of an event": PACK.replace(b"Parkzicht", b"Parkzichu", 1),
    "packed anew, deflated": packed_anew(files_of()),
    "packed anew, stored": packed_anew(files_of(), ZIP_STORED),
    "no event at all": reissued({**files_of(), "events.jsonl": b""}),
    "white space in an event": reissued(
        {
            **files_of(),
            "events.jsonl": files_of()["events.jsonl"].replace(b":", b": ", 1),
        }
    ),
    "nothing": b"",
}
"""By what is not true."""

FORGED_AND_DEFLATED: Final = packed_anew(
    changed("events.jsonl", lambda lines: lines[2]["data"].update(forged=1))
)
OLDER: Final = {size: LOG.published[size] for size in sorted(LOG.published)}


def large(events: int = 1_000, others: int = 7) -> bytes:
    """Return a sound pack of so many events, in a log with so many others between."""
    log = Log()
    log.record("polder:log", "log_started", {})
    log.record(STREAM, "dialogue_started", {"title": "Parkzicht"})
    for number in range(1, events):
        private = {"/response": f"Reactie {number}: é"} if number % 3 == 0 else None
        data: dict[str, Any] = {"items": [f"opdracht.punt-{number}"], "round": 1}
        data |= {"response": None} if private else {}
        log.record(STREAM, "response_recorded", data, private)
        for other in range(others):
            name = f"gemeente-waterdam:plan-{other}"
            log.record(name, "items_completed", {"items": ["opdracht.scope"]})
    log.publish()
    return write_pack(log.contents(), KEY)

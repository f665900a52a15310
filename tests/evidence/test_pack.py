"""A pack is the same bytes for the same input, and holds what the page names."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import verify
from evidence.census import Head, census_data, heads_root, in_order, prove_head
from evidence.errors import OutsideTree
from evidence.pack import write_pack
from evidence.readme import readme
from evidence.tree import leaf_hash, node_hash, verify_inclusion
from tests.evidence.logs import (
    CONTENTS,
    KEY,
    LOG,
    OTHER,
    PACK,
    STREAM,
    VKEY,
    files_of,
    small_log,
)

FILES = files_of()


def test_the_same_input_gives_the_same_bytes() -> None:
    """Two packs of equal logs are equal, also when things come in another order."""
    assert write_pack(small_log().contents(), KEY) == PACK
    shuffled = replace(
        CONTENTS,
        openings=list(CONTENTS.openings)[::-1],
        consistency=dict(sorted(CONTENTS.consistency.items(), reverse=True)),
    )
    assert write_pack(shuffled, KEY) == PACK


def test_the_files_are_those_of_the_page() -> None:
    """Each file once, stored, sorted by name, dated 1980-01-01, and nothing else."""
    with ZipFile(BytesIO(PACK)) as archive:
        entries = archive.infolist()
        assert archive.comment == b""
    names = [entry.filename for entry in entries]
    assert names == sorted(names) == list(verify.MEMBERS)
    for entry in entries:
        assert entry.compress_type == ZIP_STORED
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.extra, entry.comment, entry.flag_bits) == (b"", b"", 0)
    (end,) = struct.unpack("<L", PACK[-6:-2])
    assert PACK[end : end + 4] == b"PK\1\2"


def test_lines_end_as_the_page_says() -> None:
    """JSON has no trailing newline, each line of JSONL and each text has one."""
    for name, content in FILES.items():
        assert content.endswith(b"\n") != name.endswith(".json")
        assert not content.endswith(b"\n\n")
        assert b"\r" not in content


def test_the_manifest_names_everything() -> None:
    """pack.json holds exactly the members of the page, and the hash of each file."""
    manifest = json.loads(FILES["pack.json"])
    point = CONTENTS.checkpoint
    hashed = {name: sha256(data).hexdigest() for name, data in FILES.items()}
    del hashed["pack.json"], hashed["pack.note"]
    assert manifest == {
        "checkpoint": {"root": b64encode(point.root).decode(), "size": 13},
        "counts": {
            "dialogue_started": 1,
            "items_completed": 2,
            "items_waived": 1,
            "personal_data_erased": 1,
            "response_recorded": 1,
        },
        "created_at": "2026-11-22T09:00:00.000000Z",
        "created_by": "a-1",
        "files": hashed,
        "first_seq": 1,
        "format": "polder-pack/1",
        "last_seq": 6,
        "stream": STREAM,
        "withheld": [],
    }


def test_the_verifier_goes_along_as_it_is() -> None:
    """The verify.py in a pack is the file that Polder itself calls."""
    assert FILES["verify.py"] == Path(verify.__file__).read_bytes()


def test_the_readers_are_told_in_two_languages() -> None:
    """The explanations name the dialogue, the figures, and what is not proved."""
    for name, limits in [
        ("README.md", "## What it does not cover"),
        ("LEESMIJ.md", "## Wat niet wordt gecontroleerd"),
    ]:
        text = FILES[name].decode()
        assert STREAM in text
        assert limits in text
        assert "{" not in text
        assert max(map(len, text.splitlines())) <= 88


@pytest.mark.parametrize(
    ("stream", "english", "dutch"),
    [
        (STREAM, "of one dialogue", "van één dialoog"),
        ("org:waterdam", "an organisation's own stream", "reeks van een organisatie"),
        ("polder:log", "the log's own stream", "reeks van het logboek"),
    ],
)
def test_the_readers_are_told_what_it_is_of(
    stream: str, english: str, dutch: str
) -> None:
    """Polder's own streams are no dialogues."""
    contents = replace(CONTENTS, stream=stream)
    for lang, words, other in (("en", english, "dialog"), ("nl", dutch, "dialoog")):
        text = readme(contents, lang).decode()
        assert words in text
        assert max(map(len, text.splitlines())) <= 88
        assert stream == STREAM or other not in text.lower()


def test_every_stream_can_be_packed() -> None:
    """A pack of another stream, and of the log itself, is sound as well."""
    for stream in (OTHER, "polder:log"):
        contents = LOG.contents(stream)
        if stream == "polder:log":
            # The census is the event after the last that it speaks for.
            contents = replace(
                contents, bodies=contents.bodies[:-1], places=contents.places[:-1]
            )
        report = verify.examine(write_pack(contents, KEY), [VKEY])
        assert (report.verdict, report.failures) == (0, [])


def test_an_unreadable_event_can_be_packed_and_is_found() -> None:
    """What the record holds goes into the pack, so that the reader sees it."""
    for body in (b"{", b"[]", b'{"type":1}', b"\xff"):
        bodies = [*CONTENTS.bodies[:2], body, *CONTENTS.bodies[3:]]
        report = verify.examine(
            write_pack(replace(CONTENTS, bodies=bodies), KEY), [VKEY]
        )
        assert report.verdict == 1
        assert (3, "events.jsonl") in {(one.seq, one.file) for one in report.failures}


heads = st.builds(
    Head,
    st.from_regex(r"[a-z0-9][a-z0-9-]{1,5}:[a-z0-9][a-z0-9-]{1,5}", fullmatch=True),
    st.integers(1, 1_000),
    st.binary(min_size=32, max_size=32).map(bytes.hex),
)


def test_the_heads_have_the_root_of_the_page() -> None:
    """Two heads written out by hand, sorted by name: their root is that of the page."""
    first = leaf_hash(b'["aa:bb",3,"' + b"ab" * 32 + b'"]')
    second = leaf_hash(b'["aa:bc",1,"' + b"cd" * 32 + b'"]')
    pair = [Head("aa:bc", 1, "cd" * 32), Head("aa:bb", 3, "ab" * 32)]
    assert heads_root(pair) == node_hash(first, second)
    assert census_data(4, pair) == {
        "events": 4,
        "heads_root": node_hash(first, second).hex(),
        "streams": 2,
    }


def test_streams_sort_by_their_bytes() -> None:
    """The order is that of the bytes: a dash before digits, digits before letters."""
    names = ["a-b:x", "a0:x", "a:x", "ab:x"]
    ordered = in_order(Head(name, 1, "") for name in reversed(names))
    assert [head.stream for head in ordered] == sorted(names, key=str.encode)


@given(st.lists(heads, min_size=1, max_size=40, unique_by=lambda head: head.stream))
def test_every_head_is_proved(every: list[Head]) -> None:
    """Each head of a census can be shown without the others."""
    root = heads_root(every)
    for head in every:
        shown = prove_head(every, head.stream)
        assert shown.head == head
        place = (shown.head_index, len(every), shown.proof)
        assert verify_inclusion(head.leaf(), *place, root)


def test_a_stream_without_events_has_no_head() -> None:
    """What the census does not know can't be shown."""
    with pytest.raises(OutsideTree):
        prove_head([Head(STREAM, 1, "ab" * 32)], OTHER)

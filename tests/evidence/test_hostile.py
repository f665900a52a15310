"""Whatever file is put before the verifier, it answers: not sound, without a fuss."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.pack import write_zip
from evidence.verify import MEMBERS, Report, examine, main
from tests.evidence.logs import PACK, VKEY, Files, files_of, reissued

FILES = files_of()
DATE = (1980, 1, 1, 0, 0, 0)


def judged(pack: bytes) -> Report:
    """Return the report of a reader with the key."""
    return examine(pack, [VKEY])


def zipped(
    files: list[tuple[str, bytes]],
    method: int = ZIP_STORED,
    date: tuple[int, int, int, int, int, int] = DATE,
) -> bytes:
    """Return a ZIP with these entries as they are, in this order."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(ZipInfo(name, date), data, method)
    return out.getvalue()


ENTRIES = sorted(FILES.items())
END = len(PACK) - 22
(DIRECTORY,) = struct.unpack("<L", PACK[-6:-2])


def patched(place: int, *values: int, form: str = "<H") -> bytes:
    """Return the pack with numbers written over at a place."""
    data = bytearray(PACK)
    for value in values:
        struct.pack_into(form, data, place, value)
        place += struct.calcsize(form)
    return bytes(data)


def strange_files() -> Iterator[tuple[str, bytes]]:
    """Yield what is no pack, each with what it is."""
    yield "nothing", b""
    yield "text", b"hello"
    yield "zeros", bytes(100_000)
    yield "cut", PACK[:-1]
    yield "half", PACK[: len(PACK) // 2]
    yield "behind", PACK + b"\0"
    yield "before", b"#!/bin/sh\n" + PACK
    yield "a comment", PACK[:-2] + b"\1\0x"
    yield "empty archive", zipped([])
    yield "one file less", zipped(ENTRIES[:-1])
    yield "one file more", zipped([*ENTRIES, ("z", b"")])
    yield "a file twice", zipped_twice()
    yield "another order", zipped(ENTRIES[::-1])
    yield "upwards", zipped([("../" + n, d) for n, d in ENTRIES])
    yield "in a folder", zipped([("pack/" + n, d) for n, d in ENTRIES])
    yield "rooted", zipped([("/" + n, d) for n, d in ENTRIES])
    yield "other names", zipped([(n.upper(), d) for n, d in ENTRIES])
    yield "compressed", zipped(ENTRIES, ZIP_DEFLATED)
    yield "a bomb", bomb()
    yield "another date", zipped(ENTRIES, date=(1980, 1, 1, 0, 0, 2))
    yield "encrypted", patched(DIRECTORY + 8, 1)
    yield "two disks", patched(END + 4, 1)
    yield "many entries", patched(END + 8, 0xFFFF, 0xFFFF)
    yield "no directory", patched(END + 16, 0, form="<L")
    yield "a far directory", patched(END + 16, 0xFFFFFFFF, form="<L")
    yield "a long directory", patched(END + 12, 0xFFFFFFFF, form="<L")
    yield "an entry elsewhere", patched(DIRECTORY + 42, 7, form="<L")
    yield "a long entry", patched(DIRECTORY + 20, *[0xFFFFFFF0] * 2, form="<L")
    yield "a long name", patched(DIRECTORY + 28, 0xFFFF)
    yield "a long extra", patched(DIRECTORY + 30, 0xFFFF)
    yield "another checksum", patched(DIRECTORY + 16, 1, form="<L")
    yield "another name inside", PACK.replace(b"README.md", b"README.MD", 1)
    yield "another method inside", patched(8, 8)
    yield "another size inside", patched(18, 1, 1, form="<L")
    yield "another checksum inside", patched(14, 1, form="<L")


def zipped_twice() -> bytes:
    """Return a ZIP in which one name stands twice, and another is missing."""
    names = [name for name, _ in ENTRIES]
    data = zipped([(n.replace("pack.note", "pack.jsoX"), d) for n, d in ENTRIES])
    assert "pack.json" in names
    return data.replace(b"pack.jsoX", b"pack.json")


def bomb() -> bytes:
    """Return a ZIP whose entry would unpack to a gigabyte."""
    squeezed = zlib.compress(bytes(1 << 24), 9)[2:-4]
    data = zipped([*ENTRIES[:-1], ("verify.py", squeezed)])
    place = data.rindex(b"PK\1\2")
    at = bytearray(data)
    struct.pack_into("<H", at, place + 10, 8)
    struct.pack_into("<L", at, place + 24, 1 << 30)
    return bytes(at)


STRANGE = dict(strange_files())


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_is_not_sound(name: str) -> None:
    """Each is refused as a whole, before anything in it is believed."""
    report = judged(STRANGE[name])
    assert (report.verdict, [one.check for one in report.failures]) == (1, ["pack"])


def test_the_ways_others_write_a_zip_are_read() -> None:
    """Attributes, versions, name flags and sizes behind the data are the writer's."""
    assert judged(zipped(ENTRIES)).verdict == 0
    assert judged(streamed(signed=True)).verdict == 0
    assert judged(streamed(signed=False)).verdict == 0


def streamed(*, signed: bool) -> bytes:
    """Return the pack as a program writes it that learns sizes afterwards."""
    body, directory = b"", b""
    for name, data in ENTRIES:
        crc, size, offset = zlib.crc32(data), len(data), len(body)
        head = (20, 0x0808, 0, 0, 0x21)
        length = (len(name), 0)
        body += struct.pack("<4s5H3L2H", b"PK\3\4", *head, 0, 0, 0, *length)
        body += name.encode() + data + (b"PK\7\x08" if signed else b"")
        body += struct.pack("<3L", crc, size, size)
        entry = (*head, crc, size, size, *length, 0, 0, 0, 0, offset)
        directory += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *entry) + name.encode()
    count = len(ENTRIES)
    end = (0, 0, count, count, len(directory), len(body), 0)
    return body + directory + struct.pack("<4s4H2LH", b"PK\5\6", *end)


HOSTILE = {
    "nothing": b"",
    "null": b"null",
    "NaN": b"NaN",
    "infinity": b"[-Infinity]",
    "a fraction": b"[1.0]",
    "an exponent": b"[1e3]",
    "a huge number": b"[" + b"9" * 100_000 + b"]",
    "2^53": b"[9007199254740992]",
    "minus zero": b"[-0]",
    "a member twice": b'{"a":1,"a":1}',
    "a lone surrogate": b'["\\ud800"]',
    "a surrogate as bytes": b'["\xed\xa0\x80"]',
    "no UTF-8": b'["\xff"]',
    "a zero sign": b'["\\u0000"]',
    "a mark in front": b"\xef\xbb\xbf[]",
    "space": b"[ ]",
    "depth": b"[" * 65 + b"]" * 65,
    "great depth": b"[" * 200_000 + b"]" * 200_000,
    "depth of objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "unordered": b'{"b":1,"a":1}',
    "ordered by code point": '{"\uffee":1,"\U0001f600":1}'.encode(),
    "escaped for nothing": b'["\\/"]',
    "capitals": b'["\\u001F"]',
    "a carriage return": b"[]\r",
    "two values": b"[][]",
    "an open end": b'{"a":',
    "a string": b'"x"',
    "an empty object": b"{}",
}


@pytest.mark.parametrize("name", [n for n in MEMBERS if n.endswith(".json")])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_json_is_not_sound(name: str, kind: str) -> None:
    """Whatever stands for a JSON file, the issuer vouching for it: not sound."""
    files = {**FILES, name: HOSTILE[kind]}
    pack = write_zip(files) if name == "pack.json" else reissued(files)
    assert judged(pack).verdict == 1


@pytest.mark.parametrize("name", [n for n in MEMBERS if n.endswith(".jsonl")])
@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_lines_are_not_sound(name: str, kind: str) -> None:
    """As the first line, as the last, without an end: not sound, and named."""
    content, line = FILES[name], HOSTILE[kind] + b"\n"
    for changed in (line + content, content + line, content + line[:-1] + b"\n\n"):
        report = judged(reissued({**FILES, name: changed}))
        assert report.verdict == 1
        assert name in {one.file for one in report.failures}


@pytest.mark.parametrize("name", [n for n in MEMBERS if n.endswith(".jsonl")])
def test_only_one_sign_ends_a_line(name: str) -> None:
    """Carriage returns, missing ends and empty lines are another form."""
    content = FILES[name]
    for changed in (
        content.replace(b"\n", b"\r\n"),
        content.replace(b"\n", b"\r"),
        content[:-1],
        content + b"\n",
        b"\n" + content,
        content.replace(b"\n", "\u2028".encode(), 1),
    ):
        assert judged(reissued({**FILES, name: changed})).verdict == 1


def nested(path: str, value: bytes) -> Files:
    """Return files in which a value stands in an event's data."""
    events = FILES["events.jsonl"].replace(
        b'"title":"Parkzicht', value + b',"title":"', 1
    )
    assert events != FILES["events.jsonl"], path
    return {**FILES, "events.jsonl": events}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_values_in_an_event_are_not_sound(kind: str) -> None:
    """Deep in an event, it is not sound either."""
    files = nested(kind, b'"aaa":' + HOSTILE[kind])
    assert judged(reissued(files)).verdict == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(data: bytes) -> None:
    """Random bytes, and a pack that ends or begins with them, are not sound."""
    assert judged(data).verdict == 1
    assert judged(data + PACK).verdict == (1 if data else 0)
    assert judged(PACK + data).verdict == (1 if data else 0)


@given(st.sampled_from(MEMBERS), st.binary(max_size=300))
def test_any_content_is_judged(name: str, data: bytes) -> None:
    """Random bytes in the place of any file are not sound."""
    assert judged(write_zip({**FILES, name: data})).verdict == 1


def test_the_command_line_never_shows_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Absent files are 3, wrong commands 2, and what can't be read is not sound."""
    folder = str(tmp_path)
    place = f"{folder}/p.zip"
    Path(place).write_bytes(PACK)
    assert main([place, "--key", VKEY]) == 0
    assert main([folder, "--key", VKEY]) == 1
    assert main([place, "--key", VKEY, "--since", folder]) == 1
    assert main([f"{folder}/none.zip", "--key", VKEY]) == 3
    assert main([place, "--key", VKEY, "--since", f"{folder}/none"]) == 3
    assert main([place]) == 6
    for wrong in (
        [],
        [place, "--key", "nonsense"],
        [place, "--key", "nul\0"],
        [place, "--key", folder],
        [place, "--key", place],
        [place, "--key", VKEY, "--quorum", "1"],
        [place, "--key", VKEY, "--quorum", "x"],
        [place, "--key", VKEY, "--lang", "fr"],
    ):
        with pytest.raises(SystemExit) as left:
            main(wrong)
        assert left.value.code == 2
    assert "Traceback" not in capsys.readouterr().err

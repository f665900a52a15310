"""Check an evidence pack of Polder with nothing but Python: no network, no database.

    python verify.py PACK --key VKEY [--since OLD_CHECKPOINT] [--witness VKEY] [--json]

PACK is a pack, or the proof of one event. VKEY is the public key of the log, as text or
as a file. Get it from somewhere else than the pack: a key that comes with a pack proves
nothing. OLD_CHECKPOINT is a checkpoint of the same log that you kept from before: with
it you learn that nothing of what it covered has been changed since.

The exit code is the verdict: 0 sound, 1 not sound, 6 can't be decided; 2 when the
command is wrong, 3 when a file is not there. The format is that of "The format of the
record" in Polder's documentation; each check below is named there. This file stands
alone on purpose (Python 3.9 or later), so that it can travel with a pack and be read
in one go. It is part of Polder, under the EUPL 1.2.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, cast

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except Exception:  # noqa: BLE001 - absent or broken: the check below needs neither
    InvalidSignature = Ed25519PublicKey = None

SOUND, NOT_SOUND, UNDECIDED = 0, 1, 6
WRONG_COMMAND, NOT_FOUND = 2, 3

FORMAT = "polder-pack/1"
PROOF_FORMAT = "polder-proof/1"
MAX_PACK = 1 << 30
"""A larger file, in bytes, is not read."""
MAX_TOLD = 100
"""So many findings are listed; more are counted."""

Json = Any
Object = dict[str, Any]


# ---------------------------------------------------------------- what is found


class Finding(NamedTuple):
    """One thing that is wrong, or can't be decided."""

    check: str
    """The name of the check, as in the documentation."""
    file: str
    """The member of the pack that it concerns; empty for the pack itself."""
    stream: str | None
    seq: int | None
    """The number of the event, where it concerns one."""
    text: str
    """What is wrong, in English, with places for ``facts``."""
    facts: tuple[Any, ...]

    def told(self, lang: str = "en") -> str:
        """Return what is wrong, in words, with nothing a terminal would obey."""
        return translated(self.text, lang).format(*map(plain, self.facts))


class Wrong(Exception):
    """A check fails; the rest of what it stands in can't be checked."""

    def __init__(self, check: str, text: str, *facts: Any) -> None:  # noqa: ANN401
        super().__init__(check, text, facts)
        self.check, self.text, self.facts = check, text, facts


class BadKey(ValueError):
    """The text is no verifier key, or one that must not be trusted."""


def plain(fact: object) -> str:
    """Return a fact from a pack as short, printable text."""
    text = str(fact)
    text = text if len(text) <= 100 else text[:99] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


# ---------------------------------------------------------------- values

HASH = re.compile(r"[0-9a-f]{64}")
PART = r"[a-z0-9][a-z0-9-]{1,62}"
STREAM = re.compile(
    # Of `polder` there is one stream, and neither it nor `org` is an organisation.
    rf"polder:log|org:(?!(?:org|polder)\Z){PART}|(?!(?:org|polder):){PART}:{PART}"
)
EVENT_ID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z", re.ASCII)
ZERO_HASH = "0" * 64
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 64


def unbase64(text: object, length: int) -> bytes:
    """Read strict base64 of so many bytes; raises ``ValueError``."""
    if isinstance(text, str) and len(text) == (length + 2) // 3 * 4:
        raw = base64.b64decode(text.encode(), validate=True)
        if len(raw) == length and base64.b64encode(raw).decode() == text:
            return raw
    raise ValueError


def is_int(value: object) -> bool:
    """Tell whether a JSON value is an integer, which true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_count(value: object) -> bool:
    """Tell whether a JSON value is an integer of 1 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def is_index(value: object) -> bool:
    """Tell whether a JSON value is an integer of 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_text(value: object) -> bool:
    """Tell whether a JSON value is a string with something in it."""
    return isinstance(value, str) and value != ""


def is_text_or_null(value: object) -> bool:
    """Tell whether a JSON value is null or a string with something in it."""
    return value is None or is_text(value)


def is_hash(value: object) -> bool:
    """Tell whether a JSON value is 64 lower-case hex digits."""
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def is_stream(value: object) -> bool:
    """Tell whether a JSON value is the name of a stream."""
    return isinstance(value, str) and STREAM.fullmatch(value) is not None


def is_object(value: object) -> bool:
    """Tell whether a JSON value is an object."""
    return isinstance(value, dict)


def is_object_or_null(value: object) -> bool:
    """Tell whether a JSON value is null or an object."""
    return value is None or isinstance(value, dict)


def is_list(value: object) -> bool:
    """Tell whether a JSON value is an array."""
    return isinstance(value, list)


def is_anything(_value: object) -> bool:
    """Tell that any JSON value will do."""
    return True


def is_root(value: object) -> bool:
    """Tell whether a JSON value is 32 bytes in base64."""
    try:
        return bool(unbase64(value, 32))
    except ValueError:
        return False


def is_instant(value: object) -> bool:
    """Tell whether a JSON value is an instant in UTC with microseconds."""
    match = INSTANT.fullmatch(value) if isinstance(value, str) else None
    try:
        return match is not None and bool(datetime.fromisoformat(match[1]))
    except ValueError:
        return False


def is_event_id(value: object) -> bool:
    """Tell whether a JSON value is a UUID of version 5."""
    return isinstance(value, str) and EVENT_ID.fullmatch(value) is not None


Shape = dict[str, Callable[[object], bool]]


def has_shape(value: object, shape: Shape) -> bool:
    """Tell whether a value is an object with exactly these members."""
    return (
        isinstance(value, dict)
        and cast("Object", value).keys() == shape.keys()
        and all(holds(cast("Object", value)[name]) for name, holds in shape.items())
    )


# ---------------------------------------------------------------- canonical JSON


def pairs(members: list[tuple[str, Json]]) -> Object:
    """Make an object, and refuse a member that comes twice."""
    made = dict(members)
    if len(made) != len(members):
        raise ValueError
    return made


def integer(digits: str) -> int:
    """Read an integer that JSON readers agree on."""
    if len(digits) > len(str(-MAX_INTEGER)) or abs(int(digits)) > MAX_INTEGER:
        raise ValueError
    return int(digits)


def no_number(_text: str) -> NoReturn:
    """Refuse fractions, exponents, NaN and infinity."""
    raise ValueError


decode = json.JSONDecoder(
    object_pairs_hook=pairs,
    parse_int=integer,
    parse_float=no_number,
    parse_constant=no_number,
).decode
encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")
).encode
encode_sorted = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":")
).encode


def by_utf16(name: str) -> bytes:
    """Return what JCS sorts names by: their UTF-16 units."""
    return name.encode("utf-16-be", "surrogatepass")


def in_order(value: object, depth: int = 0) -> Json:
    """Sort the members of all objects; refuse what goes too deep, and U+0000."""
    if isinstance(value, (dict, list)) and depth >= MAX_DEPTH:
        raise ValueError
    if isinstance(value, str) and "\x00" in value:
        raise ValueError
    if isinstance(value, list):
        return [in_order(one, depth + 1) for one in cast("list[object]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        names = sorted(members, key=by_utf16)
        return {in_order(name): in_order(members[name], depth + 1) for name in names}
    return value


def canonical(value: Json) -> bytes:
    """Return the canonical bytes of a value (RFC 8785); raises ``ValueError``."""
    return encode(in_order(value)).encode()


def is_plain(data: bytes) -> bool:
    """Tell whether JSON surely has neither depth nor signs that need a closer look.

    Names in ASCII sort by code point as they do by UTF-16 unit.
    """
    shallow = data.count(b"{") + data.count(b"[") <= MAX_DEPTH
    return shallow and data.isascii() and b"\\u" not in data


def read_json(data: bytes) -> Json:
    """Read canonical bytes, and no others; raises ``Wrong``."""
    try:
        value = decode(data.decode())
        if (
            encode_sorted(value).encode() if is_plain(data) else canonical(value)
        ) == data:
            return value
    except (ValueError, RecursionError):
        pass
    raise Wrong("canonical", "this is not JSON in canonical form")


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of a file in which each ends with 0x0A; raises ``Wrong``."""
    if not data:
        return []
    if not data.endswith(b"\n"):
        raise Wrong("malformed", "the last line does not end")
    return data[:-1].split(b"\n")


# ---------------------------------------------------------------- Ed25519, RFC 8032
#
# Written out for who has Python only. S lies below the group's order, the equation is
# checked without cofactor over the bytes of R as they stand, and a public key that is
# not canonical, not on the curve or of small order is refused. With the library that
# checks the same equation the verdict is the same, sooner.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]


def add(p: Point, q: Point) -> Point:
    """Add two points in extended coordinates (RFC 8032 §5.1.4)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def decompress(encoded: bytes) -> Point:
    """Return the point that 32 bytes stand for; raises ``ValueError``."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= P:
        raise ValueError
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P or (x == 0 and sign):
        raise ValueError
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def compress(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


IDENTITY: Point = (0, 1, 1, 0)
BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache
def usable(public: bytes) -> bool:
    """Tell whether only its owner can sign under a public key."""
    try:
        point = decompress(public)
    except ValueError:
        return False
    for _ in range(3):
        point = add(point, point)
    return bool(point[0] % P or (point[1] - point[2]) % P)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature holds, with integers alone."""
    s = int.from_bytes(signature[32:], "little")
    try:
        x, y, z, t = decompress(public)
    except ValueError:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(hashed, "little") % L
    minus = (P - x, y, z, P - t)
    # [S]B − [h]A in one pass over the bits of both.
    sums = (IDENTITY, BASE, minus, add(BASE, minus))
    point = IDENTITY
    for bit in range(255, -1, -1):
        point = add(point, point)
        which = (s >> bit & 1) | (h >> bit & 1) << 1
        point = add(point, sums[which]) if which else point
    return compress(point) == signature[:32]


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature holds."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    if Ed25519PublicKey is None or InvalidSignature is None:
        return ed25519(public, message, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# ---------------------------------------------------------------- signed notes, C2SP

SIGNATURE, COSIGNATURE = 1, 4
MAX_SIGNATURES = 100
NAME = re.compile(r"[^\s+\x00-\x20\ud800-\udfff]+")
SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


class Key(NamedTuple):
    """A verifier key: whose, of which kind, and the public key."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first four bytes of a hash of all three."""
        told = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(told).digest()[:4]


def parse_key(text: str) -> Key:
    """Read ``name+id+base64(kind ‖ public key)``; raises ``BadKey``."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        raw = unbase64(encoded, 33)
    except ValueError:
        raise BadKey(text) from None
    key = Key(name, raw[0], raw[1:])
    if not NAME.fullmatch(name) or key.kind not in (SIGNATURE, COSIGNATURE):
        raise BadKey(text)
    if key.id.hex() != key_id or not usable(key.public):
        raise BadKey(text)
    return key


class Note(NamedTuple):
    """A text, and lines of name, key id and signature; not believed yet."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def parse_note(data: bytes) -> Note:
    """Read a signed note; raises ``Wrong``."""
    try:
        whole = data.decode()
        text, blank, below = whole.rpartition("\n\n")
        if not blank or below[-1:] != "\n" or re.search(r"[\x00-\x09\x0b-\x1f]", whole):
            raise ValueError
        lines = below[:-1].split("\n")
        if len(lines) > MAX_SIGNATURES:
            raise ValueError
        return Note(text + "\n", tuple(parse_signature(line) for line in lines))
    except ValueError:
        raise Wrong("malformed", "this is not a signed note") from None


def parse_signature(line: str) -> tuple[str, bytes, bytes]:
    """Read a signature line; raises ``ValueError``."""
    dash, name, encoded = line.split(" ")
    raw = base64.b64decode(encoded.encode(), validate=True)
    if dash != "—" or not NAME.fullmatch(name) or len(raw) <= 4:
        raise ValueError
    if base64.b64encode(raw).decode() != encoded:
        raise ValueError
    return name, raw[:4], raw[4:]


def signed_by(note: Note, key: Key) -> list[int | None]:
    """Return when ``key`` signed, for each line by it: None for a plain signature.

    Lines by other keys are ignored. Raises ``Wrong`` when one by this key fails.
    """
    times: list[int | None] = []
    for name, key_id, signature in note.signatures:
        if (name, key_id) != (key.name, key.id):
            continue
        message, at, bare = note.text.encode(), None, signature
        if key.kind == COSIGNATURE:
            at, bare = int.from_bytes(signature[:8], "big"), signature[8:]
            message = b"cosignature/v1\ntime %d\n" % at + message
        if (at or 0) >= 2**63 or not verifies(key.public, message, bare):
            raise Wrong("signature", "the signature of {} does not hold", name)
        times.append(at)
    return times


class Checkpoint(NamedTuple):
    """The log so far: so many leaves, with this root."""

    origin: str
    size: int
    root: bytes


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises ``Wrong``."""
    lines = text[:-1].split("\n")
    try:
        if len(lines) < 3 or not all(lines) or not SIZE.fullmatch(lines[1]):
            raise ValueError
        if int(lines[1]) > MAX_INTEGER or not re.match(r"polder/.", lines[0]):
            raise ValueError
        return Checkpoint(lines[0], int(lines[1]), unbase64(lines[2], 32))
    except ValueError:
        raise Wrong("malformed", "this is not a checkpoint") from None


# ---------------------------------------------------------------- Merkle, RFC 6962


def sha256(data: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return sha256(b"\x01" + left + right)


def root_of_path(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes]
) -> bytes | None:
    """Return the root that an audit path leads to, or None if it can't be one.

    RFC 9162 §2.1.3.2, which reads the path of RFC 6962 §2.1.1.
    """
    if not 0 <= index < size:
        return None
    left, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            return None
        if left & 1 or left == last:
            root = node_hash(sibling, root)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        left, last = left >> 1, last >> 1
    return root if last == 0 else None


def roots_of_consistency(
    old: int, new: int, seed: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Return the old and the new root that a proof leads to, or None.

    ``seed`` is what the way begins with: the old root where ``old`` is a power of two,
    the proof's first node (already taken from it) otherwise. RFC 9162 §2.1.4.2.
    """
    left, last = old - 1, new - 1
    while left & 1:
        left, last = left >> 1, last >> 1
    before = after = seed
    for sibling in proof:
        if last == 0 or len(sibling) != 32:
            return None
        if left & 1 or left == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while left and not left & 1:
                left, last = left >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        left, last = left >> 1, last >> 1
    return (before, after) if last == 0 else None


def is_power(number: int) -> bool:
    """Tell whether a number is a power of two."""
    return number & (number - 1) == 0


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the tree of ``old`` leaves is the beginning of that of ``new``."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if is_power(old):
        return roots_of_consistency(old, new, old_root, proof) == (old_root, new_root)
    if not proof or len(proof[0]) != 32:
        return False
    roots = roots_of_consistency(old, new, proof[0], proof[1:])
    return roots == (old_root, new_root)


def consistency_length(old: int, new: int) -> int:
    """Return how many nodes the proof from ``old`` to ``new`` has, no more, no less."""
    length, whole = 0, True
    while old != new:
        half = 1 << ((new - 1).bit_length() - 1)
        if old <= half:
            new = half
        else:
            old, new, whole = old - half, new - half, False
        length += 1
    return length if whole else length + 1


# ---------------------------------------------------------------- the ZIP
#
# Read strictly: stored files only, one after the other, with nothing between, before or
# behind them. So no bomb can go off, and no two readers can see different packs.

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
DOS_1980 = 0x21
DESCRIPTOR, UTF8_NAME = 0x0008, 0x0800

MEMBERS = (
    "LEESMIJ.md",
    "README.md",
    "census.json",
    "checkpoint.txt",
    "consistency.jsonl",
    "events.jsonl",
    "log.vkey",
    "openings.jsonl",
    "pack.json",
    "pack.note",
    "proofs.jsonl",
    "verify.py",
)
TEXTS = tuple(name for name in MEMBERS if ".json" not in name)


def need(condition: object, text: str, *facts: Any) -> None:  # noqa: ANN401
    """Raise ``Wrong`` unless the pack is what it should be."""
    if not condition:
        raise Wrong("pack", text, *facts)


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the files of a pack by name; raises ``Wrong``."""
    try:
        return dict(unzip(data))
    except (struct.error, UnicodeDecodeError):
        raise Wrong("pack", "this is not a readable ZIP file") from None


def unzip(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the files, in order, with their content."""
    need(len(data) >= END.size, "this is not a readable ZIP file")
    end = END.unpack(data[-END.size :])
    count, length, start = end[4], end[5], end[6]
    whole = end[0] == b"PK\5\6" and start + length + END.size == len(data)
    need(whole and end[1:3] == (0, 0), "this is not a readable ZIP file")
    need(end[3] == count == len(MEMBERS), "these are not the files of a pack")
    at, place = start, 0
    for name in MEMBERS:
        at, entry = central(data, at, name)
        need(entry.offset == place, "there is something between the files")
        content, place = local(data, entry)
        yield name, content
    need((place, at) == (start, start + length), "there is something between the files")


class Entry(NamedTuple):
    """What the directory of the ZIP says of a file."""

    name: str
    flags: int
    crc: int
    size: int
    offset: int


def central(data: bytes, at: int, name: str) -> tuple[int, Entry]:
    """Read the directory's entry at a place, which must be that of ``name``."""
    (mark, _, _, flags, method, time, day, crc, packed, size, named, extra, comment,
     _, _, _, offset) = CENTRAL.unpack_from(data, at)  # fmt: skip
    need(mark == b"PK\1\2", "this is not a readable ZIP file")
    at += CENTRAL.size
    found = data[at : at + named].decode("ascii", "replace")
    need(found == name, "these are not the files of a pack")
    need((method, packed) == (0, size), "{} is not stored as it is", name)
    need(not flags & ~(DESCRIPTOR | UTF8_NAME), "{} is not stored as it is", name)
    need((time, day, comment) == (0, DOS_1980, 0), "{} is not dated 1980-01-01", name)
    return at + named + extra, Entry(name, flags, crc, size, offset)


def local(data: bytes, entry: Entry) -> tuple[bytes, int]:
    """Return the content of a file, and where the next one begins."""
    (mark, _, flags, method, time, day, crc, packed, size, named, extra
     ) = LOCAL.unpack_from(data, entry.offset)  # fmt: skip
    at = entry.offset + LOCAL.size
    found = data[at : at + named].decode("ascii", "replace")
    start = at + named + extra
    end = start + entry.size
    told = (0, 0, 0) if flags & DESCRIPTOR else (entry.crc, entry.size, entry.size)
    same = (mark, flags, method) == (b"PK\3\4", entry.flags, 0) and found == entry.name
    same = same and (time, day) == (0, DOS_1980) and (crc, packed, size) == told
    need(same and end <= len(data), "{} is said to be two things", entry.name)
    content = data[start:end]
    need(zlib.crc32(content) == entry.crc, "{} is damaged", entry.name)
    if flags & DESCRIPTOR:
        behind = struct.pack("<3L", entry.crc, entry.size, entry.size)
        end += 4 if data[end : end + 4] == b"PK\7\x08" else 0
        need(data[end : end + 12] == behind, "{} is said to be two things", entry.name)
        end += 12
    return content, end


# ---------------------------------------------------------------- events

ACTOR: Shape = {"id": is_text, "role": is_text, "via": is_text_or_null}
MANDATE: Shape = {"stream": is_text, "seq": is_int, "hash": is_hash}


def is_actor(value: object) -> bool:
    """Tell whether a JSON value says who acted."""
    return has_shape(value, ACTOR)


def is_mandate(value: object) -> bool:
    """Tell whether a JSON value is null or names the event that gave authority."""
    return value is None or has_shape(value, MANDATE)


EVENT: Shape = {
    "v": is_int,
    "stream": is_stream,
    "seq": is_count,
    "prev": is_hash,
    "id": is_event_id,
    "type": is_text,
    "at": is_instant,
    "actor": is_actor,
    "mandate": is_mandate,
    "cause": is_text,
    "data": is_object,
    "private": is_object,
}


def event_hash(body: bytes) -> str:
    """Return the hash of an event's canonical bytes, in hex."""
    return hashlib.sha256(b"polder/event/v1\n" + body).hexdigest()


def commitment(salt: bytes, stream: str, subject: str, value: Json) -> str:
    """Return the commitment to a private value, in hex."""
    told = canonical([stream, subject, value])
    return hashlib.sha256(b"polder/field/v1\n" + salt + told).hexdigest()


def target(pointer: str, data: object) -> object:
    """Return what a JSON pointer (RFC 6901) leads to; raises ``ValueError``."""
    if not pointer.startswith("/") or re.search(r"~(?![01])", pointer):
        raise ValueError
    for token in pointer[1:].split("/"):
        if isinstance(data, dict):
            name = token.replace("~1", "/").replace("~0", "~")
            data = cast("Object", data)[name]
        elif isinstance(data, list) and re.fullmatch(r"0|[1-9][0-9]{0,15}", token):
            data = cast("list[object]", data)[int(token)]
        else:
            raise ValueError
    return data


def check_event(value: object) -> Object | None:
    """Return a well-formed event; None if its version is unknown; raises ``Wrong``."""
    if not isinstance(value, dict):
        raise Wrong("malformed", "an event is an object")
    event = cast("Object", value)
    version = event.get("v")
    if is_int(version) and version != 1:
        return None
    if event.keys() != EVENT.keys():
        raise Wrong("malformed", "the event does not have exactly its members")
    for name, holds in EVENT.items():
        if not holds(event[name]):
            raise Wrong("malformed", "the event's {} is not as it should be", name)
    for pointer, committed in event["private"].items():
        try:
            nothing = target(pointer, event["data"]) is None
        except (ValueError, LookupError):
            nothing = False
        if not nothing or not is_hash(committed):
            raise Wrong("private", "{} is no private field", pointer)
    return event


# ---------------------------------------------------------------- the examination

MANIFEST: Shape = {
    "checkpoint": lambda value: has_shape(value, {"root": is_root, "size": is_index}),
    "counts": is_object,
    "created_at": is_text,
    "created_by": is_text,
    "files": is_object,
    "first_seq": is_int,
    "format": is_text,
    "last_seq": is_count,
    "stream": is_stream,
    "withheld": is_list,
}
PROOF: Shape = {"leaf_index": is_index, "proof": is_list, "seq": is_int}
CENSUS: Shape = {
    "event": is_object,
    "head": is_list,
    "head_index": is_index,
    "head_proof": is_list,
    "leaf_index": is_index,
    "proof": is_list,
}
CENSUS_DATA: Shape = {"events": is_index, "heads_root": is_hash, "streams": is_count}
ERASURE: Shape = {"paths": is_list}
CONSISTENCY: Shape = {"from": is_count, "proof": is_list}
OPENING: Shape = {
    "path": is_text,
    "salt": is_root,
    "seq": is_count,
    "subject": is_text,
    "value": is_anything,
}

Field = tuple[int, str]
"""A private field: the number of its event, and the pointer."""


def nodes(proof: list[Json]) -> list[bytes]:
    """Read the hashes of a proof; raises ``Wrong``."""
    try:
        return [unbase64(node, 32) for node in proof]
    except ValueError:
        raise Wrong("malformed", "a node of the proof is not 32 bytes") from None


def is_field(value: object) -> bool:
    """Tell whether a JSON value names a private field: [seq, path]."""
    field = cast("list[object]", value) if isinstance(value, list) else []
    return len(field) == 2 and is_count(field[0]) and is_text(field[1])


class Examination:
    """One pack, checked part by part; a part that fails does not stop the others."""

    openings_file = "openings.jsonl"
    sound = "SOUND: nothing was changed or left out."

    def __init__(
        self,
        keys: Sequence[Key],
        since: bytes | None,
        witnesses: Sequence[Key],
        quorum: int,
    ) -> None:
        """Begin with what the reader brought along."""
        self.keys, self.since = keys, since
        self.witnesses, self.quorum = witnesses, quorum
        self.failures: list[Finding] = []
        self.undecided: list[Finding] = []
        self.files: dict[str, bytes] = {}
        self.manifest: Object = {}
        self.stream: str | None = None
        self.key: Key | None = None
        self.note: Note | None = None
        self.checkpoint: Checkpoint | None = None
        self.hashes: list[str | None] = []
        self.types: Counter[str] = Counter()
        self.mandates = 0
        self.place = -1
        self.unknown: set[int] = set()
        self.commitments: dict[Field, str] = {}
        self.erased: dict[Field, int] = {}
        self.opened: set[Field] = set()
        self.all_opened = False
        self.withheld: set[Field] = set()
        self.proofs: dict[int, list[bytes]] = {}
        self.cosigned: list[tuple[str, int | None]] = []
        self.compared: int | None = None

    def one_event(self) -> Object | None:
        """Return what the proof of one event is of; None for a pack."""
        return None

    def never_verified(self) -> Iterator[str]:
        """Yield what no verdict on a pack says."""
        yield from NEVER_VERIFIED

    def decided_in(self) -> str:
        """Name the stream in which the organisation says what it decided."""
        organisation, _, name = (self.stream or "").partition(":")
        return f"org:{name if organisation == 'org' else organisation}"

    def examine(self, pack: bytes) -> None:
        """Check a pack; what is found stands in ``failures`` and ``undecided``."""
        self.part("", self.open, pack)
        if not self.files:
            return
        self.part("log.vkey", self.check_key)
        self.part("pack.json", self.check_manifest)
        self.part("pack.note", self.check_issuer)
        self.part("", self.check_files)
        if self.manifest.get("format") not in (None, FORMAT):
            return
        self.part("", self.check_texts)
        self.part("checkpoint.txt", self.check_checkpoint)
        self.part("events.jsonl", self.check_events)
        self.part("pack.json", self.check_summary)
        self.part("proofs.jsonl", self.check_proofs)
        self.part("census.json", self.check_census)
        self.part("consistency.jsonl", self.check_consistency)
        self.part("openings.jsonl", self.check_openings)
        self.part("pack.json", self.check_withheld)
        self.part("events.jsonl", self.check_accounts)
        self.part("checkpoint.txt", self.check_witnesses)
        self.part("", self.check_since)

    def part(
        self,
        file: str,
        check: Callable[..., object],
        *given: Any,  # noqa: ANN401
        seq: int | None = None,
    ) -> None:
        """Run one part; what it raises is a failure of that part."""
        try:
            check(*given)
        except Wrong as wrong:
            self.fail(file, seq, wrong.check, wrong.text, *wrong.facts)
        except Exception as error:  # noqa: BLE001 - what can't be read isn't sound
            text = "this can't be read ({})"
            self.fail(file, seq, "malformed", text, type(error).__name__)

    def fail(
        self,
        file: str,
        seq: int | None,
        check: str,
        text: str,
        *facts: Any,  # noqa: ANN401
    ) -> None:
        """Note that something is wrong."""
        self.failures.append(Finding(check, file, self.stream, seq, text, facts))

    def leave(
        self,
        file: str,
        seq: int | None,
        check: str,
        text: str,
        *facts: Any,  # noqa: ANN401
    ) -> None:
        """Note that something can't be decided."""
        self.undecided.append(Finding(check, file, self.stream, seq, text, facts))

    # The pack as such.

    def open(self, pack: bytes) -> None:
        """The pack is a ZIP file with exactly the files of a pack."""
        self.files = read_zip(pack)

    def check_key(self) -> None:
        """The key in the pack is one that the reader has from elsewhere."""
        text = self.files["log.vkey"].decode("utf-8", "replace")
        try:
            self.key = parse_key(text[:-1])
        except BadKey:
            raise Wrong("key", "this is no key") from None
        if self.key.kind != SIGNATURE or text[-1:] != "\n":
            self.key = None
            raise Wrong("key", "this is no key")
        if not self.keys:
            text = "no key was given: who made this pack can't be decided"
            self.leave("log.vkey", None, "key", text)
        elif self.key not in self.keys:
            raise Wrong("key", "the pack is by {}, which is not a key given", text[:-1])

    def check_manifest(self) -> None:
        """``pack.json`` says what the pack is."""
        manifest: Object = read_json(self.files["pack.json"])
        if not is_object(manifest) or not is_text(manifest.get("format")):
            raise Wrong("malformed", "the members are not as they should be")
        if manifest["format"] != FORMAT:
            self.manifest = manifest
            text = "the format {} is not known to this program"
            self.leave("pack.json", None, "version", text, manifest["format"])
        elif not has_shape(manifest, MANIFEST):
            raise Wrong("malformed", "the members are not as they should be")
        else:
            self.manifest, self.stream = manifest, manifest["stream"]

    def check_issuer(self) -> None:
        """The issuer's note, with one signature, is over this very ``pack.json``."""
        note = parse_note(self.files["pack.note"])
        hashed = hashlib.sha256(self.files["pack.json"]).hexdigest()
        named = {FORMAT, str(self.manifest.get("format", FORMAT))}
        if note.text not in {f"{name}\n{hashed}\n" for name in named}:
            raise Wrong("issuer", "the note is over another pack.json")
        if len(note.signatures) != 1:
            raise Wrong("issuer", "the note must have one signature")
        if self.key is not None and not signed_by(note, self.key):
            raise Wrong("issuer", "the note is not signed by the log's key")

    def check_files(self) -> None:
        """Every file is the one that ``pack.json`` names."""
        said = self.manifest.get("files")
        if not isinstance(said, dict):
            return
        others = set(MEMBERS) - {"pack.json", "pack.note"}
        if said.keys() != others:
            self.fail("pack.json", None, "files", "not exactly the files are named")
        for name in sorted(others & said.keys()):
            if said[name] != hashlib.sha256(self.files[name]).hexdigest():
                text = "{} is not the file that pack.json names"
                self.fail(name, None, "files", text, name)

    def check_texts(self) -> None:
        """Texts end with one newline."""
        for name in TEXTS:
            content = self.files[name]
            if content[-1:] != b"\n" or content[-2:] == b"\n\n":
                self.fail(name, None, "malformed", "a text ends with one newline")

    def check_checkpoint(self) -> None:
        """The checkpoint is signed by the log's key, and is the one announced."""
        note = parse_note(self.files["checkpoint.txt"])
        checkpoint = parse_checkpoint(note.text)
        if self.key is not None:
            if checkpoint.origin != self.key.name:
                raise Wrong("checkpoint", "it is of another log: {}", checkpoint.origin)
            if not signed_by(note, self.key):
                raise Wrong("checkpoint", "it is not signed by the log's key")
        self.note, self.checkpoint = note, checkpoint
        said = self.manifest.get("checkpoint")
        root = base64.b64encode(checkpoint.root).decode()
        if said is not None and said != {"root": root, "size": checkpoint.size}:
            raise Wrong("checkpoint", "pack.json names another checkpoint")

    # The events.

    def check_events(self) -> None:
        """Every event is well formed, and names the one before it."""
        bodies = lines_of(self.files["events.jsonl"])
        if not bodies:
            raise Wrong("head", "there is not one event")
        before: str | None = ZERO_HASH
        for seq, body in enumerate(bodies, 1):
            self.hashes.append(event_hash(body))
            self.part("events.jsonl", self.check_link, seq, body, before, seq=seq)
            before = self.hashes[-1]

    def check_link(self, seq: int, body: bytes, before: str | None) -> None:
        """Check one event, and its place in the chain."""
        event = check_event(read_json(body))
        if event is None:
            # How an event of another version is hashed is not for this program to say.
            self.hashes[-1] = None
            self.unknown.add(seq)
            text = "the event is of a version that this program does not know"
            self.leave("events.jsonl", seq, "version", text)
            return
        self.types[event["type"]] += 1
        where = ("events.jsonl", seq)
        if self.stream is not None and event["stream"] != self.stream:
            text = "the event says it belongs to {}"
            self.fail(*where, "stream", text, event["stream"])
        if event["seq"] != seq:
            self.fail(*where, "seq", "the event says it is number {}", event["seq"])
        if before is not None and event["prev"] != before:
            self.fail(*where, "prev", "the event does not name the one before it")
        for pointer, committed in event["private"].items():
            self.commitments[seq, pointer] = committed
        self.mandates += event["mandate"] is not None
        if event["type"] == "personal_data_erased":
            self.note_erasure(seq, event["data"])

    def note_erasure(self, seq: int, data: Object) -> None:
        """Check an erasure: it names private fields of events before it."""
        if not has_shape(data, ERASURE):
            raise Wrong("erasure", "the erasure is not as it should be")
        for path in data["paths"]:
            if not is_field(path) or path[0] >= seq:
                raise Wrong("erasure", "the erasure is not as it should be")
            field = (path[0], path[1])
            if field not in self.commitments and field[0] not in self.unknown:
                raise Wrong(
                    "erasure", "{} of event {} is no private field", *path[::-1]
                )
            self.erased[field] = seq

    def check_summary(self) -> None:
        """``pack.json`` counts what is there."""
        if not self.manifest:
            return
        if self.manifest["first_seq"] != 1:
            self.fail("pack.json", None, "head", "a pack begins with event 1")
        if self.manifest["last_seq"] != len(self.hashes):
            text = "{} events are announced, {} are there"
            facts = (self.manifest["last_seq"], len(self.hashes))
            self.fail("pack.json", None, "head", text, *facts)
        counts = self.manifest["counts"]
        if not all(is_count(count) for count in counts.values()):
            raise Wrong("counts", "the counts are not those of the events")
        if not self.unknown and counts != dict(self.types):
            raise Wrong("counts", "the counts are not those of the events")

    # The log.

    def included(self, hashed: str, index: int, proof: list[Json]) -> bool:
        """Tell whether an event is in the log at a place."""
        if self.checkpoint is None:
            return True
        leaf = leaf_hash(bytes.fromhex(hashed))
        root = root_of_path(leaf, index, self.checkpoint.size, nodes(proof))
        return root == self.checkpoint.root

    def check_proofs(self) -> None:
        """Every event is in the log, below its census, in the order of the stream."""
        lines = lines_of(self.files["proofs.jsonl"])
        if len(lines) != len(self.hashes):
            raise Wrong("proof", "there are {} proofs", len(lines))
        for seq, line in enumerate(lines, 1):
            self.part("proofs.jsonl", self.check_proof, seq, line, seq=seq)

    def check_proof(self, seq: int, line: bytes) -> None:
        """Check that one event is in the log, after the one before it."""
        proof = read_json(line)
        if not has_shape(proof, PROOF) or proof["seq"] != seq:
            raise Wrong("malformed", "the members are not as they should be")
        last, index = self.place, proof["leaf_index"]
        self.place = index
        if index <= last:
            raise Wrong("proof", "the places in the log do not rise")
        if self.checkpoint is not None and index >= self.checkpoint.size - 1:
            raise Wrong("proof", "the event is not in what the census speaks for")
        hashed = self.hashes[seq - 1]
        if hashed is not None and not self.included(hashed, index, proof["proof"]):
            raise Wrong("proof", "the event is not in the log at {}", index)

    def check_census(self) -> None:
        """The last leaf says where the stream ends, and that is where it ends here."""
        census = read_json(self.files["census.json"])
        if not has_shape(census, CENSUS):
            raise Wrong("malformed", "the members are not as they should be")
        event = check_event(census["event"])
        if event is None:
            text = "the census is of a version that this program does not know"
            self.leave("census.json", None, "version", text)
            return
        data = event["data"]
        if (event["stream"], event["type"]) != ("polder:log", "census_taken"):
            raise Wrong("census", "this event is no census")
        if not has_shape(data, CENSUS_DATA):
            raise Wrong("census", "the census is not as it should be")
        index = census["leaf_index"]
        if index != data["events"]:
            raise Wrong("census", "the census does not speak for what is before it")
        if self.checkpoint is not None and index != self.checkpoint.size - 1:
            raise Wrong("census", "the census is not the last in the log")
        if not self.included(event_hash(canonical(event)), index, census["proof"]):
            raise Wrong("census", "the census is not in the log at {}", index)
        self.check_head(census, data)

    def check_head(self, census: Object, data: Object) -> None:
        """The head that the census names is the last event here."""
        head = census["head"]
        shaped = len(head) == 3 and is_stream(head[0])
        if not shaped or not is_count(head[1]) or not is_hash(head[2]):
            raise Wrong("malformed", "the members are not as they should be")
        path = nodes(census["head_proof"])
        size, root = data["streams"], bytes.fromhex(data["heads_root"])
        if (
            root_of_path(leaf_hash(canonical(head)), census["head_index"], size, path)
            != root
        ):
            raise Wrong("census", "the census does not know this head")
        if not self.hashes:
            return
        if self.stream is not None and head[0] != self.stream:
            raise Wrong("head", "the census is shown for {}", head[0])
        if head[1] != len(self.hashes):
            raise Wrong("head", "the stream ends at event {}", head[1])
        if self.hashes[-1] is not None and head[2] != self.hashes[-1]:
            raise Wrong("head", "the stream ends with another event {}", head[1])

    def lines(self, name: str) -> Iterator[Json]:
        """Yield what the lines of a file say; raises ``Wrong`` at one that is amiss."""
        return map(read_json, lines_of(self.files[name]))

    def check_consistency(self) -> None:
        """The proofs from older checkpoints are what they can be seen to be."""
        last = 0
        for proof in self.lines("consistency.jsonl"):
            if not has_shape(proof, CONSISTENCY):
                raise Wrong("malformed", "the members are not as they should be")
            size = proof["from"]
            if size <= last:
                raise Wrong("consistency", "the sizes do not rise")
            last = size
            self.proofs[size] = nodes(proof["proof"])
            if self.checkpoint is not None and not self.plausible(size):
                raise Wrong("consistency", "the proof from {} does not hold", size)

    def plausible(self, size: int) -> bool:
        """Tell whether a proof leads to the checkpoint, so far as can be said.

        Without the older root, one from a power of two can't be followed.
        """
        if self.checkpoint is None or size > self.checkpoint.size:
            return False
        proof, new = self.proofs[size], self.checkpoint.size
        if len(proof) != consistency_length(size, new):
            return False
        if is_power(size) or size == new:
            return True
        roots = roots_of_consistency(size, new, proof[0], proof[1:])
        return roots is not None and roots[1] == self.checkpoint.root

    # What is private.

    def check_openings(self) -> None:
        """Every opening is of a private field, and opens it."""
        last: tuple[int, bytes] = (0, b"")
        for opening in self.lines("openings.jsonl"):
            if not has_shape(opening, OPENING):
                raise Wrong("malformed", "the members are not as they should be")
            seq, path = opening["seq"], opening["path"]
            if (seq, path.encode()) <= last:
                text = "the openings are not in order, each once"
                self.fail(self.openings_file, seq, "opening", text)
            last = (seq, path.encode())
            self.opened.add((seq, path))
            self.part(self.openings_file, self.check_opening, opening, seq=seq)
        self.all_opened = True

    def check_opening(self, opening: Object) -> None:
        """Check one opening against its commitment."""
        seq, path = opening["seq"], opening["path"]
        if seq in self.unknown:
            return
        committed = self.commitments.get((seq, path))
        if committed is None:
            raise Wrong("opening", "{} is no private field", path)
        if (seq, path) in self.erased:
            raise Wrong("opening", "{} was erased, and is opened here", path)
        if self.stream is None:
            return  # pack.json, which names it, is what is wrong: not this text
        of = (self.stream, opening["subject"], opening["value"])
        if commitment(unbase64(opening["salt"], 32), *of) != committed:
            raise Wrong("opening", "{} is not what was committed to", path)

    def check_withheld(self) -> None:
        """Every field said to be withheld is a private one, named once."""
        for field in self.manifest.get("withheld", []):
            if not is_field(field):
                raise Wrong("malformed", "the members are not as they should be")
            seq, path = field
            if (seq, path) in self.withheld:
                self.fail("pack.json", seq, "withheld", "{} is named twice", path)
            self.withheld.add((seq, path))
            if seq not in self.unknown and (seq, path) not in self.commitments:
                self.fail("pack.json", seq, "withheld", "{} is no private field", path)

    def check_accounts(self) -> None:
        """Every private field is opened, withheld or erased: one of the three."""
        for field in self.commitments:
            seq, path = field
            ways = (field in self.opened, field in self.withheld, field in self.erased)
            # Where openings or pack.json can't be read, none is known to be missing.
            if not any(ways) and self.all_opened and self.manifest:
                text = "{} is not opened, and no event says that it was erased"
                self.fail("events.jsonl", seq, "opening", text, path)
            elif ways[1] and sum(ways) > 1:
                text = "{} is withheld, and opened or erased as well"
                self.fail("events.jsonl", seq, "withheld", text, path)

    # What the reader brought along.

    def check_witnesses(self) -> None:
        """So many of the witnesses that the reader trusts have cosigned."""
        if self.note is None:
            return
        public: set[bytes] = set()
        for witness in self.witnesses:
            times = signed_by(self.note, witness)
            if times and not (self.key and self.key.public == witness.public):
                public.add(witness.public)
                self.cosigned.append(
                    (witness.name, max(at or 0 for at in times) or None)
                )
        if len(public) < self.quorum:
            text = "{} of the {} cosignatures asked for are there"
            raise Wrong("witness", text, len(public), self.quorum)

    def check_since(self) -> None:
        """What the reader's older checkpoint covered is still there, unchanged."""
        if self.since is None:
            return
        note, older = self.read_since(self.since)
        trusted = self.keys or ([self.key] if self.key else [])
        own = [key for key in trusted if key.name == older.origin]
        if trusted and not any([signed_by(note, key) for key in own]):  # noqa: C419
            raise Wrong("since", "the older checkpoint is not signed by a key given")
        now = self.checkpoint
        if now is None:
            return
        if now.origin != older.origin:
            raise Wrong("since", "the older checkpoint is of another log")
        if older.size > now.size:
            text = "the older checkpoint has {} events, the pack's has {}"
            self.leave("", None, "since", text, older.size, now.size)
        elif older.size < now.size and older.size not in self.proofs:
            text = "the pack has no proof from a checkpoint of {} events"
            self.leave("", None, "since", text, older.size)
        else:
            proof = self.proofs.get(older.size, []) if older.size < now.size else []
            roots = (older.root, now.root)
            if not is_consistent(older.size, now.size, *roots, proof):
                text = "the log is not a continuation of the older checkpoint"
                raise Wrong("since", text)
            self.compared = older.size

    def read_since(self, data: bytes) -> tuple[Note, Checkpoint]:
        """Read the reader's older checkpoint."""
        try:
            note = parse_note(data)
            return note, parse_checkpoint(note.text)
        except Wrong:
            raise Wrong("since", "the older checkpoint can't be read") from None


# ---------------------------------------------------------------- one event

PROOF_FILE: Shape = {
    "after": is_object_or_null,
    "before": is_object_or_null,
    "checkpoint": is_text,
    "consistency": is_list,
    "event": is_object,
    "format": is_text,
    "leaf_index": is_index,
    "openings": is_list,
    "proof": is_list,
}


class ProofExamination(Examination):
    """The proof of one event: its bytes, its neighbours, and its place in the log."""

    openings_file = "openings"
    sound = "SOUND: this event is in the log, word for word."

    def one_event(self) -> Object | None:
        """Return what the proof is of; None where that can't be read."""
        if self.event is None:
            return None
        told: Object = {"seq": self.event["seq"], "type": self.event["type"]}
        return {**told, "hash": self.hash, "leaf_index": self.proof["leaf_index"]}

    def never_verified(self) -> Iterator[str]:
        """Yield what no verdict on the proof of one event says."""
        if self.event is not None:
            if self.event["seq"] > 1 and self.proof["before"] is None:
                yield "The event before it: it is not in this proof."
            yield LAST_SHOWN if self.proof["after"] is None else NAMED_AFTER
        yield ELSEWHERE
        yield from NEVER_VERIFIED[1:]

    def __init__(self, *given: Any) -> None:  # noqa: ANN401
        """Begin with what the reader brought along."""
        super().__init__(*given)
        self.proof: Object = {}
        self.event: Object | None = None
        self.hash = ""

    def examine(self, pack: bytes) -> None:
        """Check a proof; what is found stands in ``failures`` and ``undecided``."""
        self.part("", self.open, pack)
        if not self.proof:
            return
        self.part("event", self.check_body)
        if self.event is not None:
            self.part("before", self.check_before, self.event)
            self.part("after", self.check_after, self.event)
        self.part("checkpoint", self.check_checkpoint)
        if self.event is not None:
            self.part("proof", self.check_path)
        self.part("checkpoint", self.check_signature)
        if self.event is not None:
            self.part("openings", self.check_openings)
        self.part("checkpoint", self.check_witnesses)
        self.part("consistency", self.check_consistency)
        self.part("", self.check_since)

    def lines(self, name: str) -> Iterator[Json]:
        """Yield the values of a list of the proof."""
        return iter(self.proof[name.partition(".")[0]])

    def open(self, pack: bytes) -> None:
        """The proof is canonical JSON with exactly the members of one."""
        proof = read_json(pack)
        if not is_object(proof) or not is_text(proof.get("format")):
            raise Wrong("malformed", "the members are not as they should be")
        if proof["format"] != PROOF_FORMAT:
            text = "the format {} is not known to this program"
            self.leave("", None, "version", text, proof["format"])
        elif not has_shape(proof, PROOF_FILE):
            raise Wrong("malformed", "the members are not as they should be")
        else:
            self.proof = proof

    def read_event(self, member: str, seq: int | None = None) -> Object | None:
        """Read an event of the proof; None where its version is unknown."""
        event = check_event(self.proof[member])
        if event is None:
            text = "the event is of a version that this program does not know"
            self.leave(member, seq, "version", text)
            return None
        if seq is not None and event["stream"] != self.stream:
            raise Wrong("stream", "the event says it belongs to {}", event["stream"])
        if seq is not None and event["seq"] != seq:
            raise Wrong("seq", "the event says it is number {}", event["seq"])
        return event

    def check_body(self) -> None:
        """The event is well formed; its hash is made of its canonical bytes."""
        event = self.read_event("event")
        if event is None:
            return
        self.event, self.stream = event, event["stream"]
        self.hash = event_hash(canonical(event))
        for pointer, committed in event["private"].items():
            self.commitments[event["seq"], pointer] = committed

    def check_before(self, event: Object) -> None:
        """The event names the one before it, if that is shown."""
        told = "the event does not name the one before it"
        if event["seq"] == 1:
            if event["prev"] != ZERO_HASH or self.proof["before"] is not None:
                raise Wrong("prev", told)
        elif self.proof["before"] is not None:
            before = self.read_event("before", event["seq"] - 1)
            if before is not None and event_hash(canonical(before)) != event["prev"]:
                raise Wrong("prev", told)

    def check_after(self, event: Object) -> None:
        """The event after it names this one, if that is shown; anybody can do that."""
        if self.proof["after"] is not None:
            after = self.read_event("after", event["seq"] + 1)
            if after is not None and after["prev"] != self.hash:
                raise Wrong("prev", "the event after it does not name this one")

    def check_checkpoint(self) -> None:
        """The checkpoint can be read."""
        note = parse_note(self.proof["checkpoint"].encode())
        self.note, self.checkpoint = note, parse_checkpoint(note.text)

    def check_path(self) -> None:
        """The event is in the log at its place."""
        if self.checkpoint is not None:
            index = self.proof["leaf_index"]
            if not self.included(self.hash, index, self.proof["proof"]):
                raise Wrong("proof", "the event is not in the log at {}", index)

    def check_signature(self) -> None:
        """The checkpoint is signed by a key that the reader has from elsewhere."""
        if self.note is None or self.checkpoint is None:
            return
        if not self.keys:
            text = "no key was given: who signed the checkpoint can't be decided"
            self.leave("checkpoint", None, "key", text)
            return
        origin = self.checkpoint.origin
        own = [k for k in self.keys if (k.name, k.kind) == (origin, SIGNATURE)]
        if not own:
            raise Wrong("checkpoint", "it is of another log: {}", origin)
        signed = [key for key in own if signed_by(self.note, key)]
        if not signed:
            raise Wrong("checkpoint", "it is not signed by the log's key")
        self.key = signed[0]


# ---------------------------------------------------------------- the report


class Report(NamedTuple):
    """The verdict on a pack, with what it rests on."""

    verdict: int
    failures: list[Finding]
    undecided: list[Finding]
    examination: Examination

    def as_json(self, lang: str = "en") -> Object:
        """Return the report as a JSON value."""
        seen = self.examination
        point = seen.checkpoint
        return {
            "verdict": self.verdict,
            "sound": self.verdict == SOUND,
            "stream": seen.stream,
            "events": len(seen.hashes),
            "counts": dict(sorted(seen.types.items())),
            "created_at": seen.manifest.get("created_at"),
            "created_by": seen.manifest.get("created_by"),
            "checkpoint": point
            and {
                "origin": point.origin,
                "size": point.size,
                "root": base64.b64encode(point.root).decode(),
            },
            "event": seen.one_event(),
            "since": seen.compared,
            "witnesses": [{"name": name, "time": at} for name, at in seen.cosigned],
            "private": {
                "opened": len(seen.opened),
                "withheld": len(seen.withheld),
                "erased": len(seen.erased),
            },
            "withheld": [{"seq": s, "path": p} for s, p in sorted(seen.withheld)],
            "erased": [
                {"seq": s, "path": p, "by": by}
                for (s, p), by in sorted(seen.erased.items())
            ],
            "failures": [found_json(one, lang) for one in self.failures[:MAX_TOLD]],
            "undecided": [found_json(one, lang) for one in self.undecided[:MAX_TOLD]],
            "more": len(self.failures[MAX_TOLD:]) + len(self.undecided[MAX_TOLD:]),
            "notVerified": list(self.open_ends(lang)),
        }

    def lines(self, lang: str = "en") -> Iterator[str]:
        """Yield the report as text."""
        heads = {
            SOUND: self.examination.sound,
            NOT_SOUND: "NOT SOUND.",
            UNDECIDED: "CAN'T BE DECIDED.",
        }
        yield translated(heads[self.verdict], lang)
        yield ""
        for found in [*self.failures, *self.undecided][:MAX_TOLD]:
            yield "- " + found_line(found, lang)
        more = len(self.failures) + len(self.undecided) - MAX_TOLD
        if more > 0:
            yield "- " + translated("… and {} more", lang).format(more)
        if self.failures or self.undecided:
            yield ""
        yield from self.summary(lang)
        yield ""
        yield translated("Not verified:", lang)
        for line in self.open_ends(lang):
            yield "- " + line

    def summary(self, lang: str) -> Iterator[str]:
        """Yield what was looked at."""
        seen = self.examination
        say = translated
        one = seen.one_event()
        if one is not None:
            text = say("Event {} of stream {}: {}.", lang)
            yield text.format(one["seq"], plain(seen.stream), plain(one["type"]))
            yield say("Hash {}, place {} in the log.", lang).format(
                one["hash"], one["leaf_index"]
            )
        elif seen.stream is not None:
            text = say("Stream {}, {} events.", lang)
            yield text.format(plain(seen.stream), len(seen.hashes))
        if seen.checkpoint is not None:
            root = base64.b64encode(seen.checkpoint.root).decode()
            text = say("Checkpoint of {}: {} events, root {}.", lang)
            yield text.format(plain(seen.checkpoint.origin), seen.checkpoint.size, root)
        text = say("Private fields: {} opened, {} withheld, {} erased.", lang)
        yield text.format(len(seen.opened), len(seen.withheld), len(seen.erased))
        for (seq, path), by in sorted(seen.erased.items()):
            text = say("Event {}: {} was erased, as event {} says.", lang)
            yield text.format(seq, plain(path), by)
        if seen.compared is not None:
            text = say("It continues your checkpoint of {} events.", lang)
            yield text.format(seen.compared)
        for name, at in seen.cosigned:
            text = say("Cosigned by {} at {}.", lang)
            yield text.format(plain(name), moment(at))

    def open_ends(self, lang: str) -> Iterator[str]:
        """Yield what this verdict does not say."""
        seen = self.examination
        if seen.withheld:
            yield translated(WITHHELD, lang).format(len(seen.withheld))
        if seen.erased:
            yield translated(ERASED, lang).format(len(seen.erased), seen.decided_in())
        if seen.mandates:
            yield translated(MANDATES, lang).format(seen.mandates, seen.decided_in())
        if self.verdict == SOUND and seen.compared is None:
            yield translated(NO_SINCE, lang)
        if not seen.cosigned:
            yield translated(NO_WITNESS, lang)
        for text in seen.never_verified():
            yield translated(text, lang)


WITHHELD = "What {} withheld private fields say: only that they exist is proved."
ERASED = (
    "Whether it was decided that {} private fields be erased, by whom and on what "
    "ground: that is in {}, by the erasure that the erasing event's cause names."
)
MANDATES = (
    "Whether the mandates that {} events name were given, and cover what was done: "
    "that is in {}."
)
NO_SINCE = (
    "No older checkpoint was compared: if the log's key was stolen, the whole log may "
    "have been rewritten."
)
NO_WITNESS = (
    "No witness that you named has cosigned: others may have been shown another log."
)
ELSEWHERE = (
    "What other events of the stream say, such as a correction or an erasure: a pack "
    "has them all."
)
LAST_SHOWN = "Whether there is an event after it: none is in this proof."
NAMED_AFTER = (
    "That the event after it is in the log: it names this one, and no more of it is "
    "in this proof."
)
NEVER_VERIFIED = (
    "verify.py, README.md and LEESMIJ.md: for these there is only the issuer's word.",
    "What happened after this checkpoint.",
    "Whether what was recorded is true, and whether the clock was right.",
)


def moment(seconds: int | None) -> str:
    """Return an instant in words."""
    if seconds is None or seconds > 253402300799:
        return "?"
    epoch = datetime(1970, 1, 1)  # noqa: DTZ001 - it is UTC, written with Z
    return (epoch + timedelta(seconds=seconds)).isoformat() + "Z"


def found_json(found: Finding, lang: str) -> Object:
    """Return a finding as a JSON value."""
    return {
        "check": found.check,
        "file": found.file or None,
        "stream": found.stream,
        "seq": found.seq,
        "detail": found.told(lang),
    }


def found_line(found: Finding, lang: str) -> str:
    """Return a finding as a line of text: check, where, what."""
    where = [found.file] if found.file else []
    if found.seq is not None:
        where.append(translated("event {}", lang).format(found.seq))
    return (
        f"[{found.check}] {', '.join(where)}{': ' if where else ''}{found.told(lang)}"
    )


def examine(
    pack: bytes,
    keys: Iterable[str],
    *,
    since: bytes | None = None,
    witnesses: Iterable[str] = (),
    quorum: int | None = None,
) -> Report:
    """Check a pack; this is what the command line and Polder itself call.

    ``keys`` and ``witnesses`` are verifier keys, ``since`` is an older checkpoint.
    ``quorum`` is how many witnesses must have cosigned: all, unless it is said.
    Raises ``BadKey``, and nothing for whatever the pack is.
    """
    watching = [parse_key(text) for text in witnesses]
    wanted = len({one.public for one in watching}) if quorum is None else quorum
    trusted = [parse_key(text) for text in keys]
    # A ZIP never begins with a brace, and a proof always.
    kind = ProofExamination if pack[:1] == b"{" else Examination
    seen = kind(trusted, since, watching, wanted)
    seen.examine(pack)
    verdict = SOUND
    if seen.failures or seen.undecided:
        # A failure beats what can't be decided.
        verdict = NOT_SOUND if seen.failures else UNDECIDED
    return Report(verdict, seen.failures, seen.undecided, seen)


# ---------------------------------------------------------------- in Dutch

DUTCH = {
    # The verdicts.
    "SOUND: nothing was changed or left out.": (
        "IN ORDE: er is niets veranderd of weggelaten."
    ),
    "SOUND: this event is in the log, word for word.": (
        "IN ORDE: deze gebeurtenis staat in het logboek, woord voor woord."
    ),
    "NOT SOUND.": "NIET IN ORDE.",
    "CAN'T BE DECIDED.": "NIET TE BEOORDELEN.",
    # The summary.
    "… and {} more": "… en nog {}",
    "event {}": "gebeurtenis {}",
    "Event {} of stream {}: {}.": "Gebeurtenis {} van reeks {}: {}.",
    "Hash {}, place {} in the log.": "Hash {}, plaats {} in het logboek.",
    "Stream {}, {} events.": "Reeks {}, {} gebeurtenissen.",
    "Checkpoint of {}: {} events, root {}.": (
        "IJkpunt van {}: {} gebeurtenissen, wortel {}."
    ),
    "Private fields: {} opened, {} withheld, {} erased.": (
        "Privévelden: {} geopend, {} achtergehouden, {} gewist."
    ),
    "Event {}: {} was erased, as event {} says.": (
        "Gebeurtenis {}: {} is gewist, volgens gebeurtenis {}."
    ),
    "It continues your checkpoint of {} events.": (
        "Dit sluit aan op uw ijkpunt van {} gebeurtenissen."
    ),
    "Cosigned by {} at {}.": "Medeondertekend door {} op {}.",
    "Not verified:": "Niet gecontroleerd:",
    WITHHELD: (
        "Wat er staat in {} achtergehouden privévelden: zeker is alleen dat ze er zijn."
    ),
    ERASED: (
        "Of besloten is {} privévelden te wissen, door wie en op welke grond: dat "
        "staat in {}, bij de wissing die in de cause van de wissende gebeurtenis staat."
    ),
    MANDATES: (
        "Of de mandaten die {} gebeurtenissen noemen zijn gegeven, en dekken wat er is "
        "gedaan: dat staat in {}."
    ),
    ELSEWHERE: (
        "Wat andere gebeurtenissen van de reeks zeggen, zoals een verbetering of een "
        "wissing: die staan alle in een bewijspakket."
    ),
    "The event before it: it is not in this proof.": (
        "De gebeurtenis ervoor: die staat niet in dit bewijs."
    ),
    LAST_SHOWN: "Of er een gebeurtenis na komt: in dit bewijs staat er geen.",
    NAMED_AFTER: (
        "Dat de gebeurtenis erna in het logboek staat: zij noemt deze, en meer staat "
        "er in dit bewijs niet van."
    ),
    NO_SINCE: (
        "Er is geen ouder ijkpunt vergeleken. Is de sleutel van het logboek gestolen, "
        "dan kan het hele logboek herschreven zijn."
    ),
    NO_WITNESS: (
        "Geen getuige die u noemt, heeft medeondertekend: anderen kunnen een ander "
        "logboek gezien hebben."
    ),
    "verify.py, README.md and LEESMIJ.md: for these there is only the issuer's word.": (
        "verify.py, README.md en LEESMIJ.md: daarvoor staat alleen de uitgever in."
    ),
    "What happened after this checkpoint.": "Wat er na dit ijkpunt is gebeurd.",
    "Whether what was recorded is true, and whether the clock was right.": (
        "Of waar is wat is vastgelegd, en of de klok goed liep."
    ),
    # What can be wrong.
    "this is not JSON in canonical form": "dit is geen JSON in canonieke vorm",
    "the last line does not end": "de laatste regel heeft geen einde",
    "the signature of {} does not hold": "de handtekening van {} klopt niet",
    "this is not a signed note": "dit is geen ondertekend bericht",
    "this is not a checkpoint": "dit is geen ijkpunt",
    "this is not a readable ZIP file": "dit is geen leesbaar ZIP-bestand",
    "these are not the files of a pack": "dit zijn niet de bestanden van een pakket",
    "there is something between the files": "er staat iets tussen de bestanden",
    "{} is not stored as it is": "{} is niet ongewijzigd opgeslagen",
    "{} is not dated 1980-01-01": "{} heeft niet de datum 1980-01-01",
    "{} is said to be two things": "{} wordt op twee manieren beschreven",
    "{} is damaged": "{} is beschadigd",
    "an event is an object": "een gebeurtenis is een object",
    "the event does not have exactly its members": (
        "de gebeurtenis heeft niet precies de juiste velden"
    ),
    "the event's {} is not as it should be": (
        "het veld {} van de gebeurtenis is niet zoals het hoort"
    ),
    "{} is no private field": "{} is geen privéveld",
    "a node of the proof is not 32 bytes": (
        "een schakel van het bewijs is niet 32 bytes lang"
    ),
    "this can't be read ({})": "dit is niet te lezen ({})",
    "this is no key": "dit is geen sleutel",
    "no key was given: who made this pack can't be decided": (
        "er is geen sleutel opgegeven: wie dit pakket maakte, is niet te beoordelen"
    ),
    "no key was given: who signed the checkpoint can't be decided": (
        "er is geen sleutel opgegeven: wie het ijkpunt ondertekende, is niet te "
        "beoordelen"
    ),
    "the event after it does not name this one": (
        "de gebeurtenis erna noemt deze gebeurtenis niet"
    ),
    "the pack is by {}, which is not a key given": (
        "het pakket is van {}, en die sleutel is niet opgegeven"
    ),
    "the members are not as they should be": "de velden zijn niet zoals het hoort",
    "the format {} is not known to this program": (
        "dit programma kent de vorm {} niet"
    ),
    "the note is over another pack.json": "het bericht gaat over een andere pack.json",
    "the note must have one signature": "het bericht moet één handtekening hebben",
    "the note is not signed by the log's key": (
        "het bericht is niet ondertekend met de sleutel van het logboek"
    ),
    "not exactly the files are named": "niet precies de juiste bestanden zijn genoemd",
    "{} is not the file that pack.json names": (
        "{} is niet het bestand dat pack.json noemt"
    ),
    "a text ends with one newline": "een tekst eindigt met één regeleinde",
    "it is of another log: {}": "het is van een ander logboek: {}",
    "it is not signed by the log's key": (
        "het is niet ondertekend met de sleutel van het logboek"
    ),
    "pack.json names another checkpoint": "pack.json noemt een ander ijkpunt",
    "there is not one event": "er is geen enkele gebeurtenis",
    "the event is of a version that this program does not know": (
        "de gebeurtenis heeft een versie die dit programma niet kent"
    ),
    "the event says it belongs to {}": "de gebeurtenis zegt dat ze hoort bij {}",
    "the event says it is number {}": "de gebeurtenis zegt dat ze nummer {} is",
    "the event does not name the one before it": (
        "de gebeurtenis noemt niet de gebeurtenis ervoor"
    ),
    "the erasure is not as it should be": "de wissing is niet zoals het hoort",
    "{} of event {} is no private field": "{} van gebeurtenis {} is geen privéveld",
    "a pack begins with event 1": "een pakket begint met gebeurtenis 1",
    "{} events are announced, {} are there": (
        "er zijn {} gebeurtenissen aangekondigd, en er zijn er {}"
    ),
    "the counts are not those of the events": (
        "de aantallen zijn niet die van de gebeurtenissen"
    ),
    "there are {} proofs": "er zijn {} bewijzen",
    "the places in the log do not rise": "de plaatsen in het logboek lopen niet op",
    "the event is not in what the census speaks for": (
        "de gebeurtenis valt buiten wat de telling omvat"
    ),
    "the event is not in the log at {}": (
        "de gebeurtenis staat niet in het logboek op plaats {}"
    ),
    "the census is of a version that this program does not know": (
        "de telling heeft een versie die dit programma niet kent"
    ),
    "this event is no census": "deze gebeurtenis is geen telling",
    "the census is not as it should be": "de telling is niet zoals het hoort",
    "the census does not speak for what is before it": (
        "de telling omvat niet wat ervoor staat"
    ),
    "the census is not the last in the log": (
        "de telling is niet het laatste in het logboek"
    ),
    "the census is not in the log at {}": (
        "de telling staat niet in het logboek op plaats {}"
    ),
    "the census does not know this head": "de telling kent dit einde niet",
    "the census is shown for {}": "de telling is getoond voor {}",
    "the stream ends at event {}": "de reeks eindigt bij gebeurtenis {}",
    "the stream ends with another event {}": (
        "de reeks eindigt met een andere gebeurtenis {}"
    ),
    "the sizes do not rise": "de groottes lopen niet op",
    "the proof from {} does not hold": "het bewijs vanaf {} klopt niet",
    "the openings are not in order, each once": (
        "de openingen staan niet op volgorde, elk één keer"
    ),
    "{} was erased, and is opened here": "{} is gewist, en wordt hier geopend",
    "{} is not what was committed to": "{} is niet wat er is vastgelegd",
    "{} is named twice": "{} is twee keer genoemd",
    "{} is not opened, and no event says that it was erased": (
        "{} is niet geopend, en geen gebeurtenis zegt dat het is gewist"
    ),
    "{} is withheld, and opened or erased as well": (
        "{} is achtergehouden, en ook geopend of gewist"
    ),
    "{} of the {} cosignatures asked for are there": (
        "er zijn {} van de {} gevraagde medehandtekeningen"
    ),
    "the older checkpoint can't be read": "het oudere ijkpunt is niet te lezen",
    "the older checkpoint is not signed by a key given": (
        "het oudere ijkpunt is niet ondertekend met een opgegeven sleutel"
    ),
    "the older checkpoint is of another log": (
        "het oudere ijkpunt is van een ander logboek"
    ),
    "the older checkpoint has {} events, the pack's has {}": (
        "het oudere ijkpunt heeft {} gebeurtenissen, dat van het pakket {}"
    ),
    "the pack has no proof from a checkpoint of {} events": (
        "het pakket heeft geen bewijs vanaf een ijkpunt van {} gebeurtenissen"
    ),
    "the log is not a continuation of the older checkpoint": (
        "het logboek is geen voortzetting van het oudere ijkpunt"
    ),
}


def translated(text: str, lang: str) -> str:
    """Return a text in Dutch, or as it is."""
    return DUTCH[text] if lang == "nl" else text


# ---------------------------------------------------------------- the command line


def read_keys(given: Iterable[str]) -> list[str]:
    """Return verifier keys that are given as text, or as files with one a line."""
    keys: list[str] = []
    for text in given:
        try:
            parse_key(text.strip())
            keys.append(text.strip())
        except BadKey:
            path = Path(text)
            lines = path.read_text("utf-8").split("\n")
            # What follows a key is what `polder audit key show` says of it.
            found = [line.split()[0] for line in lines if line.strip()]
            keys += [line for line in found if parse_key(line)]
    return keys


def read_pack(path: str) -> bytes:
    """Return a file, or nothing, which no pack is, where it can't be read."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_PACK + 1)
    except FileNotFoundError:
        raise
    except OSError:
        return b""
    return data if len(data) <= MAX_PACK else b""


def arguments() -> argparse.ArgumentParser:
    """Return what understands the command line."""
    parser = argparse.ArgumentParser(
        prog="verify.py",
        description="Check an evidence pack. Exit code: 0 sound, 1 not sound, "
        "6 can't be decided.",
    )
    parser.add_argument("pack", help="the pack, a ZIP file")
    add_key = parser.add_argument
    add_key("--key", action="append", default=[], metavar="VKEY",
            help="the log's public key, text or file; again for a key before "
            "or after it")  # fmt: skip
    parser.add_argument("--since", metavar="FILE", help="an older checkpoint you kept")
    add_key("--witness", action="append", default=[], metavar="VKEY",
            help="the public key of a witness you trust, text or file")  # fmt: skip
    parser.add_argument(
        "--quorum", type=int, metavar="N", help="so many of them must have cosigned"
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")
    parser.add_argument("--lang", choices=["en", "nl"], default="en")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Check a pack as the command line asks; return the exit code."""
    parser = arguments()
    asked = parser.parse_args(argv)
    try:
        pack = read_pack(asked.pack)
        since = None if asked.since is None else read_pack(asked.since)
    except FileNotFoundError as error:
        print(f"verify.py: there is no file {plain(error.filename)}", file=sys.stderr)
        return NOT_FOUND
    try:
        keys, witnesses = read_keys(asked.key), read_keys(asked.witness)
    except (OSError, ValueError) as error:
        parser.error(f"this is no verifier key: {plain(error)}")
    if asked.quorum is not None and not 0 <= asked.quorum <= len(witnesses):
        parser.error("--quorum asks for more witnesses than --witness names")
    report = examine(pack, keys, since=since, witnesses=witnesses, quorum=asked.quorum)
    # A terminal that can't show a sign must not keep the verdict from being told.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if asked.json:
        print(json.dumps(report.as_json(asked.lang)))
    else:
        print("\n".join(report.lines(asked.lang)))
    return report.verdict


if __name__ == "__main__":
    sys.exit(main())

"""A catalogue is kept as text (``.po``) and handed to gettext in its binary form.

Both forms are those of GNU gettext (manual, "The Format of PO Files" and "The Format
of GNU MO Files"). Read are contexts, plurals and texts over many lines; entries that
are fuzzy, obsolete or untranslated are left out, as ``msgfmt`` does.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_KEYWORD: Final = re.compile(
    r"(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]\])?)\s+)?(\".*\")"
)
_MAGIC: Final = 0x950412DE
_HEADER_WORDS: Final = 7


class MalformedCatalogue(ValueError):
    """A line of a catalogue can't be read."""

    def __init__(self, line: int, problem: str) -> None:
        """Keep the number of the line, from 1."""
        self.line = line
        super().__init__(f"line {line}: {problem}")


@dataclass
class Entry:
    """One text of a catalogue: its parts by keyword, as written in the file."""

    line: int
    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def key(self) -> str:
        """The text as gettext looks it up: context and plural belong to it."""
        context = f"{self.parts['msgctxt']}\x04" if "msgctxt" in self.parts else ""
        plural = self.parts.get("msgid_plural")
        return context + self.parts["msgid"] + (f"\0{plural}" if plural else "")

    @property
    def translation(self) -> str:
        """The translated text, or its plural forms in order; empty if there is none."""
        forms = sorted(name for name in self.parts if name.startswith("msgstr"))
        texts = [self.parts[name] for name in forms]
        return "\0".join(texts) if all(texts) else ""


def entries(text: str) -> Iterator[Entry]:
    """Give the entries of a ``.po`` file, its header (with an empty key) included.

    Raises `MalformedCatalogue`.
    """
    entry, keyword, fuzzy = Entry(1), "", False
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            continue
        said, value = _read(number, line)
        if said in {"msgctxt", "msgid"} and _is_whole(entry):
            yield entry
            entry = Entry(number)
        if said == "msgid":
            entry.fuzzy, fuzzy = fuzzy, False
        keyword = said or keyword
        if not keyword or (said and said in entry.parts):
            raise MalformedCatalogue(number, f"{said or 'a text'} has no place here")
        entry.parts[keyword] = entry.parts.get(keyword, "") + value
    if not _is_whole(entry):
        raise MalformedCatalogue(entry.line, "the last entry has no msgid and msgstr")
    yield entry


def _is_whole(entry: Entry) -> bool:
    return "msgid" in entry.parts and any(p.startswith("msgstr") for p in entry.parts)


def _read(number: int, line: str) -> tuple[str | None, str]:
    found = _KEYWORD.fullmatch(line)
    if found is None:
        raise MalformedCatalogue(number, 'expected a keyword and a text in "quotes"')
    inside = found[2][1:-1]
    if "\\" not in inside and '"' not in inside:
        return found[1], inside
    try:
        # The escapes of PO strings are among those of Python.
        return found[1], str(ast.literal_eval(found[2]))
    except (SyntaxError, ValueError):
        raise MalformedCatalogue(number, "the quotes or escapes do not fit") from None


def to_mo(text: str) -> bytes:
    """Return the binary form of a ``.po`` file, for ``gettext.GNUTranslations``.

    Raises `MalformedCatalogue`, also for a key that occurs twice.
    """
    texts: dict[bytes, bytes] = {}
    for entry in entries(text):
        key = entry.key.encode()
        if key in texts:
            raise MalformedCatalogue(entry.line, f"{entry.key!r} was there before")
        if entry.translation and not entry.fuzzy:
            texts[key] = entry.translation.encode()
    return _pack(sorted(texts.items()))


def _pack(texts: list[tuple[bytes, bytes]]) -> bytes:
    """Write header, table of keys, table of translations, and then all texts."""
    count = len(texts)
    keys_at = _HEADER_WORDS * 4
    texts_at = keys_at + 8 * count
    offset = start = texts_at + 8 * count
    tables, body = list[bytes](), list[bytes]()
    for column in zip(*texts, strict=True):
        for one in column:
            tables.append(struct.pack("<2I", len(one), offset))
            body.append(one + b"\0")
            offset += len(one) + 1
    header = struct.pack("<7I", _MAGIC, 0, count, keys_at, texts_at, 0, start)
    return b"".join((header, *tables, *body))

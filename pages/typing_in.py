"""What somebody typed in a form, kept as they typed it until it is done."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Annotated, Final, NamedTuple, TypedDict

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from pages.whose import see_that_it_is_theirs


class _Most(TypedDict):
    max_files: int
    max_fields: int
    max_part_size: int


MOST: Final[_Most] = {
    "max_files": 1,
    "max_fields": 2000,
    "max_part_size": 1024 * 1024,
}
"""What a form has at most; a part in bytes."""

_DIGITS: Final = 15
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")


class Document(NamedTuple):
    """A document that came with a form: its size, and its SHA-256 (hexadecimal)."""

    size: int
    sha256: str | None
    """None of one that is too large."""


class Form(Mapping[str, str]):
    """The fields of a form by name; of several with one name, the first.

    Lines end as they do in a text, not as browsers send them. A field that a form did
    not have is empty.
    """

    def __init__(self, data: FormData, document: Document | None = None) -> None:
        """Take what was sent, and what is known of a document that came along."""
        self.document = document
        self._fields: dict[str, list[str]] = {}
        self.files: dict[str, UploadFile] = {}
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                self.files[name] = value
            else:
                told = value.replace("\r\n", "\n").replace("\x00", "\ufffd")
                self._fields.setdefault(name, []).append(told)

    def __getitem__(self, name: str) -> str:
        """Give a field as it was typed; empty where the form had none."""
        return self._fields.get(name, [""])[0]

    def __contains__(self, name: object) -> bool:
        """Whether the form had a field of this name."""
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        """Give the names of all fields."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Count the names."""
        return len(self._fields)

    def text(self, name: str) -> str | None:
        """Give a field without what stands around it; None where nothing was typed."""
        return self[name].strip() or None

    def every(self, name: str) -> list[str]:
        """Give all fields with one name, such as boxes that were ticked."""
        return [*self._fields.get(name, [])]

    getlist = every

    @property
    def id(self) -> str | None:
        """The id of the command, made when the form was; None for what is no id."""
        told = self.text("id")
        return told if told is not None and _ID.fullmatch(told) else None

    @property
    def version(self) -> int | None:
        """The version of the dialogue that somebody saw when they decided."""
        return number_in(self["version"])


def number_in(told: str) -> int | None:
    """Read a number as events have them; None for what is none, or larger than any."""
    fits = told.isascii() and told.isdecimal() and len(told) <= _DIGITS
    return int(told) if fits else None


async def _typed(request: Request) -> AsyncGenerator[Form]:
    # Files that came along are closed once the answer is made.
    async with request.form(**MOST) as data:
        yield theirs(request, data)


def theirs(request: Request, data: FormData, document: Document | None = None) -> Form:
    """Give a form that came in. Raises the problem 403 for one of somebody else."""
    # A page of a fault holds what was typed (`pages.holding`): nothing is read twice.
    request.state.form = data
    form = Form(data, document)
    see_that_it_is_theirs(request, form)
    return form


Typed = Annotated[Form, Depends(_typed)]
"""Type of the parameter of a page that takes a form; it stands behind ``visit``."""

"""A document that comes with a form: of a large one only its fingerprint stays.

It is hashed as it comes in, piece by piece, and no more of it is kept than a form may
have otherwise. One that is too large comes in as well, up to a bound, so that the page
can say so with everything else still typed. With script a browser makes the fingerprint
itself (`static/fingerprint.js`), and the document stays where it is.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from api.body_limit import take_more
from language import mark
from pages.typing_in import MOST, Document, Form, theirs

MEGABYTES: Final = 32
"""How large a document may be that is sent; one hashed by the browser, any size."""

TOO_LARGE: Final = mark(
    "This document is larger than 32 MB. Fill in its fingerprint (SHA-256) instead."
)
_BYTES: Final = MEGABYTES * 1024 * 1024
_DRAINED: Final = 8 * _BYTES
_KEPT: Final = 1024 * 1024
_TYPED_TOO_MUCH: Final = "more was typed than a form may have"
_KIND: Final = "multipart/form-data"


class _Hashing(MultiPartParser):
    """Hashes files as they come in, and keeps the beginning of each."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.headers, request.stream(), **MOST)
        self.typed = 0
        self.size = 0
        self.digest = sha256()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a part; of what was typed no more than any form may have."""
        if self._current_part.file is None:
            self.typed += end - start
            if self.typed > _KEPT:
                raise MultiPartException(_TYPED_TOO_MUCH)
            super().on_part_data(data, start, end)
            return
        room = max(0, _KEPT + 1 - self.size)
        self.size += end - start
        if self.size <= _BYTES:
            self.digest.update(data[start:end])
        if room:
            super().on_part_data(data, start, min(end, start + room))


async def _typed(request: Request) -> AsyncGenerator[Form]:
    if not request.headers.get("content-type", "").startswith(_KIND):
        async with request.form(**MOST) as data:
            yield theirs(request, data)
        return
    take_more(request, _DRAINED)
    parser = _Hashing(request)
    try:
        data = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(413 if parser.typed > _KEPT else 400) from error
    try:
        yield theirs(request, data, _document(data, parser))
    finally:
        await data.close()


def _document(data: FormData, parser: _Hashing) -> Document | None:
    named = [each for each in Form(data).files.values() if each.filename]
    if not named:
        return None
    printed = parser.digest.hexdigest() if parser.size <= _BYTES else None
    return Document(parser.size, printed)


TypedWithFile = Annotated[Form, Depends(_typed)]
"""As `Typed`, of a form that a document may come with."""

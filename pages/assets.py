"""Style sheets, scripts and pictures, under an address that says what is in them.

``/assets/polder.<12 hex digits of its SHA-256>.css``: another content is another
address, so that a browser asks once and never again. All of it is read when the app is
made, and compressed once.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response

_TYPES: Final[Mapping[str, str]] = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_IMPORT: Final = re.compile(rb'(from |import )"\./([a-z-]+\.js)"')
_DIGITS: Final = 12
_FOREVER: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}


class Asset(NamedTuple):
    """A file as it is sent: its address, its bytes, and those compressed."""

    address: str
    media_type: str
    content: bytes
    compressed: bytes


class Assets:
    """All files that pages refer to, by name and by address."""

    def __init__(self, theme: Path | None = None) -> None:
        """Read them; ``theme`` is an organisation's own style sheet, if it has one."""
        folder = files("pages").joinpath("static")
        self._raw = {file.name: file.read_bytes() for file in folder.iterdir()}
        self.themed = theme is not None
        if theme is not None:
            self._raw["theme.css"] = theme.read_bytes()
        self.by_name: dict[str, Asset] = {}
        for name in sorted(self._raw):
            self._add(name)
        self.by_address = {each.address: each for each in self.by_name.values()}

    def address(self, name: str) -> str:
        """Give where a file is. Raises ``KeyError`` for one that is not."""
        return self.by_name[name].address

    def _add(self, name: str) -> Asset:
        if name in self.by_name:
            return self.by_name[name]
        # A module names others as they lie here; the browser needs their addresses.
        content = _IMPORT.sub(self._named, self._raw[name])
        stem, _, ending = name.rpartition(".")
        digits = sha256(content).hexdigest()[:_DIGITS]
        found = Asset(
            f"/assets/{stem}.{digits}.{ending}",
            _TYPES[ending],
            content,
            gzip.compress(content, 9, mtime=0),
        )
        self.by_name[name] = found
        return found

    def _named(self, found: re.Match[bytes]) -> bytes:
        return found[1] + b'"' + self._add(found[2].decode()).address.encode() + b'"'


def answer(request: Request, asset: Asset) -> Response:
    """Send a file, compressed where the browser takes that."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers = {**_FOREVER, "Content-Encoding": "gzip"}
        return Response(asset.compressed, 200, headers, asset.media_type)
    return Response(asset.content, 200, _FOREVER, asset.media_type)

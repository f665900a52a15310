"""Which commands a dialogue has handled: all of them, for life, by eight bytes each."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import PlainSerializer, PlainValidator

_DIGEST_BYTES: Final = 8


_MOST_RECENT: Final = 256


class Handled(Mapping[bytes, bytes]):
    """Digests of every command ever handled: of its id, and of its body.

    Eight bytes each. A dialogue remembers all of them for life, since a window of
    recent ids would let an old message come back as a new one.
    """

    def __init__(
        self,
        digests: dict[bytes, bytes] | None = None,
        recent: dict[bytes, bytes] | None = None,
    ) -> None:
        """Take digests by the digest of the command's id, ``recent`` ones apart.

        Successive states share what is not recent, so that one more costs the same
        however many there are. No id may be in both; neither is changed any more.
        """
        self._digests = digests or {}
        self._recent = recent or {}

    def __getitem__(self, key: bytes) -> bytes:
        """Give the digest of the body that came under this id."""
        found = self._recent.get(key)
        return self._digests[key] if found is None else found

    def __iter__(self) -> Iterator[bytes]:
        """Give the digests of ids, in the order in which they were handled."""
        yield from self._digests
        yield from self._recent

    def __len__(self) -> int:
        """Count the commands handled."""
        return len(self._digests) + len(self._recent)

    def __eq__(self, other: object) -> bool:
        """Compare as mappings."""
        return isinstance(other, Handled) and self._whole() == other._whole()

    __hash__ = None  # type: ignore[assignment]

    def adding(self, key: bytes, digest: str) -> Handled:
        """Give these digests and one more."""
        more = {key: bytes.fromhex(digest)}
        if key in self._digests or len(self._recent) >= _MOST_RECENT:
            return Handled(self._whole() | more)
        return Handled(self._digests, self._recent | more)

    def _whole(self) -> dict[bytes, bytes]:
        return self._digests | self._recent

    def packed(self) -> str:
        """Write the digests as base64: 16 bytes for each command."""
        raw = b"".join(key + body for key, body in self.items())
        return base64.b64encode(raw).decode()

    @classmethod
    def unpacked(cls, value: object) -> Handled:
        """Read what `packed` wrote."""
        if isinstance(value, Handled):
            return value
        raw = base64.b64decode(str(value), validate=True)
        size = 2 * _DIGEST_BYTES
        pairs = (raw[i : i + size] for i in range(0, len(raw), size))
        return cls({p[:_DIGEST_BYTES]: p[_DIGEST_BYTES:] for p in pairs})


HandledField = Annotated[
    Handled,
    PlainValidator(Handled.unpacked),
    PlainSerializer(Handled.packed, return_type=str),
]

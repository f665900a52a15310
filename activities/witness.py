"""A witness says under a checkpoint that it saw the log grow and never change.

C2SP tlog-witness: the checkpoint goes to the witness with a proof that it continues the
last one the witness cosigned. What it answers is believed only when its signature holds
(C2SP tlog-cosignature), and kept only then.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

from activities.outward import Answer, Outward, Unreached
from activities.target import Contradiction, Newest, NotPublished
from activities.webhook import asked_to_wait
from evidence.errors import BadSignature, EvidenceError, MalformedNote
from evidence.note import (
    Signature,
    VerifierKey,
    add_signatures,
    cosigned_at,
    parse_note,
)
from storage.pool import Pool
from storage.proofs import consistency
from storage.publications import cosignatures, keep_cosignature, publication

_OK, _CONFLICT, _UNPROCESSABLE = 200, 409, 422
_SIZE: Final = re.compile(rb"(0|[1-9][0-9]{0,15})\n", re.ASCII)
_SAID: Final = {
    400: "it could not read our request",
    403: "it does not know the log's key; tell its operator the new one",
    404: "it does not know this log; ask its operator to add it",
    429: "it is busy",
}
_TRIES: Final = 3
"""Another of our requests may come in between, and move the witness on."""


class Witness:
    """One witness: the key that it cosigns with, and where it takes checkpoints."""

    def __init__(self, key: VerifierKey, url: str, outward: Outward) -> None:
        """``url`` is the submission prefix, without ``/add-checkpoint``."""
        self.id = f"witness:{key.name}+{key.id.hex()}"
        self.key_name = key.name
        self._key = key
        self._url = f"{url.rstrip('/')}/add-checkpoint"
        self._outward = outward

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Get the witness's line and keep it.

        Raises `NotPublished`, and `Contradiction` where the witness saw another log.
        """
        if await self._has_signed(pool, newest):
            return False
        known = await publication(pool, self.id)
        old = (known.size if known else None) or 0
        line = await self._ask(pool, newest, old)
        await keep_cosignature(pool, newest.size, self._key.name, line.line())
        # At this point the line is on record. Killed before, a worker asks again, and
        # the witness signs again, from the size that it then has.
        return True

    async def _has_signed(self, pool: Pool, newest: Newest) -> bool:
        there = await cosignatures(pool, newest.size)
        return any(
            parse_note(b"\n\n" + one.line.encode()).signatures[0].key_id == self._key.id
            for one in there
        )

    async def _ask(self, pool: Pool, newest: Newest, old: int) -> Signature:
        for _ in range(_TRIES):
            if old > newest.size:
                raise Contradiction(
                    f"the witness cosigned a checkpoint of size {old}, and the newest "
                    f"on record is of size {newest.size}: was an older record put back?"
                )
            answer = await self._post(await self._request(pool, newest, old))
            if answer.status == _OK:
                return self._line(newest, answer.body)
            if answer.status != _CONFLICT:
                raise _refused(answer)
            old = _seen(answer)
        raise NotPublished("the witness went on while it was asked")

    async def _request(self, pool: Pool, newest: Newest, old: int) -> bytes:
        proof: tuple[bytes, ...] = ()
        if old:
            async with pool.connection() as conn:
                proof = await consistency(conn, old, newest.size)
        lines = [f"old {old}", *(b64encode(one).decode() for one in proof), "", ""]
        return "\n".join(lines).encode() + newest.note

    async def _post(self, body: bytes) -> Answer:
        try:
            return await self._outward.post(self._url, body)
        except Unreached as error:
            raise NotPublished(str(error)) from None

    def _line(self, newest: Newest, answer: bytes) -> Signature:
        """Give the witness's line, which holds; other lines are not looked at."""
        try:
            own = [one for one in _lines(answer) if self._is_own(one)]
            for one in own:
                self._check(newest, one)
        except BadSignature:
            raise NotPublished("the witness's signature does not hold") from None
        except EvidenceError:
            raise NotPublished("the witness's answer is no signature") from None
        if not own:
            raise NotPublished("the witness answered with another key than configured")
        return own[0]

    def _check(self, newest: Newest, line: Signature) -> None:
        note = parse_note(add_signatures(newest.note, line.line().encode()))
        if not cosigned_at(note, self._key):
            raise BadSignature("a cosignature says when it was made")

    def _is_own(self, line: Signature) -> bool:
        return (line.name, line.key_id) == (self._key.name, self._key.id)


def _lines(answer: bytes) -> tuple[Signature, ...]:
    if not answer.startswith("— ".encode()):
        raise MalformedNote
    return parse_note(b"\n\n" + answer).signatures


def _seen(answer: Answer) -> int:
    """Read which size the witness has, from its 409."""
    found = _SIZE.fullmatch(answer.body)
    if not found:
        raise NotPublished("the witness answered 409 without a size")
    return int(found[1])


def _refused(answer: Answer) -> NotPublished:
    if answer.status == _UNPROCESSABLE:
        return Contradiction(
            "the witness answered 422: this checkpoint does not continue the one that "
            "it cosigned; was the record put back or written anew?"
        )
    said = _SAID.get(answer.status, "")
    message = f"the witness answered {answer.status}{': ' if said else ''}{said}"
    return NotPublished(message, wait=asked_to_wait(answer))

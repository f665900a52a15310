"""A timestamp authority says when a checkpoint existed at the latest (RFC 3161).

The request is over the SHA-256 of the note as the log signed it. The answer is believed
only when the chain of its signature ends in a certificate that the operator trusts, and
kept whole, so that any program for RFC 3161 can check it later:

    openssl ts -verify -data SIZE.checkpoint -in SIZE.tsr -CAfile AUTHORITY.pem
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from activities.letters import one_line
from activities.outward import Outward, Unreached
from activities.target import BadTarget, Newest, NotPublished
from activities.webhook import asked_to_wait, host_of
from storage.pool import Pool
from storage.publications import Timestamp, keep_timestamp, timestamps

_QUERY: Final = {
    "content-type": "application/timestamp-query",
    "accept": "application/timestamp-reply",
}
_OK: Final = 200


def read_certificates(path: Path) -> tuple[Certificate, ...]:
    """Read the certificates, in PEM, of the authorities to trust.

    Raises ``BadTarget``.
    """
    try:
        found = load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        raise BadTarget(
            f"POLDER_TIMESTAMP_CERTIFICATES: no certificates in PEM in {path}"
        ) from None
    return tuple(found)


class Authority:
    """One authority, and the certificates that its signature must lead to."""

    def __init__(
        self, url: str, trusted: tuple[Certificate, ...], outward: Outward
    ) -> None:
        """Nothing happens before ``publish``."""
        self.name = host_of(url)
        self.id = f"timestamp:{self.name}"
        self._url = url
        self._trusted = trusted
        self._outward = outward

    async def publish(self, pool: Pool, newest: Newest) -> bool:
        """Get a timestamp and keep it; raises `NotPublished`."""
        there = await timestamps(pool, newest.size)
        if any(one.authority == self.name for one in there):
            return False
        stamp = await self.stamp(newest.note)
        await keep_timestamp(pool, newest.size, stamp)
        return True

    async def stamp(self, note: bytes) -> Timestamp:
        """Ask for a timestamp over ``note``, and verify it."""
        request = (
            TimestampRequestBuilder()
            .data(note)
            .hash_algorithm(HashAlgorithm.SHA256)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        try:
            answer = await self._outward.post(self._url, request.as_bytes(), _QUERY)
        except Unreached as error:
            raise NotPublished(str(error)) from None
        if answer.status != _OK:
            message = f"the authority answered {answer.status}"
            raise NotPublished(message, wait=asked_to_wait(answer))
        return self._verified(note, answer.body, request.nonce)

    def _verified(self, note: bytes, token: bytes, nonce: int | None) -> Timestamp:
        verifier = VerifierBuilder(roots=list(self._trusted), nonce=nonce).build()
        try:
            response = decode_timestamp_response(token)
            if response.status != PKIStatus.GRANTED:
                raise _not_granted(response)
            verifier.verify_message(response, note)
            return Timestamp(self.name, token, response.tst_info.gen_time)
        except VerificationError as error:
            raise NotPublished(f"the timestamp does not hold: {error}") from None
        except ValueError:
            raise NotPublished("the authority's answer is no timestamp") from None


def _not_granted(response: TimeStampResponse) -> NotPublished:
    said = one_line(" ".join(response.status_string), 200)
    return NotPublished(
        f"the authority gave no timestamp (status {response.status}): {said}"
    )

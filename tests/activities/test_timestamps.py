"""A timestamp is kept when any program for RFC 3161 would believe it, and else not."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.x509 import load_pem_x509_certificates

from activities.target import NotPublished
from activities.timestamps import Authority
from storage.publications import timestamps
from tests.activities.authority import (
    TimestampAuthority,
    authority_serving,
    make_authority,
    openssl,
)
from tests.activities.checkpoints import LOOPBACK, Journal, journal

__all__ = ["journal"]


@pytest.fixture
def authority(tmp_path: Path) -> TimestampAuthority:
    """An authority that the client trusts."""
    openssl()
    return make_authority(tmp_path / "authority")


def client(url: str, trusted: TimestampAuthority) -> Authority:
    """Our side, which trusts one root."""
    roots = load_pem_x509_certificates(trusted.roots.read_bytes())
    return Authority(url, tuple(roots), LOOPBACK)


async def test_a_checkpoint_is_stamped_and_openssl_agrees(
    journal: Journal, authority: TimestampAuthority, tmp_path: Path
) -> None:
    """What is kept is over the note as it was signed, and holds for other programs."""
    newest = await journal.grow()
    async with authority_serving(authority) as url:
        assert await client(url, authority).publish(journal.pool, newest)
    [stamp] = await timestamps(journal.pool, newest.size)
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(minutes=1)
    (tmp_path / "note").write_bytes(newest.note)
    (tmp_path / "tsr").write_bytes(stamp.token)
    judge = [openssl(), "ts", "-verify", "-data", str(tmp_path / "note"), "-in"]
    judge += [str(tmp_path / "tsr"), "-CAfile", str(authority.roots)]
    judged = subprocess.run(judge, capture_output=True, check=False)
    assert judged.returncode == 0, judged.stderr
    (tmp_path / "note").write_bytes(newest.note + b"\n")
    assert subprocess.run(judge, capture_output=True, check=False).returncode != 0


async def test_a_checkpoint_is_stamped_once(
    journal: Journal, authority: TimestampAuthority
) -> None:
    """Authorities ask money for a timestamp: a repeat asks for none."""
    newest = await journal.grow()
    async with authority_serving(authority) as url:
        ours = client(url, authority)
        assert await ours.publish(journal.pool, newest)
        assert not await ours.publish(journal.pool, newest)
    assert len(authority.served) == 1


async def test_an_authority_that_nobody_trusts_is_not_believed(
    journal: Journal, authority: TimestampAuthority, tmp_path: Path
) -> None:
    """The signature has to lead to a certificate that the operator named."""
    other = make_authority(tmp_path / "other", "Elders")
    newest = await journal.grow()
    async with authority_serving(other) as url:
        with pytest.raises(NotPublished, match="does not hold"):
            await client(url, authority).publish(journal.pool, newest)
    assert await timestamps(journal.pool, newest.size) == ()


async def test_a_timestamp_of_something_else_is_not_believed(
    journal: Journal, authority: TimestampAuthority
) -> None:
    """An answer to an earlier question, or over another note, is no answer."""
    first = await journal.grow()
    async with authority_serving(authority) as url:
        ours = client(url, authority)
        authority.again = (await ours.stamp(first.note)).token
        with pytest.raises(NotPublished, match="Nonce"):
            await ours.publish(journal.pool, first)
        with pytest.raises(NotPublished, match="does not hold"):
            await ours.publish(journal.pool, await journal.grow())


@pytest.mark.parametrize(
    "answer", [b"", b"no", b"\x30\x05\x30\x03\x02\x01\x02", b"\x30\x80", b"0" * 1000]
)
async def test_what_is_no_timestamp_is_not_kept(
    authority: TimestampAuthority, answer: bytes
) -> None:
    """Garbage and refusals are told apart from nothing, and tried again."""
    authority.again = answer or b"\x00"
    async with authority_serving(authority) as url:
        with pytest.raises(NotPublished, match="no timestamp"):
            await client(url, authority).stamp(b"a note\n")


async def test_an_authority_out_of_order_is_told_by_its_answer(
    authority: TimestampAuthority,
) -> None:
    """The operator reads what it said."""
    authority.status = 503
    async with authority_serving(authority) as url:
        with pytest.raises(NotPublished, match="the authority answered 503"):
            await client(url, authority).stamp(b"a note\n")

"""Where mail goes is one URL, and a password never travels in the open."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities.letters import Addressee, letter, read_address
from activities.smtp import (
    BadMailSettings,
    MailServerFailing,
    MailSettings,
    Post,
    PutOff,
    Refused,
)
from servers import MailServer
from tests.activities.notices import FROM, notice, settings


def a_letter(address: str = "zoe@example.org") -> EmailMessage:
    """A letter to somebody."""
    found, sender = read_address(address), read_address("polder@waterdam.example")
    assert found is not None
    assert sender is not None
    to = Addressee("p-1", "Zoë", found)
    return letter(notice("p-1"), to, sender=sender, date=datetime.now(UTC))


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("smtp://mail.example.org", "mail.example.org", 25, "offered"),
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, "offered"),
        (
            "smtp://mail.example.org?starttls=required",
            "mail.example.org",
            587,
            "required",
        ),
        ("smtp://mail.example.org:25?starttls=never", "mail.example.org", 25, "never"),
        ("smtp://u:p@mail.example.org", "mail.example.org", 587, "required"),
        ("smtps://u:p@mail.example.org", "mail.example.org", 465, "implicit"),
        ("smtp://[::1]:2525", "::1", 2525, "offered"),
    ],
)
def test_a_url_says_where_and_how(url: str, host: str, port: int, tls: str) -> None:
    """Host, port and encryption, with the usual port for each way."""
    found = MailSettings.read(url, FROM)
    assert (found.host, found.port, found.tls) == (host, port, tls)


def test_user_and_password_may_hold_any_sign() -> None:
    """They are percent-encoded in the URL, and the password is not shown."""
    found = MailSettings.read("smtps://polder%40x:p%2F%40%3A@mail.example.org", FROM)
    assert (found.user, found.password) == ("polder@x", "p/@:")
    assert "p/@:" not in repr(found)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("http://mail.example.org", FROM),
        ("mail.example.org:25", FROM),
        ("smtp://", FROM),
        ("smtp://u:geheim@mail.example.org:99999", FROM),
        ("smtp://u:geheim@mail.example.org?starttls=maybe", FROM),
        ("smtp://u:geheim@mail.example.org?tls=yes", FROM),
        ("smtps://u:geheim@mail.example.org?starttls=never", FROM),
        ("smtp://mail.example.org", "Polder"),
        ("smtp://mail.example.org", ""),
    ],
)
def test_bad_settings_are_refused_at_the_start(url: str, sender: str) -> None:
    """They are refused when read, and the error does not repeat the password."""
    with pytest.raises(BadMailSettings) as caught:
        MailSettings.read(url, sender)
    assert "geheim" not in str(caught.value)


def test_the_sender_is_one_mailbox() -> None:
    """A name around the address is kept, and can't bring a header along."""
    found = MailSettings.read("smtp://host", "Gemeente Waterdam\r\n <p@w.example>")
    assert str(found.sender) == "Gemeente Waterdam <p@w.example>"


async def test_what_the_server_says_is_for_good_or_for_now(mail: MailServer) -> None:
    """550 and 451 differ, and the connection goes on after both."""
    async with Post(settings(mail.address)) as post:
        with pytest.raises(Refused):
            await post.send(a_letter("gerda@gone.example"))
        with pytest.raises(PutOff) as caught:
            await post.send(a_letter("bea@busy.example"))
        await post.send(a_letter())
    assert caught.value.code == 451
    assert len(mail.messages()) == 1


async def test_required_encryption_is_not_done_without(mail: MailServer) -> None:
    """A server that does not offer STARTTLS gets no letter, and no password."""
    required = settings(f"{mail.address}?starttls=required")
    async with Post(required) as post:
        with pytest.raises(MailServerFailing, match="can't be reached"):
            await post.send(a_letter())
    assert mail.messages() == []


async def test_a_server_that_goes_away_is_failing(mail: MailServer) -> None:
    """A connection that is lost between two letters is a failure of the server."""
    async with Post(settings(mail.address)) as post:
        await post.send(a_letter())
        await mail.kill()
        with pytest.raises(MailServerFailing):
            await post.send(a_letter())
    assert len(mail.messages()) == 1


class Guarded:
    """A mail server's part that lets in one user, and says no to one sender."""

    def __init__(self) -> None:
        """Nothing has come in yet."""
        self.accepted: list[str] = []

    async def handle_MAIL(  # noqa: N802 (the name is aiosmtpd's)
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take mail of those who came in."""
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (the name is aiosmtpd's)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take it over."""
        self.accepted += envelope.rcpt_tos
        return "250 OK"

    @staticmethod
    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        """Know one user."""
        known = LoginPassword(b"polder", b"geheim")
        return AuthResult(success=given == known, handled=False)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for this machine with its key, that is trusted during the test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(private + made.public_bytes(pem))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@asynccontextmanager
async def guarded(
    certificate: Path, *, implicit: bool
) -> AsyncGenerator[tuple[Guarded, int]]:
    """A server that wants encryption, a user and a password."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    mailbox, loop = Guarded(), asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            tls_context=None if implicit else context,
            require_starttls=not implicit,
            auth_require_tls=not implicit,
            authenticator=Guarded.authenticate,
            loop=loop,
        )

    server = await loop.create_server(
        session, "127.0.0.1", 0, ssl=context if implicit else None
    )
    async with server:
        yield mailbox, server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_user_and_password_go_over_an_encrypted_line(
    certificate: Path, scheme: str
) -> None:
    """By STARTTLS or from the start, the letter arrives with those who know us."""
    async with guarded(certificate, implicit=scheme == "smtps") as (mailbox, port):
        url = f"{scheme}://polder:geheim@127.0.0.1:{port}"
        async with Post(settings(url)) as post:
            await post.send(a_letter())
    assert mailbox.accepted == ["zoe@example.org"]


async def _send_alone(post: Post) -> None:
    async with post:
        await post.send(a_letter())


@pytest.mark.parametrize("user", ["polder:fout@", ""])
async def test_who_is_not_let_in_blames_no_recipient(
    certificate: Path, user: str
) -> None:
    """A wrong or missing password is a failure to repeat, not an undeliverable one."""
    async with guarded(certificate, implicit=True) as (mailbox, port):
        post = Post(settings(f"smtps://{user}127.0.0.1:{port}"))
        with pytest.raises(MailServerFailing, match=r"53[05]"):
            await _send_alone(post)
    assert mailbox.accepted == []


async def test_a_certificate_of_another_is_not_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can't show who they are gets neither password nor letter."""
    async with guarded(certificate, implicit=True) as (mailbox, port):
        monkeypatch.delenv("SSL_CERT_FILE")
        url = f"smtps://polder:geheim@127.0.0.1:{port}"
        async with Post(settings(url)) as post:
            with pytest.raises(MailServerFailing):
                await post.send(a_letter())
    assert mailbox.accepted == []

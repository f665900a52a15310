"""Handing letters to a mail server: taken, refused for good, put off, or unreachable.

The server's own words name the recipient, so they stay here: what leaves this module
says a code and the kind of trouble, never an address.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from types import TracebackType
from typing import Final, Literal, NoReturn, Self, cast, get_args
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from activities.letters import read_address

Tls = Literal["implicit", "required", "offered", "never"]
"""Encrypted from the start; by STARTTLS or not at all; if it is offered; never."""

SECONDS: Final = 20.0
"""How long the server may take for one answer."""

_PERMANENT: Final = 500
_OF_THE_SERVER: Final = {421, 500, 501, 502, 503, 504, 530, 534, 535, 538}
"""Answers that say nothing about the recipient (RFC 5321, 4.2.3; RFC 4954, 6)."""


class BadMailSettings(ValueError):
    """The settings for mail can't be used."""


class Refused(Exception):
    """The server will never take this letter for this recipient."""


class PutOff(Exception):
    """The server does not take this letter now, and may take it later."""

    def __init__(self, code: int) -> None:
        """Keep the SMTP code."""
        self.code = code
        super().__init__(f"put off with {code}")


class MailServerFailing(Exception):
    """The server can't be reached, or does not do its work for anybody.

    The message holds no personal data. It may have taken the last letter all the same.
    """


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Where mail goes and whom it is from."""

    host: str
    port: int
    tls: Tls
    sender: Address
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, url: str, sender: str) -> Self:
        """Read ``smtp://[user:password@]host[:port][?starttls=…]`` or ``smtps://…``.

        ``starttls`` is ``required``, ``offered`` (the default, where there is no
        password to lose) or ``never``. ``sender`` is an address, with or without a
        name: ``Polder <polder@example.org>``. Raises `BadMailSettings`, which never
        repeats the password.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise BadMailSettings("the port of the mail server is no port") from None
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise BadMailSettings("use smtp://host:port or smtps://host:port")
        tls = _tls(parts.scheme, parts.query, guarded=parts.username is not None)
        return cls(
            host=parts.hostname,
            port=port or {"implicit": 465, "required": 587}.get(tls, 25),
            tls=tls,
            sender=_sender(sender),
            user=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
        )


def _tls(scheme: str, query: str, *, guarded: bool) -> Tls:
    options = parse_qs(query, keep_blank_values=True)
    said = options.pop("starttls", [])
    if options:
        raise BadMailSettings("starttls is the only option of a mail server's URL")
    if scheme == "smtps":
        if said:
            raise BadMailSettings("smtps:// is encrypted from the start: no starttls")
        return "implicit"
    if not said:
        return "required" if guarded else "offered"
    if said[-1] not in set(get_args(Tls)) - {"implicit"}:
        raise BadMailSettings("starttls is required, offered or never")
    return cast("Tls", said[-1])


def _sender(text: str) -> Address:
    name, address = parseaddr(re.sub(r"[\r\n]", " ", text))
    found = read_address(address, name)
    if found is None:
        raise BadMailSettings("the sender needs an address: Polder <polder@host.org>")
    return found


class Post:
    """One connection to the mail server, made when the first letter goes."""

    def __init__(self, settings: MailSettings) -> None:
        """Nothing happens before `send`."""
        self._settings = settings
        self._server: aiosmtplib.SMTP | None = None

    async def __aenter__(self) -> Self:
        """Stay unconnected: perhaps nothing has to go."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take leave of the server; a letter half sent is a letter not sent."""
        if self._server is None:
            return
        if error is None:
            # Every letter was answered already.
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._server.quit()
        self._server.close()

    async def send(self, letter: EmailMessage) -> None:
        """Hand over a letter with one recipient. Durable with the server on return.

        Raises `Refused`, `PutOff` or `MailServerFailing`; after the last of these the
        server may have taken it, when only its answer was lost.
        """
        server = self._server or await self._connect()
        try:
            await server.send_message(letter)
        except aiosmtplib.SMTPRecipientsRefused as error:
            _judge(error.recipients[0].code)
        except aiosmtplib.SMTPSenderRefused as error:
            raise _failing(f"refuses the sender with {error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            _judge(error.code)
        except (aiosmtplib.SMTPNotSupported, ValueError):
            # An address in a script that this server does not carry (RFC 6531).
            raise Refused from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _failing(f"was lost ({type(error).__name__})") from None

    async def _connect(self) -> aiosmtplib.SMTP:
        settings = self._settings
        starttls = {"required": True, "offered": None}.get(settings.tls, False)
        server = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls == "implicit",
            start_tls=starttls,
            username=settings.user,
            password=settings.password,
            timeout=SECONDS,
        )
        try:
            await server.connect()
        except aiosmtplib.SMTPResponseException as error:
            raise _failing(f"does not let us in ({error.code})") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _failing(f"can't be reached ({type(error).__name__})") from None
        self._server = server
        return server


def _judge(code: int) -> NoReturn:
    if code in _OF_THE_SERVER:
        raise _failing(f"answers {code}") from None
    if code >= _PERMANENT:
        raise Refused from None
    raise PutOff(code) from None


def _failing(what: str) -> MailServerFailing:
    return MailServerFailing(f"the mail server {what}")

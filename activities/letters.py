"""A letter is made from a notice and a name, by pure rules: same notice, same letter.

Its Message-ID follows from dialogue, effect and recipient alone, so that whoever gets
it twice can see that it is one. Names and titles come from people: none of them can
add a header, a line or a recipient.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from typing import Final

from activities.contracts import Notice
from activities.invitation import calendar_text, method_of
from activities.labels import CODES, LABELS
from activities.wordings import WORDINGS
from language import spoken, translator
from language.dates import span, until

MESSAGE_DOMAIN: Final = "polder.invalid"
"""Right side of every Message-ID: no host's, so that it never changes (RFC 2606, 2)."""

_LONGEST_NAME: Final = 200
_LONGEST_SUBJECT: Final = 200
_LONGEST_LINE: Final = 5_000
_SHORT: Final = 200
_LOCAL_PART: Final = re.compile(r"[^\x00-\x20\x7f()<>@,;:\\\"\[\]]{1,64}")
_DOMAIN: Final = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*", re.IGNORECASE)
_LONGEST_ADDRESS: Final = 254
_IN_A_NAME: Final = re.compile(r"[^\w\s.'’&/+-]")
_TURNS_TEXT: Final = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F}


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a letter goes to: opaque id, name if known, and an address that is one."""

    recipient: str
    name: str | None
    address: Address


def message_id(notice: Notice, recipient: str) -> str:
    """Return the Message-ID of a notice to a recipient (RFC 5322, 3.6.4).

    It is made of dialogue, effect and recipient; never of an attempt, a clock or a
    run.
    """
    return _id_of("message", notice.stream, notice.effect, recipient)


def _thread(notice: Notice, recipient: str) -> str:
    """Give what all letters to somebody about one window, act or subject refer to."""
    if notice.subject is not None:
        return _id_of("subject", notice.stream, notice.subject, recipient)
    step = notice.step or ""
    return _id_of("thread", notice.stream, step, notice.heading, recipient)


def _id_of(*parts: str) -> str:
    digest = sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"<{digest[:40]}@{MESSAGE_DOMAIN}>"


def read_address(text: str | None, name: str = "") -> Address | None:
    """Read an e-mail address such as ``jan@example.org``; None if it is not one.

    A domain in another script is written as DNS has it; quoted local parts, groups
    and names around the address are not taken.
    """
    local, at, domain = (text or "").strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    fits = at and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)
    if not fits or len(local) + len(domain) >= _LONGEST_ADDRESS:
        return None
    if any(unicodedata.category(sign) in {"Cs", "Cc", "Zs"} for sign in local):
        return None
    return Address(display_name=_header_name(name), username=local, domain=domain)


def one_line(text: str, longest: int) -> str:
    """Return ``text`` on one line, without signs that break, turn or hide it."""
    kept = (_plain(sign) for sign in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _plain(sign: str) -> str:
    if ord(sign) in _TURNS_TEXT:
        return ""
    match unicodedata.category(sign):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cs":
            return "\ufffd"
        case _:
            return sign


def _header_name(name: str) -> str:
    # Only signs that need no quotes: where Python folds a long name it leaves the
    # quotes off, and what follows a comma becomes a recipient of its own.
    return one_line(_IN_A_NAME.sub(" ", one_line(name, _LONGEST_NAME)), _LONGEST_NAME)


def letter(
    notice: Notice,
    to: Addressee,
    *,
    sender: Address,
    date: datetime,
    texts: Mapping[str, str] | None = None,
) -> EmailMessage:
    """Return the letter that tells somebody what a notice is about.

    ``date`` is the real time at which it goes out, with an offset. ``texts`` are the
    opened private texts by the names under which the notice encloses them. It is
    written in the notice's language, or in English.
    """
    opened = {n: _lines(text) for n, text in (texts or {}).items()}
    lang = spoken(notice.language)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = message_id(notice, to.recipient)
    message["Date"] = date
    message["From"] = sender
    message["To"] = to.address
    message["Subject"] = one_line(_subject(notice, lang), _LONGEST_SUBJECT)
    message["References"] = _thread(notice, to.recipient)
    message["In-Reply-To"] = _thread(notice, to.recipient)
    message["Auto-Submitted"] = "auto-generated"
    message["Polder-Dialogue"] = one_line(notice.stream, _LONGEST_SUBJECT)
    message["Polder-Effect"] = one_line(notice.effect, _LONGEST_SUBJECT)
    body = _body(notice, to.name, lang, opened)
    message.set_content(body, cte="quoted-printable")
    if notice.invitation is not None:
        _invite(message, notice, opened, to=to, sender=sender, date=date, lang=lang)
    message["Content-Language"] = lang
    return message


def _subject(notice: Notice, lang: str) -> str:
    heading = one_line(notice.heading, _LONGEST_SUBJECT)
    return translator(lang)(WORDINGS[notice.notice].subject).format(heading=heading)


def _body(notice: Notice, name: str | None, lang: str, texts: Mapping[str, str]) -> str:
    """Write a greeting, what it is about, until when, what it means, and from whom."""
    _ = translator(lang)
    wording = WORDINGS[notice.notice]
    heading = one_line(notice.heading, 500)
    paragraphs = [
        _greeting(name, lang),
        *(_(text).format(heading=heading) for text in wording.opening),
        _facts(notice, lang),
        *_listed(notice, lang, texts),
        *_deadline(notice, wording.deadline, lang),
        *(_(text) for text in wording.meaning),
        _("Do you have a question? Ask the process director of this dialogue."),
        _signature(notice, lang),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _greeting(name: str | None, lang: str) -> str:
    _ = translator(lang)
    called = one_line(name or "", _LONGEST_NAME)
    return _("Dear {name},").format(name=called) if called else _("Hello,")


def _facts(notice: Notice, lang: str) -> str:
    _ = translator(lang)
    facts = [(_("Dialogue"), notice.title)]
    if notice.question:
        facts.append((_("Question"), notice.question))
    if notice.step:
        facts.append((_("Step"), notice.step))
    return "\n".join(f"{label}: {one_line(text, 500)}" for label, text in facts)


def _deadline(notice: Notice, sentence: str | None, lang: str) -> list[str]:
    """Say until when in local words, and of a window the one instant that counts."""
    if sentence is None or notice.closes is None:
        return []
    _ = translator(lang)
    if notice.subject is not None and notice.closes_local is not None:
        last = datetime.fromisoformat(notice.closes_local).replace(tzinfo=None)
        return [_(sentence).format(until=until(lang, last))]
    exact = _("The exact moment of closing is {instant} (UTC). Time zone: {zone}.")
    written = notice.closes.replace(tzinfo=None).isoformat()
    told = exact.format(instant=f"{written}Z", zone=one_line(notice.zone, 100))
    if notice.closes_local is None:
        return [told]
    local = datetime.fromisoformat(notice.closes_local).replace(tzinfo=None)
    return [f"{_(sentence).format(until=until(lang, local))}\n{told}"]


def _signature(notice: Notice, lang: str) -> str:
    _ = translator(lang)
    told = _("This message was sent automatically. Reference: {stream}, {effect}.")
    stream, effect = (one_line(part, 200) for part in (notice.stream, notice.effect))
    return "-- \n" + told.format(stream=stream, effect=effect)


def _listed(notice: Notice, lang: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Give when it is, the facts, and the opened texts; long ones stand apart."""
    short = [*_when(notice, lang), *_told(notice, lang)]
    long = list[str]()
    for enclosed in notice.enclosed:
        label, text = _label(enclosed.name, lang), texts.get(enclosed.name, "")
        if "\n" in text or len(text) > _SHORT:
            long.append(f"{label}:\n{text}")
        elif text:
            short.append(f"{label}: {text}")
    if short:
        yield "\n".join(short)
    yield from long


def _when(notice: Notice, lang: str) -> Iterator[str]:
    if notice.begins_local is None or notice.ends_local is None:
        return
    local = (notice.begins_local, notice.ends_local)
    begins, ends = (datetime.fromisoformat(m).replace(tzinfo=None) for m in local)
    _ = translator(lang)
    zone = one_line(notice.zone, 100)
    told = _("{span} (time zone {zone})").format(
        span=span(lang, begins, ends), zone=zone
    )
    yield f"{_('When')}: {told}"


def _told(notice: Notice, lang: str) -> Iterator[str]:
    _ = translator(lang)
    for fact in notice.facts:
        word = CODES.get(fact.name, {}).get(fact.value)
        yield f"{_label(fact.name, lang)}: {_(word) if word else fact.value}"


def _label(name: str, lang: str) -> str:
    return translator(lang)(LABELS.get(name, name))


def _lines(text: str) -> str:
    """Return a private text line by line, without signs that hide or turn it."""
    lines = (one_line(line, _LONGEST_LINE) for line in text.splitlines())
    return "\n".join(lines).strip()


def _invite(
    message: EmailMessage,
    notice: Notice,
    texts: Mapping[str, str],
    *,
    to: Addressee,
    sender: Address,
    date: datetime,
    lang: str,
) -> None:
    """Add the invitation for calendars, as another form of the letter (RFC 6047)."""
    if notice.invitation is None:
        return
    parts = [_facts(notice, lang), *_listed(notice, lang, texts)]
    text = calendar_text(
        notice,
        notice.invitation,
        texts=texts,
        description="\n\n".join(parts),
        attendee=to.address,
        organizer=sender,
        stamp=date,
        lang=lang,
    )
    method = method_of(notice.invitation)
    message.add_alternative(
        text, subtype="calendar", params={"method": method}, cte="base64"
    )

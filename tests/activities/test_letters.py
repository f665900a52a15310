"""A letter says what is asked and until when, and nobody's name can change its form."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.letters import Addressee, letter, message_id, read_address
from activities.wordings import WORDINGS
from domain.notices import Act, NoticeKind
from tests.activities.notices import notice

SENDER = Address("Polder", addr_spec="polder@waterdam.example")
DATE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COMPENSATIONS: tuple[Act, ...] = get_args(Act)
KINDS: tuple[NoticeKind, ...] = tuple(
    kind for part in get_args(NoticeKind) for kind in get_args(part)
)


def written(
    name: str | None = "Zoë de Vries", text: str = "zoe@example.org", **changes: object
) -> EmailMessage:
    """A letter as its receiver reads it, after the way over the wire."""
    address = read_address(text, name or "")
    assert address is not None
    to = Addressee("p-1", name, address)
    sent = letter(notice("p-1", **changes), to, sender=SENDER, date=DATE)
    return message_from_bytes(sent.as_bytes(), policy=policy.default)


def body(message: EmailMessage) -> str:
    """The text of a letter."""
    return message.get_content().replace("\r\n", "\n")


def test_an_open_window_in_dutch() -> None:
    """What is asked, of which dialogue and question, until when, in words and exact."""
    message = written()
    assert message["Subject"] == "Uw reactie gevraagd: Reactie op het conceptverslag"
    assert body(message) == (
        "Beste Zoë de Vries,\n\n"
        "Wij horen graag wat u vindt. De reactietermijn ‘Reactie op het conceptverslag’"
        " is open.\n\n"
        "Dialoog: Parkzicht\n"
        "Vraag: Hoe wordt het park ingericht?\n"
        "Stap: Verslag\n\n"
        "U kunt reageren tot en met vrijdag 4 december 2026, 24.00 uur.\n"
        "Het precieze moment van sluiten is 2026-12-04T23:00:00Z (UTC)."
        " Tijdzone: Europe/Amsterdam.\n\n"
        "U bepaalt zelf of u reageert. Als u reageert, helpt u ons om alle kanten te"
        " horen.\n\n"
        "Hebt u een vraag? Stel die aan de procesregisseur van deze dialoog.\n\n"
        "-- \n"
        "Dit bericht is automatisch verstuurd."
        " Kenmerk: gemeente-waterdam:parkzicht, e12.\n"
    )


def test_a_retraction_in_english() -> None:
    """What no longer holds, why in general terms, and what it means for the reader."""
    message = written(
        name=None,
        notice="retract_report",
        language="en",
        heading="Draft report sent",
        step="Report",
        question=None,
        closes=None,
        closes_local=None,
    )
    assert message["Subject"] == "Report retracted: Draft report sent"
    assert body(message) == (
        "Hello,\n\n"
        "You received a report from us. That report no longer holds. Please do not use"
        " it any more. It is about “Draft report sent”.\n\n"
        "The reason is that an earlier step of this dialogue is being done again. What"
        " came after that step may change.\n\n"
        "Dialogue: Parkzicht\n"
        "Step: Report\n\n"
        "You do not have to do anything now. Responses that you gave are kept. If we"
        " need you again, you will receive a new message.\n\n"
        "Do you have a question? Ask the process director of this dialogue.\n\n"
        "-- \n"
        "This message was sent automatically."
        " Reference: gemeente-waterdam:parkzicht, e12.\n"
    )


@pytest.mark.parametrize(
    ("kind", "nl", "en"),
    [
        ("window_reminder", "nog geen reactie van u", "not have a response from you"),
        ("window_extended", "meer tijd om te reageren", "more time to respond"),
        ("window_shortened", "minder tijd om te reageren", "less time to respond"),
        ("window_resumed", "is weer open", "is open again"),
        ("window_closed", "is gesloten", "is closed"),
        ("withdraw_invitation", "Die uitnodiging geldt niet meer", "no longer holds"),
        ("void_window", "is vervallen", "has lapsed"),
        ("tell", "Dat bericht geldt niet meer", "no longer holds"),
    ],
)
def test_each_kind_says_its_own(kind: NoticeKind, nl: str, en: str) -> None:
    """The one sentence that matters is there in both languages."""
    assert nl in body(written(notice=kind))
    assert en in body(written(notice=kind, language="en"))


@pytest.mark.parametrize("kind", COMPENSATIONS)
def test_what_undoes_says_why_and_what_is_kept(kind: NoticeKind) -> None:
    """Each act of compensation names the cause in general, and keeps responses."""
    text = body(written(notice=kind))
    assert "een eerdere stap van deze dialoog opnieuw wordt gedaan" in text
    assert "Reacties die u gaf, blijven bewaard" in text
    assert "tot en met" not in text


def test_every_kind_of_notice_has_its_words() -> None:
    """None is forgotten, and no two have the same subject."""
    assert set(WORDINGS) == set(KINDS)
    assert len({wording.subject for wording in WORDINGS.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_and_no_english_is_left(kind: NoticeKind) -> None:
    """A Dutch letter is Dutch from subject to signature, with everything filled in."""
    message = written(notice=kind)
    text = f"{message['Subject']}\n{body(message)}"
    assert "{" not in text
    assert not {"the", "is being", "Dear", "Reference"} & set(text.split())


def test_other_languages_get_english() -> None:
    """A French dialogue's letter is in English, and says so."""
    message = written(language="fr")
    assert body(message).startswith("Dear Zoë de Vries,")
    assert message["Content-Language"] == "en"


def test_headers_say_what_it_is() -> None:
    """A machine knows that a machine sent it, for which effect of which dialogue."""
    message = written()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Polder-Dialogue"] == "gemeente-waterdam:parkzicht"
    assert message["Polder-Effect"] == "e12"
    assert message["Content-Language"] == "nl"
    assert message["From"] == "Polder <polder@waterdam.example>"
    assert message["To"].addresses[0].addr_spec == "zoe@example.org"
    assert message["Date"].datetime == DATE


def test_a_window_that_closes_at_another_hour_is_told_so() -> None:
    """After a pause a window may close at any minute; the exact instant stands too."""
    text = body(
        written(
            closes="2026-12-04T14:37:12.500000Z", closes_local="2026-12-04T15:37:12"
        )
    )
    assert "U kunt reageren tot vrijdag 4 december 2026, 15.37 uur." in text
    assert "2026-12-04T14:37:12.500000Z (UTC)" in text


def test_the_message_id_follows_from_the_cause() -> None:
    """Attempt and texts do not change it; dialogue, effect and recipient do."""
    same = message_id(notice("p-1"), "p-1")
    assert message_id(notice("p-1", attempt=7, title="x", language="en"), "p-1") == same
    others = {
        same,
        message_id(notice("p-1"), "p-2"),
        message_id(notice("p-1", effect="e13"), "p-1"),
        message_id(notice("p-1", stream="gemeente-waterdam:plein"), "p-1"),
    }
    assert len(others) == 4
    assert written()["Message-ID"] == same


def test_letters_about_one_window_hang_together() -> None:
    """A reminder refers to what the opening refers to; another person's does not."""
    opened = written()["References"]
    reminded = written(effect="e15", notice="window_reminder")["References"]
    assert opened == reminded
    assert written(heading="Late reacties")["References"] != opened


HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('\r\n\t\x00\x0b\x85\u2028\u202e,;:<>()[]"\\@=? ë{}%'),
    ),
    max_size=120,
)


@given(name=HOSTILE, title=HOSTILE, heading=HOSTILE)
def test_no_name_or_title_adds_a_header_or_a_recipient(
    name: str, title: str, heading: str
) -> None:
    """Whatever people are called, the letter has one recipient and the same headers."""
    plain, hostile = written(), written(name=name, title=title, heading=heading)
    assert hostile.keys() == plain.keys()
    assert [a.addr_spec for a in hostile["To"].addresses] == ["zoe@example.org"]
    assert not hostile.defects
    assert body(hostile).count("\n") == body(plain).count("\n")


def test_a_long_name_keeps_its_quotes_or_needs_none() -> None:
    """A name too long for its line is where quotes get lost, and addresses come in."""
    name = (
        "Jansen van der Linden tot Oudenbosch en Wijk <eve@example.org>, <a@b.example>,"
    )
    assert len(name) > 76
    message = written(name=name)
    assert [to.addr_spec for to in message["To"].addresses] == ["zoe@example.org"]
    assert "eve@example.org" in body(message).splitlines()[0]


def test_a_line_break_in_a_name_stays_in_the_name() -> None:
    """The classic attack gives an ugly name and nothing more."""
    message = written(name="Eve\r\nBcc: all@example.org\r\n\r\nKlik hier")
    assert "Bcc" not in message
    assert body(message).startswith("Beste Eve Bcc: all@example.org Klik hier,\n")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jan@example.org", "jan@example.org"),
        (" jan.de-vries+polder@example.org\n", "jan.de-vries+polder@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("jan@exámple.org", "jan@xn--exmple-qta.org"),
        ("zoë@example.org", "zoë@example.org"),
        (None, None),
        ("", None),
        ("jan", None),
        ("@example.org", None),
        ("jan@", None),
        ("jan@example..org", None),
        ("Jan <jan@example.org>", None),
        ("jan@example.org, eve@example.org", None),
        ("jan@example.org\r\nRCPT TO:<eve@example.org>", None),
        ("jan\x85@example.org", None),
        ("\ud800@example.org", None),
        ('"jan de"@example.org', None),
        ("x" * 65 + "@example.org", None),
    ],
)
def test_an_address_is_one_mailbox_or_none(
    text: str | None, address: str | None
) -> None:
    """What is not the address of one mailbox is no address."""
    found = read_address(text)
    assert (found.addr_spec if found else None) == address


@given(HOSTILE, HOSTILE)
def test_reading_an_address_never_fails(local: str, domain: str) -> None:
    """Anything in the vault is an address or is none."""
    found = read_address(f"{local}@{domain}", local)
    assert found is None or "\n" not in str(found)

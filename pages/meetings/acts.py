"""What the forms about meetings ask for, as commands of the domain.

A meeting is planned by the wall clock of its dialogue; the end is a time on the same
day, unless a day was filled in as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from desk.errors import DeskError
from desk.meeting_form import in_full
from domain.meeting_facts import Meeting
from domain.state import Dialogue
from language import mark
from pages.dialogue.lengths import Wanted
from pages.dialogue.offers import body_of
from pages.documents import TOO_LARGE
from pages.doing import for_a_reason
from pages.naming import NO_PART_ID, ids_in, is_part_id
from pages.said import says
from pages.typing_in import Form

SAID: Final[Mapping[str, str]] = {
    "schedule_meeting": says(
        "meeting-planned", mark("The meeting is planned; who is invited gets word.")
    ),
    "change_meeting": says(
        "meeting-changed", mark("The meeting is changed; who is invited gets word.")
    ),
    "cancel_meeting": says(
        "meeting-cancelled", mark("The meeting is called off; who is invited hears so.")
    ),
    "invite": says("meeting-invited", mark("They are invited.")),
    "uninvite": says("meeting-uninvited", mark("Their invitation is taken back.")),
    "record_attendance": says("attendance-recorded", mark("It is on record who came.")),
    "record_minutes": says("minutes-recorded", mark("The minutes are on record.")),
    "note_meeting_held": says("meeting-noted", mark("The meeting is noted.")),
}
"""What is said after each act."""

NOTHING_NEW: Final = mark("Change something first; this is how the meeting is planned.")
_NO_TITLE: Final = mark("Write what the meeting is called.")
_NO_DAY: Final = mark("Choose a day, and from when until when it is.")
_NOBODY: Final = mark("Choose who it is about.")
_NO_REFERENCE: Final = mark("Write where the minutes can be found.")
_NO_NUMBER: Final = mark("Write a whole number.")
_NO_WHEN: Final = mark("Write when it was: a year, a month such as 2017-10, or a day.")
_WORDS: Final = ("place", "online", "programme")
_CLEARED: Final = (*_WORDS, "format", "capacity")


def wanted(form: Form, state: Dialogue) -> Wanted | None:
    """Read which act a form asks for; None for one that there is not.

    Raises `DeskError` for a moment that is none.
    """
    read = _READS.get(form["act"])
    if read is None:
        return None
    found = read(form, state)
    if found.missing:
        return found
    try:
        return found._replace(body=in_full(found.kind, found.body, state))
    except DeskError:
        return found._replace(missing=_NO_DAY, field="begins-day")


def _number(form: Form, name: str) -> int | None:
    told = form.text(name) or ""
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 8 else None  # noqa: PLR2004 (digits)


def _moments(form: Form) -> dict[str, str]:
    """Give begin and end as they were filled in; empty where they were not."""
    day, begins, ends = (form.text(n) for n in ("begins-day", "begins", "ends"))
    if not (day and begins and ends):
        return {}
    last = form.text("ends-day") or day
    return {"begins": f"{day}T{begins}", "ends": f"{last}T{ends}"}


def _scheduled(form: Form, _state: Dialogue) -> Wanted:
    moments = _moments(form)
    body = body_of(
        meeting=form.text("meeting"),
        title=form.text("title"),
        step=form.text("step"),
        format=form.text("format"),
        roles=form.every("roles"),
        guests=ids_in(form["guests"]),
        capacity=_number(form, "capacity"),
        **{name: form.text(name) for name in _WORDS},
        **moments,
    )
    for lacking, missing, field in (
        (not form.text("title"), _NO_TITLE, "title"),
        (not moments, _NO_DAY, "begins-day"),
        (not is_part_id(form.text("meeting")), NO_PART_ID, "meeting"),
    ):
        if lacking:
            return Wanted("schedule_meeting", body, missing, field)
    return Wanted("schedule_meeting", body, field="begins-day")


def _changed(form: Form, _state: Dialogue) -> Wanted:
    """Name what is another than it was, and what it no longer has."""
    told: dict[str, Any] = {}
    was = [form[f"was-{n}"] for n in ("begins-day", "begins", "ends-day", "ends")]
    now = [form[n] for n in ("begins-day", "begins", "ends-day", "ends")]
    if was != now:
        told |= _moments(form) or {"begins": ""}
    for name in ("title", *_CLEARED):
        if form.text(name) != form.text(f"was-{name}") and form.text(name):
            told[name] = form.text(name)
    if "capacity" in told:
        told["capacity"] = _number(form, "capacity")
    cleared = [n for n in _CLEARED if form.text(f"was-{n}") and not form.text(n)]
    changes = body_of(**told, without=cleared)
    told_to = body_of(message=form.text("message"), reason=form.text("change-reason"))
    lacking = "" if changes else NOTHING_NEW
    if "begins" in told and not told["begins"]:
        lacking = _NO_DAY
    body = {"meeting": form["meeting"], **changes, **told_to}
    return Wanted("change_meeting", body, lacking, "begins-day")


def _cancelled(form: Form, _state: Dialogue) -> Wanted:
    meeting, message = form["meeting"], form.text("cancel-message")
    field = "cancel-reason"
    return for_a_reason("cancel_meeting", form, field, meeting=meeting, message=message)


def _invited(form: Form, _state: Dialogue) -> Wanted:
    who = ids_in(form["missed"] or form["invite-who"])
    roles = form.every("invite-roles")
    body = body_of(meeting=form["meeting"], who=who, roles=roles)
    return Wanted("invite", body, "" if who or roles else _NOBODY, "invite-who")


def _uninvited(form: Form, _state: Dialogue) -> Wanted:
    who, reason = form.every("uninvite-who"), form.text("uninvite-reason")
    body = body_of(meeting=form["meeting"], who=who, reason=reason)
    return Wanted("uninvite", body, "" if who else _NOBODY, "uninvite-who")


def _attended(form: Form, _state: Dialogue) -> Wanted:
    """Read who came: of each one invited, and of others whom somebody knows."""
    came = {who: form[f"came:{who}"] for who in form.every("asked")}
    present = [who for who, told in came.items() if told == "yes"]
    absent = [who for who, told in came.items() if told == "no"]
    more = [who for who in ids_in(form["also"]) if who not in came]
    others = _number(form, "others") if form.text("others") else 0
    present = [*dict.fromkeys((*present, *more))]
    body = {"meeting": form["meeting"], "present": present, "absent": absent}
    lacking = _NO_NUMBER if others is None else ""
    return Wanted("record_attendance", {**body, "others": others}, lacking, "others")


def _minuted(form: Form, _state: Dialogue) -> Wanted:
    body = body_of(
        meeting=form["meeting"],
        reference=form.text("reference"),
        sha256=(form.text("sha256") or "").lower() or None,
        minutes=form.text("minutes"),
    )
    lacking = "" if form.text("reference") else _NO_REFERENCE
    return Wanted("record_minutes", body, lacking, "reference")


def _noted(form: Form, _state: Dialogue) -> Wanted:
    body = body_of(
        meeting=form.text("note-meeting"),
        title=form.text("note-title"),
        held=form.text("held"),
        times=_number(form, "times"),
        came=_number(form, "came"),
        place=form.text("note-place"),
        source=form.text("source"),
    )
    for lacking, missing, field in (
        (not form.text("note-title"), _NO_TITLE, "note-title"),
        (not form.text("held"), _NO_WHEN, "held"),
        (not is_part_id(form.text("note-meeting")), NO_PART_ID, "note-meeting"),
    ):
        if lacking:
            return Wanted("note_meeting_held", body, missing, field)
    return Wanted("note_meeting_held", body, field="held")


_READS: Final[Mapping[str, Callable[[Form, Dialogue], Wanted]]] = {
    "schedule_meeting": _scheduled,
    "change_meeting": _changed,
    "cancel_meeting": _cancelled,
    "invite": _invited,
    "uninvite": _uninvited,
    "record_attendance": _attended,
    "record_minutes": _minuted,
    "note_meeting_held": _noted,
}


def with_fingerprint(wanted: Wanted | None, form: Form) -> Wanted | None:
    """Give a command the SHA-256 of a document that came with the form, if one did.

    The document itself is not kept.
    """
    if wanted is None or form.document is None:
        return wanted
    printed = form.document.sha256
    if printed is None:
        return wanted._replace(missing=TOO_LARGE, field="document")
    return wanted._replace(body={**wanted.body, "sha256": printed})


def sight(state: Dialogue, meeting: str) -> str:
    """Give what somebody decides on who changes a meeting."""
    known: Meeting | None = state.meetings.get(meeting)
    if known is None:
        return ""
    return f"{known.sequence}.{known.status}.{known.minutes}"

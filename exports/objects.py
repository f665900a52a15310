"""Which objects an event is about, for process mining: OCEL 2.0's view of a record.

Objects are dialogues, their steps, items, windows, compensations and messages, people
by their opaque ids, roles, mandates, erasures, holds and organisations. Which of them
an event touches follows from the names of the members of its data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from exports.rows import Row

DIALOGUE: Final = "dialogue"
STREAM: Final = "stream"


class Touched(NamedTuple):
    """An object that an event touches, and as what."""

    kind: str
    """The object's type."""
    name: str
    """What it is called inside its dialogue or organisation."""
    qualifier: str

    def id_in(self, stream: str) -> str:
        """Give the id of the object, unique in an export."""
        if self.kind in {DIALOGUE, STREAM, "mandate", "organisation"}:
            return f"{self.kind}/{self.name}"
        place = organisation_of(stream) if self.kind == "actor" else stream
        return f"{self.kind}/{place}/{self.name}"


class Change(NamedTuple):
    """What an event makes of the objects that it touches in one way."""

    kind: str
    qualifier: str
    status: str


CHANGES: Final[Mapping[str, Change]] = {
    "dialogue_started": Change(DIALOGUE, "in", "running"),
    "dialogue_paused": Change(DIALOGUE, "in", "paused"),
    "dialogue_resumed": Change(DIALOGUE, "in", "running"),
    "dialogue_completed": Change(DIALOGUE, "in", "completed"),
    "dialogue_cancelled": Change(DIALOGUE, "in", "cancelled"),
    "dialogue_archived": Change(DIALOGUE, "in", "archived"),
    "step_started": Change("step", "step", "started"),
    "step_completed": Change("step", "step", "completed"),
    "step_skipped": Change("step", "step", "skipped"),
    "step_voided": Change("step", "step", "voided"),
    "step_revisited": Change("step", "step", "revisited"),
    "items_completed": Change("item", "item", "completed"),
    "items_waived": Change("item", "item", "waived"),
    "items_reopened": Change("item", "item", "open"),
    "items_reconfirmed": Change("item", "item", "reconfirmed"),
    "window_opened": Change("window", "window", "open"),
    "window_closed": Change("window", "window", "closed"),
    "window_voided": Change("window", "window", "voided"),
    "compensation_planned": Change("compensation", "compensation", "planned"),
    "compensation_started": Change("compensation", "compensation", "started"),
    "compensation_completed": Change("compensation", "compensation", "completed"),
    "compensation_failed": Change("compensation", "compensation", "failed"),
    "compensation_waived": Change("compensation", "compensation", "waived"),
    "meeting_scheduled": Change("meeting", "meeting", "planned"),
    "meeting_cancelled": Change("meeting", "meeting", "cancelled"),
    "meeting_voided": Change("meeting", "meeting", "voided"),
    "attendance_recorded": Change("meeting", "meeting", "held"),
    "minutes_recorded": Change("meeting", "meeting", "held"),
    "meeting_noted": Change("meeting", "meeting", "held"),
    "report_published": Change("report", "report", "published"),
    "report_retracted": Change("report", "report", "retracted"),
    "decision_recorded": Change("decision", "decision", "taken"),
    "decision_annulled": Change("decision", "decision", "annulled"),
    "agreement_made": Change("agreement", "agreement", "open"),
    "agreement_settled": Change("agreement", "agreement", "settled"),
    "stakeholder_registered": Change("actor", "stakeholder", "registered"),
    "stakeholder_released": Change("actor", "stakeholder", "left"),
    "interest_recorded": Change("interest", "interest", "on the table"),
    "interest_withdrawn": Change("interest", "interest", "withdrawn"),
    "mandate_granted": Change("mandate", "gives", "given"),
    "mandate_delegated": Change("mandate", "gives", "given"),
    "mandate_revoked": Change("mandate", "about", "revoked"),
    "erasure_requested": Change("erasure", "erasure", "requested"),
    "erasure_decided": Change("erasure", "erasure", "decided"),
    "erasure_held": Change("erasure", "erasure", "held"),
    "erasure_executed": Change("erasure", "erasure", "executed"),
    "hold_placed": Change("hold", "hold", "placed"),
    "hold_lifted": Change("hold", "hold", "lifted"),
    "dossier_destroyed": Change(DIALOGUE, "about", "destroyed"),
}
"""The status that each type of event gives to what it is about."""

_NAMED: Final = {
    "step": ("step", "step"),
    "by": ("step", "because of"),
    "voids": ("step", "voids"),
    "items": ("item", "item"),
    "window": ("window", "window"),
    "invited_to": ("window", "invited to"),
    "meeting": ("meeting", "meeting"),
    "meetings": ("meeting", "invited to"),
    "compensation": ("compensation", "compensation"),
    "effect": ("message", "message"),
    "erasure": ("erasure", "erasure"),
    "hold": ("hold", "hold"),
    "report": ("report", "report"),
    "supersedes": ("report", "supersedes"),
    "decision": ("decision", "decision"),
    "decisions": ("decision", "in doubt"),
    "agreement": ("agreement", "agreement"),
    "agreements": ("agreement", "in doubt"),
    "renewed_as": ("agreement", "renewed as"),
    "role": ("role", "role"),
    "actor": ("actor", "about"),
    "stakeholder": ("actor", "stakeholder"),
    "successor": ("actor", "successor"),
    "interest": ("interest", "interest"),
    "one": ("interest", "interest"),
    "other": ("interest", "interest"),
    "unrelated": ("interest", "no longer related"),
    "respondent": ("actor", "respondent"),
    "grantee": ("actor", "grantee"),
    "invited": ("actor", "invited"),
    "uninvited": ("actor", "no longer invited"),
    "present": ("actor", "present"),
    "absent": ("actor", "absent"),
    "who": ("actor", "about"),
    "told": ("actor", "told"),
    "silent": ("actor", "silent"),
    "recipients": ("actor", "recipient"),
    "sent": ("actor", "reached"),
    "undeliverable": ("actor", "not reached"),
}
"""By the member of the data: the type of what it names, and as what it is there."""


_OF_A_DIALOGUE: Final = frozenset(
    {
        *("step", "compensation", "message", "role", "erasure", "hold"),
        *("report", "decision", "agreement", "interest", "meeting"),
    }
)
"""What is part of the dialogue itself, or of the organisation's stream."""

_GIVES: Final = frozenset({"mandate_granted", "mandate_delegated"})
"""Events that are themselves what others refer to as a mandate."""


def touched(row: Row) -> Iterator[Touched]:
    """Give every object that an event touches, the stream's own first."""
    event = row.members
    stream, data = event["stream"], event["data"]
    yield Touched(*whole(stream))
    yield Touched("actor", event["actor"]["id"], "by")
    yield from _mandate(event["mandate"], "under")
    yield from _mandate(data.get("mandate"), "about")
    if event["type"] in _GIVES:
        yield from _mandate(event, "gives")
    for member, (kind, qualifier) in _NAMED.items():
        for name in _names(data.get(member)):
            yield Touched(kind, name, qualifier)
    for name in _names(data.get("stream")):
        yield Touched(*whole(name))._replace(qualifier="about")
    for slug in _names(data.get("dialogue")):
        yield Touched(DIALOGUE, f"{organisation_of(stream)}:{slug}", "about")


def _mandate(reference: Any, qualifier: str) -> Iterator[Touched]:  # noqa: ANN401
    """Give the mandate that a stream and a seq refer to, if this is such a thing."""
    match reference:
        case {"stream": str(stream), "seq": int(seq)}:
            yield Touched("mandate", f"{stream}/{seq}", qualifier)
        case _:
            pass


def changed(row: Row) -> Iterator[tuple[Touched, str]]:
    """Give the objects that an event gives another status, with that status."""
    change = CHANGES.get(row.members["type"])
    if change is not None:
        for one in touched(row):
            if (one.kind, one.qualifier) == (change.kind, change.qualifier):
                yield one, change.status


def parent(one: Touched, stream: str) -> tuple[Touched, str] | None:
    """Give what an object is part of, and how; None where it is part of nothing."""
    if one.kind in {DIALOGUE, STREAM}:
        found = organisation_of(one.name)
        return (Touched("organisation", found, ""), "of") if found else None
    if one.kind in {"item", "window"}:
        return Touched("step", one.name.partition(".")[0], ""), "part of"
    if one.kind in _OF_A_DIALOGUE:
        return Touched(*whole(stream)), "part of"
    return None


def whole(stream: str) -> tuple[str, str, str]:
    """Give the object that a stream as a whole is."""
    own = stream.startswith(("org:", "polder:"))
    return (STREAM, stream, "in") if own else (DIALOGUE, stream, "in")


def organisation_of(stream: str) -> str:
    """Give the organisation of a stream; the installation's own log has none."""
    first, _, rest = stream.partition(":")
    return {"org": rest, "polder": ""}.get(first, first)


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 (a member of any event)
    match value:
        case str():
            yield value
        case list() | tuple():
            names: list[Any] = [*value]
            yield from (name for name in names if isinstance(name, str))
        case _:
            pass

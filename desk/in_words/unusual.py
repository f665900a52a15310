"""What is out of the ordinary in a sentence, and what to do about it in another."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from desk.remarks import in_words
from language import mark
from language.speaking import _, lang

if TYPE_CHECKING:
    from desk.exceptions import Exceptional

TITLES: Final[Mapping[str, str]] = {
    "incident": mark("Incidents that are open"),
    "mandate_missing": mark("Mandates that are not on record"),
    "strange_key": mark("Keys of desks that the organisation never trusted"),
    "not_sealed": mark("Waiting for the log too long"),
    "text_missing": mark("Private texts that are missing"),
    "outside_mandate": mark("Outside the mandate"),
    "unsigned": mark("Done in a role of people, and not over a desk"),
    "shortened": mark("Dossiers that may go sooner than before"),
    "failed": mark("Failed, and waiting for a person"),
    "late": mark("Recorded late"),
    "sealed_late": mark("Put in the log late"),
    "refused": mark("Messages that were refused"),
    "retried": mark("Tried again"),
    "waived": mark("Left undone"),
    "erasure": mark("Erased, held and destroyed"),
    "incident_closed": mark("Incidents that were closed"),
}
"""What each kind is called; in the order of seriousness."""

_SENTENCES: Final[Mapping[str, str]] = {
    "incident": mark("The record is contradicted: {kind}."),
    "mandate_missing": mark(
        "{actor} gave {command} under {mandate}, which is not there."
    ),
    "strange_key": mark("What is signed with key {key} is believed here, by {actor}."),
    "not_sealed": mark("Events: {events}. The first waits for {seconds} s."),
    "text_missing": mark("An event commits to a text that the vault never had."),
    "outside_mandate": mark("{actor} gave {command} under {mandate}: {why}."),
    "unsigned": mark("{type}, by {actor} as {role}, without a desk's signature."),
    "shortened": mark(
        "{kept}: {years} years instead of {before}, by {actor} ({authority})."
    ),
    "failed": mark("{what} failed: {problem}."),
    "late": mark("{type} was recorded {seconds} s after it happened."),
    "sealed_late": mark("Events: {events}. The last came after {seconds} s."),
    "refused": mark("Message {name} was refused: {error}."),
    "retried": mark("{what} was tried again: attempt {attempt}."),
    "waived": mark("{what} was left undone by {actor}."),
    "erasure": mark("{event}, by {actor}."),
    "incident_closed": mark("Incident {kind} was closed: {how}."),
}

_EVENTS: Final[Mapping[str, str]] = {
    "personal_data_erased": mark("Personal data were erased"),
    "erasure_requested": mark("An erasure was asked for"),
    "erasure_decided": mark("An erasure was decided on"),
    "erasure_held": mark("An erasure waits for a legal hold"),
    "erasure_executed": mark("An erasure was carried out"),
    "hold_placed": mark("A legal hold was placed"),
    "hold_lifted": mark("A legal hold was lifted"),
    "dossier_destroyed": mark("A dossier was destroyed at the end of its term"),
}

TODO: Final[Mapping[str, str]] = {
    "catch_up": mark("Catch up: polder audit reconcile --catch-up."),
    "restore": mark("Bring it back: polder dialogue restore {stream}."),
    "supersede": mark(
        "Find out why two tell another story, then: "
        "polder dialogue restore {stream} --supersede."
    ),
    "start_worker": mark("Start a worker, then: polder audit reconcile."),
    "verify": mark("See what was changed: polder audit verify --all."),
    "compare": mark("Find out which backup was put back, and compare checkpoints."),
    "mandate_missing": mark("See what was changed: polder audit verify --all."),
    "strange_key": mark(
        "Find out whose key it is; then distrust it (polder dialogue distrust-key "
        "{stream}), or have the organisation trust it (polder organisation trust-key)."
    ),
    "not_sealed": mark("Start a worker that has the log's key."),
    "text_missing": mark("Look for it in a backup, or ask for the text again."),
    "unsigned": mark(
        "Ask the actor; allow less unsigned: polder organisation allow-unsigned."
    ),
    "outside_mandate": mark("Let the authority confirm the act, or undo it."),
    "shortened": mark(
        "Look the decision up; if it is not so, set the term again before a dossier "
        "goes: polder audit retention."
    ),
    "failed": mark("Try again or leave it, with a reason: polder today."),
    "late": mark("Ask why: was the record out of reach?"),
    "sealed_late": mark("Look in the worker's log why the sealer was behind."),
    "refused": mark("Tell the sender; see docs/integrators.md."),
}
"""What to do, by code; nothing for what was seen to already."""


def sentence(one: Exceptional) -> str:
    """Tell one of them in a sentence."""
    return _(_SENTENCES[one.kind]).format_map(_words(one.kind, one.facts))


def outside_mandate(remark: Mapping[str, Any]) -> str:
    """Tell of an act outside its mandate, in a sentence."""
    words = _words("outside_mandate", remark)
    return _(_SENTENCES["outside_mandate"]).format_map(words)


def todo(one: Exceptional, instead: Mapping[str, str] = MappingProxyType({})) -> str:
    """Say what to do about it; empty where it was seen to already.

    ``instead`` has an interface's own words for those here.
    """
    text = TODO.get(one.todo)
    return _(instead.get(text, text)).format(stream=one.stream) if text else ""


def _words(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {**facts, "name": facts.get("name") or "?"}
    if "mandate" in facts:
        stream, seq = facts["mandate"]
        words["mandate"] = f"{stream.partition(':')[2]}/{seq}"
        words["why"] = in_words(facts["reason"], lang())
    if kind == "shortened":
        one = facts["dialogue"]
        text = _("The term of {dialogue}") if one else _("The term of every dialogue")
        words["kept"] = text.format(dialogue=one)
    if kind == "erasure":
        words["event"] = _(_EVENTS[facts["type"]])
    message, act = facts.get("effect"), facts.get("compensation")
    if message or act:
        text = _("Message {id}") if message else _("Compensation {id}")
        words["what"] = text.format(id=message or act)
    return words

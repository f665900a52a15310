"""What was decided and done, as a document for who asked, in Dutch and in English.

It says who decided what on which ground, what was destroyed, how that was looked up,
what stays, and under which numbers all of it is on record. Nothing here is kept by
Polder: it follows from the events, but for the proof, which is of the moment itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from domain.erasure_facts import ARTICLES, ErasureExecuted
from domain.erasures import Recorded
from domain.facts import written
from language import mark, translator
from language.dates import HOME_ZONE, moment

if TYPE_CHECKING:
    from desk.destroying import Gone
    from desk.executing import Outcome
    from desk.proving import Proof

ERASURE: Final = "polder-erasure/1"
DESTRUCTION: Final = "polder-destruction/1"

GROUNDS: Final[Mapping[str, str]] = {
    "no_longer_needed": mark("the data are no longer needed"),
    "consent_withdrawn": mark("the person withdrew consent"),
    "objection": mark("the person objected, and nothing outweighs that"),
    "unlawful": mark("the data were processed unlawfully"),
    "legal_obligation": mark("the law obliges to erase them"),
    "child": mark("they were collected from a child online"),
    "expression": mark("freedom of expression and information"),
    "public_task": mark("the law or a public task requires them"),
    "public_health": mark("public health requires them"),
    "archiving": mark("they are kept for archiving, research or statistics"),
    "legal_claims": mark("they are needed for legal claims"),
    "no_ground": mark("none of the grounds for erasing applies"),
    "not_identified": mark("it can't be established whom they are about"),
    "excessive": mark("the request is manifestly unfounded or excessive"),
    "legal_hold": mark("a legal hold stands on them"),
    "litigation": mark("a court case"),
    "supervision": mark("an investigation by a supervisor"),
    "information_request": mark("a request for public information (Woo)"),
    "audit": mark("an audit"),
    "other": mark("another reason, in the decision"),
}
"""What the codes of grounds mean."""

STAYS: Final = (
    mark("The events themselves stay: what happened, when, and by which role."),
    mark(
        "Opaque ids stay in them. With name, address, texts and key gone, they lead to "
        "nobody here; who keeps a list of ids elsewhere has to erase that there."
    ),
    mark(
        "What others wrote is theirs: texts about somebody else or by another sender "
        "were not searched for this person."
    ),
    mark("Letters that were sent lie with who received them."),
    mark(
        "Backups of values can't be read without the key. An older backup of the keys "
        "has to be destroyed by who keeps it, or put back by polder db restore, which "
        "destroys the key again."
    ),
)
REST_STAYS: Final = (
    mark("The name of the dialogue and the hash of its last event stay on record."),
    mark("The hash of each of its events stays in the log: checkpoints still verify."),
    mark(
        "Packs, exports and backups that were made before lie with who has them; a "
        "pack can still be verified."
    ),
)
_REMEDY: Final = mark(
    "Against this decision an objection can be made to the organisation, and a "
    "complaint to the data protection authority."
)


def of_erasure(organisation: str, found: Outcome) -> dict[str, Any]:
    """Give the document on an erasure, as far as it is."""
    case, decision = found.case, found.case.decision
    executed = case.executed.fact if case.executed else None
    document: dict[str, Any] = {
        "format": ERASURE,
        "organisation": organisation,
        "erasure": case.id,
        "status": case.status,
        "subject": found.subject,
        "requested": _event(case.requested),
        "decided": None,
        "executed": None,
        "events": [one._asdict() for one in found.made],
        "waitingFor": {
            "dialogues": [one._asdict() for one in found.untold],
            "holds": list(found.held or case.held_by),
        },
        "proof": None if found.proof is None else _proof(found.proof),
    }
    if decision is not None and case.decided is not None:
        document["decided"] = {
            **_event(case.decided),
            "granted": decision.granted,
            "ground": decision.ground,
            "article": ARTICLES[decision.ground],
            "authority": decision.authority,
        }
    if isinstance(executed, ErasureExecuted) and case.executed is not None:
        told = executed.model_dump(mode="json", exclude={"erasure", "decision"})
        document["executed"] = {**_event(case.executed), **told}
    return {**document, "text": _texts(document)}


def of_destruction(found: Gone) -> dict[str, Any]:
    """Give the document on a destroyed dossier (Archiefbesluit 1995, art. 8)."""
    document: dict[str, Any] = {
        "format": DESTRUCTION,
        "stream": found.stream,
        "destroyed": _event(found.told),
        "lastEvent": {"seq": found.fact.seq, "hash": found.fact.hash},
        "texts": found.fact.texts,
        "authority": found.fact.authority,
        "term": {
            "years": found.term.years,
            "authority": found.term.authority,
            "seq": found.fact.term,
        },
        "runsLeft": found.runs_left,
    }
    return {**document, "text": _texts(document)}


def _event(event: Recorded) -> dict[str, Any]:
    actor = event.actor.model_dump(mode="json")
    return {"seq": event.seq, "hash": event.hash, "at": written(event.at), "by": actor}


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "nothingLeft": proof.nothing_left,
        "textsLookedFor": proof.texts,
        "tooShortToLookFor": proof.short,
        "valuesInVault": proof.values,
        "keyExists": proof.key,
        "foundIn": [hit._asdict() for hit in proof.found],
        "opaqueIdIn": [hit._asdict() for hit in proof.named],
        "tablesNotRead": list(proof.unread),
        "historiesRead": proof.histories_read,
        "histories": [each._asdict() for each in proof.histories],
    }


def _texts(document: Mapping[str, Any]) -> dict[str, list[str]]:
    return {lang: [*lines(document, lang)] for lang in ("nl", "en")}


def lines(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Give a document as text, line by line."""
    tell = destruction_lines if document["format"] == DESTRUCTION else erasure_lines
    return tell(document, lang)


def erasure_lines(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Give the document on an erasure as text."""
    _ = translator(lang)
    yield _("Erasure {erasure}, {organisation}").format_map(document)
    if document["subject"] is not None:
        yield _("About: {subject}").format_map(document)
    else:
        yield _("About: whom is no longer known here.")
    yield _("Asked for: {told}").format(told=_told(document["requested"], lang))
    decided = document["decided"]
    if decided is None:
        yield _("Not decided yet.")
        return
    yield from _decided(decided, lang)
    if document["executed"] is not None:
        yield from _executed(document, lang)
    elif decided["granted"]:
        yield _("Not carried out yet, or not everywhere.")


def _decided(decided: Mapping[str, Any], lang: str) -> Iterator[str]:
    _ = translator(lang)
    text = _("Granted: {told}") if decided["granted"] else _("Refused: {told}")
    yield text.format(told=_told(decided, lang))
    ground = _(GROUNDS[decided["ground"]])
    text = _("Ground: {ground} (GDPR art. {article}). Decision: {authority}.")
    yield text.format(
        ground=ground,
        article=_article(decided["article"], lang),
        authority=decided["authority"],
    )
    if not decided["granted"]:
        yield _(_REMEDY)


def _article(number: str, lang: str) -> str:
    """Give an article as the law of the language cites it."""
    if lang != "nl":
        return number
    clause = re.sub(r"\((\d)\)", r" lid \1", number)
    return re.sub(r"\(([a-f])\)", r" onder \1", clause)


def _executed(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    _ = translator(lang)
    executed = document["executed"]
    yield _("Erased: {told}").format(told=_told(executed, lang))
    text = _(
        "Texts destroyed: {fields}, in {dialogues} dialogues, named by {events} "
        "events; and {waiting} that no event had yet. The key was destroyed."
    )
    yield text.format_map(executed)
    if document["proof"] is not None:
        yield from _proved(document["proof"], lang)
    for stays in STAYS:
        yield f"- {_(stays)}"
    yield _("On record: org:{organisation}, event {seq}, {hash}").format(
        organisation=document["organisation"], **executed
    )


def _proved(proof: Mapping[str, Any], lang: str) -> Iterator[str]:
    _ = translator(lang)
    if proof["nothingLeft"]:
        text = _(
            "Looked for afterwards: {textsLookedFor} texts with their salts, in every "
            "table, among the keys and in Temporal. Nothing was found."
        )
    else:
        text = _("Looked for afterwards, and not everything is gone:")
    yield text.format_map(proof)
    for hit in proof["foundIn"]:
        yield _("- found in {table}, {column}: {rows} rows").format_map(hit)
    if proof["tooShortToLookFor"]:
        yield _("Too short to look for: {tooShortToLookFor} texts.").format_map(proof)
    if not proof["historiesRead"]:
        yield _("Temporal did not answer: its histories were not looked through.")
    if proof["tablesNotRead"]:
        names = ", ".join(proof["tablesNotRead"])
        yield _("Not looked through: {names}.").format(names=names)


def destruction_lines(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Give the document on a destroyed dossier as text."""
    _ = translator(lang)
    yield _("Certificate of destruction: {stream}").format_map(document)
    yield _("Destroyed: {told}").format(told=_told(document["destroyed"], lang))
    term = _("Kept for {years} years after it was archived: {authority}.")
    yield term.format_map(document["term"])
    yield _("Decision: {authority}.").format_map(document)
    text = _(
        "Gone: {seq} events, {texts} private texts, and all that was made of them."
    )
    yield text.format(seq=document["lastEvent"]["seq"], texts=document["texts"])
    for stays in REST_STAYS:
        yield f"- {_(stays)}"
    if document["runsLeft"]:
        yield _("Temporal still has closed runs of it; a worker tries again by itself.")
    yield _("Last event: {seq}, {hash}").format_map(document["lastEvent"])


def _told(event: Mapping[str, Any], lang: str) -> str:
    _ = translator(lang)
    text = _("{at} by {actor}, as {role} (event {seq})")
    by = event["by"]
    return text.format(
        at=at_home(lang, event["at"]),
        actor=by["id"],
        role=by["role"],
        seq=event["seq"],
    )


def at_home(lang: str, at: str) -> str:
    """Write an instant as people do, by the wall clock of the Netherlands."""
    return moment(lang, datetime.fromisoformat(at).astimezone(HOME_ZONE))

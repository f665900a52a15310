"""Rows of the record as callers see them: what is private where it was opened.

A private text stands in a row as its place. Here it becomes the text, or its name goes
under ``withheld``, so that nobody takes a text they may not see for one that is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast

from pydantic.alias_generators import to_camel

from api.models import Shown
from api.models.gatherings import MeetingShown
from api.models.harvest import AgreementShown, ReportShown, SettledShown
from api.models.people import (
    EvaluationShown,
    InterestShown,
    RelationShown,
    StakeholderShown,
)
from desk.entries import EntryRow
from desk.harvest import of_rows
from desk.setting import Setting
from domain.facts import Place

S = TypeVar("S", bound=Shown)


class Sight(NamedTuple):
    """What somebody looks with: the dialogue, and the texts that are open to them.

    ``own`` is the participant who sees only what concerns them; None for others.
    ``beside`` are rows of the list that it is shown with, by their ids.
    """

    stream: str
    setting: Setting
    words: Mapping[Place, str] = {}
    own: str | None = None
    beside: Mapping[str, Mapping[str, Any]] = {}

    def only_me(self, who: Iterable[str]) -> list[str]:
        """Leave out everybody else, for a participant."""
        return [each for each in who if self.own in {None, each}]


View = Callable[[Sight, EntryRow], Shown]


def is_place(value: object) -> bool:
    """Whether a value stands for a private text."""
    if not isinstance(value, dict):
        return False
    return cast("dict[str, Any]", value).keys() == {"private", "seq"}


def place_of(value: Mapping[str, Any]) -> Place:
    """Give the event and the pointer of a private text."""
    return int(value["seq"]), str(value["private"])


def texts_in(
    members: Mapping[str, Any], only: Collection[str] | None = None
) -> Iterator[Place]:
    """Give the places of the private texts that a row shows, or of these members."""
    for name, value in members.items():
        if is_place(value) and (only is None or name in only):
            yield place_of(value)


def shown(model: type[S], sight: Sight, members: Mapping[str, Any]) -> S:
    """Make a model of what a row says; what the model does not have is left out."""
    found: dict[str, Any] = {}
    withheld: list[str] = []
    for name, value in members.items():
        if value is None or name not in model.model_fields:
            continue
        if not is_place(value):
            found[name] = value
        elif (text := sight.words.get(place_of(value))) is not None:
            found[name] = text
        elif sight.own is None:
            withheld.append(to_camel(name))
    if withheld:
        found["withheld"] = withheld
    return model.model_validate(found)


def stakeholder(sight: Sight, row: EntryRow) -> StakeholderShown:
    """Show somebody on the register, with how far they are to be engaged."""
    kind = f"kind:{row.data.get('kind')}"
    planned = (sight.beside.get(place, {}) for place in (kind, f"stakeholder:{row.id}"))
    levels = {p: level for plan in planned for p, level in plan.items() if level}
    data = {**row.data, "id": row.id, "levels": levels or None}
    if data.get("briefed") == "waived":
        waived = {"briefed": None, "briefing_waived": True}
        data |= {**waived, "note": data.get("briefing")}
    return shown(StakeholderShown, sight, data)


def interest(sight: Sight, row: EntryRow) -> InterestShown:
    """Show an interest, and for those who see all, which others it bears on."""
    relations: list[RelationShown] = []
    for said in sight.beside.values() if sight.own is None else ():
        pair = said["one"], said["other"]
        if row.id in pair:
            other = pair[1] if pair[0] == row.id else pair[0]
            relations.append(RelationShown(interest=other, kind=said["kind"]))
    data = {**row.data, "id": row.id, "relations": relations or None}
    return shown(InterestShown, sight, data)


def meeting(sight: Sight, row: EntryRow) -> MeetingShown:
    """Show a meeting; a participant sees of those invited only themselves."""
    data: dict[str, Any] = {**row.data, "id": row.id}
    data["minutes_version"] = data.get("version")
    for name in ("invited", "present", "absent"):
        people: list[str] | None = data.get(name)
        if people is not None:
            data[name] = sight.only_me(people)
    return shown(MeetingShown, sight, data)


def report(sight: Sight, row: EntryRow) -> ReportShown:
    """Show a report."""
    data = {**row.data, "id": row.id, "published": row.data["at"]}
    return shown(ReportShown, sight, data | {"retracted_by": data.get("by")})


def agreement(sight: Sight, row: EntryRow) -> AgreementShown:
    """Show an agreement, with how it stands today by the dialogue's clock."""
    promise = of_rows(sight.stream, sight.setting, (row,))[0]
    said = row.data
    settled: Mapping[str, Any] | None = said.get("settled")
    ended: Mapping[str, Any] = settled or said.get("last") or {}
    parts: Mapping[str, str] = said.get("parts") or {}
    others: Sequence[str] = said.get("others") or ()
    mine = sight.own in {None, said["who"]}
    data = {
        **said,
        "id": row.id,
        "made": said["at"],
        "standing": promise.standing,
        "last_day": promise.last_day,
        "others": sight.only_me(others) or None,
        "who": said["who"] if mine else sight.own,
        "parts": {who: parts[who] for who in sight.only_me(parts)} or None,
        "settled": settled and shown(SettledShown, sight, settled),
        "reason": ended.get("reason"),
    }
    return shown(AgreementShown, sight, data)


def evaluation(sight: Sight, row: EntryRow) -> EvaluationShown:
    """Show what somebody thought of the dialogue."""
    return shown(EvaluationShown, sight, {**row.data, "id": row.id})

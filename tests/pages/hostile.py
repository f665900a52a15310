"""Whatever somebody can type, as somebody types it who means harm.

The fields are those of the commands themselves: each that takes free text gets markup,
a formula, a template, marks that turn the reading order and words without an end, with
its own name at the end. So a field that is added is in this too, or fails for being in
no act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, NamedTuple, get_args, get_origin

from pydantic import StringConstraints

from domain.commands import COMMANDS
from domain.facts import Line, Private

_PATTERN: Final = next(
    each.pattern for each in get_args(Line) if isinstance(each, StringConstraints)
)
_MARKUP: Final = "=<img src=x onerror=hostile=1>\"'{{7*7}}<script>hostile=1</script>"
_MORE: Final = "</textarea></style></title><svg onload=hostile=1>"
_WORD: Final = "onzinnigelangewoordenzondereinde" * 6
_TURNED: Final = "\u202e\u2066"
_SHORT: Final = 120

LEFT: Final[Mapping[str, str]] = {
    "assign_role.address": "a letter goes there, so it is an address",
    "record_response.address": "only who is of the public gives one themselves",
    "move_deadline.title": "it names one that there is",
    "correct_fact.value": "a number: texts of an event are noted by note_fact",
    "correct_fact.was": "the desk fills it in",
    "waive_compensation.reason": "test_back_failing has what fails",
    "waive_effect.reason": "test_back_failing has what fails",
    "migrate_method.reason": "a plan of its own: test_plan",
    "distrust_desk_key.reason": "no page shows keys",
    "record_self_assessment.note": "another method asks it, and shows no note",
    "cancel_dialogue.reason": "a dialogue that ended takes no more acts",
    "complete_dialogue.note": "a dialogue that ended takes no more acts",
    "archive_dialogue.reason": "a dialogue that ended takes no more acts",
    "reconfirm_decision.note": "as reconfirm_agreement.note",
    "plan_engagement.phases": "titles by id, of the shape of a title: see ACTS",
}
"""Fields that get no hostile text here, and why."""


class Field(NamedTuple):
    """A field of a command that takes free text."""

    kind: str
    name: str
    private: bool
    most: int

    @property
    def tag(self) -> str:
        """What its text ends in."""
        return f"{self.kind}.{self.name}"


@cache
def fields() -> tuple[Field, ...]:
    """Give every field of every command that takes free text."""
    return tuple(_fields())


def _fields() -> Iterator[Field]:
    for kind, command in COMMANDS.items():
        for name, each in command.model_fields.items():
            told = each.rebuild_annotation()
            if not command.internal and (found := _free(told)) is not None:
                yield Field(kind, name, *found)


def _free(told: Any) -> tuple[bool, int] | None:  # noqa: ANN401 (a type)
    """Say whether a type is free text: private or not, and how long at most."""
    if told is Private:
        return True, 4_000
    if get_origin(told) is Annotated:
        kind, *rules = get_args(told)
        for rule in rules:
            if getattr(rule, "pattern", None) == _PATTERN:
                return False, rule.max_length or 500
        return _free(kind)
    found = (_free(each) for each in get_args(told) if each is not NoneType)
    return next((each for each in found if each is not None), None)


def text_of(field: Field) -> str:
    """Give the text for a field: all that fits in it."""
    if field.private:
        return f"{_MARKUP}{_MORE}{_TURNED} {_WORD}\n[{field.tag}]"
    if field.most <= _SHORT:
        return f"{_MARKUP} [{field.tag}]"
    return f"{_MARKUP}{_MORE} {_WORD} [{field.tag}]"


def filled(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give a command with every text in it hostile that it does not have yet."""
    texts = {
        each.name: text_of(each)
        for each in fields()
        if each.kind == kind and each.tag not in LEFT
    }
    return {**texts, **body}

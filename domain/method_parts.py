"""The small parts a method is made of: texts, roles, tools, items and choices.

Every part is data that a person writes in a YAML file, so each member says, in its
description, what it means to that person; editors show it while they type.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from domain.facts import Fact, PartId

Language = Literal["nl", "en", "fr", "de"]
Text = dict[Language, Annotated[str, StringConstraints(min_length=1, max_length=2000)]]
"""One text in every language of the method: ``{"nl": "…", "en": "…"}``."""

Flag = Annotated[bool, Field(strict=True)]
"""``true`` or ``false``, and nothing that merely looks like it, such as ``no``."""

Right = Literal[
    "steer",
    "complete",
    "respond",
    "stakeholders",
    "interests",
    "meetings",
    "answers",
    "agreements",
]
"""What a role may do: run the process, complete items, respond in windows.

The others are areas, each a kind of command (`domain.areas`).
"""

SYSTEM: Final = "system"
CLOCK: Final = "clock"
PUBLIC: Final = "public"
LIST: Final = "list"
BUILT_IN_ROLES: Final = frozenset({SYSTEM, CLOCK})

Title = Annotated[Text, Field(description="Short name, in every language.")]
Help = Annotated[Text | None, Field(description="What to do, in every language.")]
Ours = Annotated[
    Flag, Field(description="true: the source does not say this; the authors added it.")
]


def _unsaid(value: object) -> bool:
    return value is None


class Role(Fact):
    """A part that people play in the dialogue."""

    id: PartId
    title: Title
    may: Annotated[
        tuple[Right, ...],
        Field(
            description="steer: run the process; complete: complete items;"
            " respond: respond in windows; stakeholders, interests, meetings, answers,"
            " agreements: keep these, and read their private texts."
        ),
    ] = ("respond",)
    ours: Ours = False


class Tool(Fact):
    """A tool or knowledge document that the source attaches to a step."""

    id: PartId
    title: Title
    kind: Literal["tool", "knowledge"] = "tool"
    note: Annotated[Text | None, Field(description="What it is used for here.")] = None


class Pitfall(Fact):
    """A pitfall that the source ties to a step, by its number where it has one."""

    number: Annotated[int, Field(ge=1, le=999)] | None = None
    text: Text


class SubItem(Fact):
    """A point that belongs to an item; completed with it or on its own."""

    id: PartId
    title: Title
    help: Help = None


class Item(Fact):
    """A point of attention, to be completed, waived with a reason, or reopened."""

    id: PartId
    title: Title
    help: Help = None
    required: Annotated[
        Flag, Field(description="false: the step can complete without it.")
    ] = True
    role: Annotated[
        PartId | None,
        Field(description="Only this role completes it; default: any role that may."),
    ] = None
    gate: Annotated[
        Flag, Field(description="true: an approval, which can't be waived.")
    ] = False
    ours: Ours = False
    part: Annotated[
        PartId | None, Field(description="The sub-step (see parts) it stands under.")
    ] = None
    sub: tuple[SubItem, ...] = ()


class Part(Fact):
    """A sub-step of the source, such as 4a: a heading over some of the items."""

    id: PartId
    number: str
    title: Title
    goal: Text | None = None
    tools: tuple[Tool, ...] = ()
    pitfalls: tuple[Pitfall, ...] = ()


class Source(Fact):
    """Where the method comes from, and what that source leaves out."""

    name: str
    publisher: str | None = None
    note: Text | None = None
    left_out: Annotated[
        tuple[Text, ...], Field(description="What the source names but doesn't give.")
    ] = ()


class Element(Fact):
    """An element of the self-assessment and the steps a weak score marks."""

    id: PartId
    title: Title
    marks: Annotated[
        tuple[PartId, ...], Field(description="Ids of steps a weak score marks.")
    ] = ()


SCALE: Final = 4
WEAK: Final = 2
"""The scale of a self-assessment that names none: 1 to 4, weak up to 2."""


class SelfAssessment(Fact):
    """Scores that come first. ``mapping_is_ours``: the source gives no ``marks``."""

    title: Title
    elements: tuple[Element, ...] = Field(min_length=1)
    mapping_is_ours: Annotated[
        Flag, Field(description="true: the source does not give the marks.")
    ] = True
    scale: Annotated[
        int,
        Field(
            ge=2,
            le=10,
            description="The highest score; 1 is the lowest.",
            exclude_if=lambda scale: scale == SCALE,
        ),
    ] = SCALE
    weak: Annotated[
        int,
        Field(
            ge=1,
            le=9,
            description="A score up to this is weak.",
            exclude_if=lambda weak: weak == WEAK,
        ),
    ] = WEAK


class Choice(Fact):
    """A named kind, such as a kind of stakeholder or a level of engagement."""

    id: PartId
    title: Title
    help: Help = None
    may_hinder: Annotated[
        Flag, Field(description="true: may be a risk or a complication to the project.")
    ] = False


class CompensationRule(Fact):
    """What undoes an outward effect of a step that a revisit voids.

    The rule applies once the item it names was completed or the window was opened.
    """

    id: PartId
    title: Title
    undoes: Annotated[
        PartId, Field(description="Id of an item or a window of this step.")
    ]
    act: Literal["withdraw_invitation", "retract_report", "void_window", "tell"]
    to: Annotated[
        tuple[PartId, ...], Field(min_length=1, description="Roles that are told.")
    ]


class Revisit(Fact):
    """What going back does; no ``voids`` means: every step that builds on it."""

    voids: Annotated[
        tuple[PartId, ...] | None,
        Field(description="Steps a return to this one voids; default: all dependents."),
    ] = None
    compensations: tuple[CompensationRule, ...] = ()


class StepCompletion(Fact):
    """What must be true before the step completes."""

    items: Literal["required", "all", "none"] = "required"
    windows: Literal["held", "closed"] = "closed"
    responses: Annotated[
        Literal["answered"] | None,
        Field(
            description="answered: not while a response in its windows waits for"
            " an answer.",
            exclude_if=_unsaid,
        ),
    ] = None

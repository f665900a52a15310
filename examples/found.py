"""A dialogue as it is found on record after its play, and a check of such things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from desk.history import Past
from domain.state import Dialogue
from examples.answered import respondents
from examples.played import Played
from storage.folding import Moment


@dataclass(slots=True)
class Check:
    """One thing that must hold; it held if there are no problems.

    ``facts`` are what was counted. Each problem says what was expected and seen.
    """

    id: str
    facts: dict[str, int] = field(default_factory=dict[str, int])
    problems: list[str] = field(default_factory=list[str])

    @property
    def held(self) -> bool:
        """Whether it held."""
        return not self.problems

    def expect(self, what: str, expected: object, seen: object) -> None:
        """Note a problem unless these are equal."""
        if expected != seen:
            self.problems.append(f"{what}: expected {expected}, seen {seen}")


@dataclass(frozen=True, slots=True)
class Found:
    """A dialogue as it is on record after its play."""

    played: Played
    events: list[Past]
    moment: Moment

    @property
    def state(self) -> Dialogue:
        """The state that the events fold to."""
        return self.moment.state


def sendings(one: Found) -> Iterator[tuple[str, str, list[str]]]:
    """Give effect, kind of message and recipients, for what the record says went."""
    acts: dict[str, str] = {}
    for event in one.events:
        data = event.members["data"]
        match event.members["type"]:
            case "compensation_planned":
                acts[data["compensation"]] = data["act"]
            case "compensation_completed":
                effect = data["compensation"]
                yield effect, acts[effect], data["sent"]
            case "effect_completed":
                told = respondents(one.events, data.get("window", ""), data.get("told"))
                yield data["effect"], data["notice"], [*data["sent"], *told]
            case _:
                pass

"""What a dialogue's parts and people are called in its story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from desk.overview import local
from desk.titles import Titles
from domain.method import PUBLIC
from examples.found import Found
from examples.wording import Words
from language.dates import until


class Naming:
    """Names for one dialogue, in the language of the report."""

    def __init__(self, found: Found, words: Words) -> None:
        """Take titles from the dialogue's method, and parties from its scenario."""
        self._found = found
        self._words = words
        self.titles = Titles(found.state.plan, words.lang)

    def facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give the facts of an event, ids replaced by what people call them."""
        facts: dict[str, Any] = dict(data)
        facts["method"] = self.titles.text(self._found.state.plan.title)
        if data.get("step") is not None:
            facts["number"] = self.number(data["step"])
            facts["label"] = self.label(data["step"])
            facts["previous"] = data.get("round", 1) - 1
        if "window" in data:
            facts["window"] = self.titles.window(data["window"])
        if data.get("outcome") in {"adopted", "partly", "not"}:
            facts["outcome"] = self._words(f"outcome_{data['outcome']}")
        if data.get("outcome") and "agreement" in data:
            facts["outcome"] = self._words(f"settled_{data['outcome']}")
            facts["n"] = len(data.get("parties", ()))
        if "held" in data:
            held = data["held"]
            facts["when"] = "/".join(filter(None, (held["date"], held.get("until"))))
        if "audience" in data:
            facts["audience"] = self._audience(data["audience"])
        if isinstance(data.get("closes"), str):
            facts["until"] = self._until(data["closes"])
        if "actor" in data:
            facts["who"] = self.who(data["actor"])
        return facts

    def number(self, step: str) -> str:
        """Give the number of a step, or its id if it has none."""
        found = self._found.state.plan.steps.get(step)
        return (found.number if found else None) or step

    def label(self, step: str) -> str:
        """Give number and title; an undescribed step has its number as title."""
        label = self._words("step_label", number=self.number(step))
        title = self.titles.step(step)
        return title if title.startswith(label) else f"{label}, {title}"

    def who(self, id_: str) -> str:
        """Give the party for which somebody stands; a stranger is the public."""
        person = self._found.played.scenario.person(id_)
        return person.party if person else self._words("public")

    def compensation(self, name: str) -> str:
        """Give what a compensation does, in the words of the method."""
        made = self._found.state.compensations[name]
        if made.of is not None:
            return f"“{made.of.heading}”"
        rules = self._found.state.plan.steps[made.step].revisit.compensations
        undone = made.undoes.split(".", 1)[1]
        title = next((r.title for r in rules if r.undoes == undone), None)
        return f"“{self.titles.text(title)}”" if title else made.act

    def _audience(self, audience: str) -> str:
        if audience == PUBLIC:
            return self._words("public")
        return self.titles.role(audience).lower()

    def _until(self, closes: str) -> str:
        wall = local(self._found.state, datetime.fromisoformat(closes))
        return until(self._words.lang, wall.replace(tzinfo=None))

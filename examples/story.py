"""A dialogue as a story: what happened on which day, told from the record.

Events that belong together become one line: the items of a step on a day, the letters
of a kind. What no event tells is put between them: what was refused, what was shown
beforehand, and what was broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from desk.history import Past
from desk.overview import local
from desk.saying import said
from desk.titles import Titles
from domain.clock import to_dialogue_time
from domain.method import PUBLIC
from examples.checks import Found
from examples.play import Sent
from examples.scenario import Do, Mail, Preview
from examples.stage import Stage
from examples.wording import Words
from language.dates import until

_LAST: Final = datetime.max.replace(tzinfo=UTC)
_SILENT: Final = frozenset({"step_started", "compensation_planned"})


@dataclass(slots=True)
class Entry:
    """One line: a key of the words with its facts, and what hangs below it."""

    at: datetime
    key: str
    facts: dict[str, Any]
    below: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Teller:
    """Tells one dialogue."""

    found: Found
    words: Words
    entries: list[Entry] = field(default_factory=list[Entry])
    _folded: dict[tuple[object, ...], Entry] = field(
        default_factory=dict[tuple[object, ...], Entry]
    )
    _said: set[str] = field(default_factory=set[str])
    _latest: Entry | None = None

    @property
    def titles(self) -> Titles:
        """The method's titles."""
        return Titles(self.found.state.plan, self.words.lang)

    def tell(self, stage: Stage) -> list[Entry]:
        """Give all entries, in order of dialogue time."""
        for event in self.found.events:
            self._event(event)
        self._refusals()
        self._others()
        self._broken(stage)
        self._published()
        return sorted(self.entries, key=lambda entry: entry.at)

    # Events.

    def _event(self, event: Past) -> None:
        kind, data = str(event.members["type"]), event.members["data"]
        at = datetime.fromisoformat(event.members["at"])
        sent = self._sent(event)
        match kind:
            case "items_completed" | "step_completed":
                self._step(at, kind, data)
            case "items_reconfirmed":
                number = self._number(_step_of(data["items"]))
                self._add(at, kind, n=len(data["items"]), number=number)
            case "items_waived" | "items_reopened":
                items = ", ".join(f"“{self.titles.item(i)}”" for i in data["items"])
                self._add(at, kind, items=items)
            case "role_assigned":
                self._more(at, kind, (), 1)
            case "effect_completed":
                self._letters(at, data["notice"], len(data["sent"]))
            case "window_closed":
                self._closed(at, data)
            case "response_recorded":
                self._response(at, data, sent)
            case "dialogue_resumed":
                self._resumed(at, data)
            case "audience_reminded":
                if data["silent"]:
                    silent = len(data["silent"])
                    window = self.titles.window(data["window"])
                    self._add(at, kind, n=silent, window=window)
            case _:
                self._plain(at, kind, data)
        self._below(kind, sent)

    def _plain(self, at: datetime, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "step_started" and data["round"] > 1:
            number = self._number(data["step"])
            self._add(at, "step_again", number=number, round=data["round"])
        elif kind.startswith("compensation_"):
            self._compensation(at, kind, data)
        elif self.words.has(kind) and kind not in _SILENT:
            self._add(at, kind, **self._facts(data))

    def _facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {**data, "method": self._method()}
        if "step" in data:
            facts["number"] = self._number(data["step"])
            facts["label"] = self._label(data["step"])
            facts["previous"] = data.get("round", 1) - 1
        if "window" in data:
            facts["window"] = self.titles.window(data["window"])
        if "audience" in data:
            public = data["audience"] == PUBLIC
            audience = self.titles.role(data["audience"]).lower()
            facts["audience"] = self.words("public") if public else audience
        if isinstance(data.get("closes"), str):
            facts["until"] = self._until(data["closes"])
        if "actor" in data:
            facts["who"] = self._who(data["actor"])
        return facts

    def _step(self, at: datetime, kind: str, data: Mapping[str, Any]) -> None:
        """Fold what is done in a step on a day into one line."""
        done = kind == "step_completed"
        step = data["step"] if done else _step_of(data["items"])
        label = self._label(step)
        entry = self._more(at, "step_items", (step,), 0, label=label)
        if done:
            entry.facts["done"] = True
        else:
            whole = [i for i in data["items"] if i in self.titles.plan.items]
            entry.facts["n"] += len(whole)

    def _letters(self, at: datetime, notice: str, n: int) -> None:
        if n:
            told = self.words(f"{notice}_notice")
            self._more(at, "letters", (notice,), n, notice=told)

    def _closed(self, at: datetime, data: Mapping[str, Any]) -> None:
        run = self.found.state.windows[data["window"]][data["run"] - 1]
        clock = "closed_by_clock_public" if run.audience == PUBLIC else "closed_by_clock"
        self._add(at, "closed_by_hand" if data["early"] else clock, **self._facts(data))

    def _response(
        self, at: datetime, data: Mapping[str, Any], sent: Sent | None
    ) -> None:
        words = sent.act.body.get("response", "") if sent and sent.act else ""
        key = "response_late" if data["late"] else "response"
        window = self.titles.window(data["window"])
        who = self._who(data["respondent"])
        self._add(at, key, window=window, who=who, words=words)

    def _resumed(self, at: datetime, data: Mapping[str, Any]) -> None:
        for window in data["windows"]:
            self._add(at, "dialogue_resumed", **self._facts(window))

    def _compensation(self, at: datetime, kind: str, data: Mapping[str, Any]) -> None:
        what = self.compensation(data["compensation"])
        if kind == "compensation_started" and data["attempt"] > 1:
            self._add(at, "compensation_retried", what=what)
        elif kind == "compensation_completed":
            self._add(at, kind, what=what, n=len(data["sent"]))
        elif kind == "compensation_failed":
            self._add(at, kind, what=what)

    def compensation(self, name: str) -> str:
        """Give what a compensation does, in the words of the method."""
        made = self.found.state.compensations[name]
        rules = self.found.state.plan.steps[made.step].revisit.compensations
        undone = made.undoes.split(".", 1)[1]
        title = next((r.title for r in rules if r.undoes == undone), None)
        return f"“{self.titles.text(title)}”" if title else made.act

    # What no event tells.

    def _refusals(self) -> None:
        for sent in self.found.played.sent:
            if sent.refusal is not None:
                message = said(sent.refusal, self.words.lang)
                entry = self._add(sent.at, "refused", message=message)
                self._caption(entry, sent)

    def _others(self) -> None:
        """Put previews and what was done to the mail server just before what follows."""
        for act, at in self.found.played.asides:
            if isinstance(act, Preview):
                seen = self.found.played.previews[act.preview]
                counts = {
                    "voids": len(seen["voids"]),
                    "acts": len(seen["compensations"]),
                    "tells": len(seen["tells"]),
                }
                single = "previewed_1" if counts["voids"] == 1 else "previewed"
                self._add(at, single, **counts)
            elif isinstance(act, Mail) and act.mail_puts_off:
                who = ", ".join(self._who(one) for one in act.mail_puts_off)
                self._add(at, "mail_puts_off", who=who)
            elif isinstance(act, Mail):
                self._add(at, "mail_takes_all")

    def _broken(self, stage: Stage) -> None:
        clock = self.found.played.clock
        here = any(s.act and s.act.worker_killed for s in self.found.played.sent)
        key = "worker_killed" if here else "worker_killed_beside"
        for death in stage.deaths:
            self._add(to_dialogue_time(clock, death.killed), key)
        for killed, _ in stage.restarts:
            self._add(to_dialogue_time(clock, killed), "temporal_restarted")

    def _published(self) -> None:
        own = self.found.played.scenario.own_version
        if own is not None:
            because = own.because.in_(self.words.lang)
            at = self.found.played.clock.start
            self._add(at, "method_published", version=own.version, because=because)

    # Making entries.

    def _add(self, at: datetime, key: str, **facts: Any) -> Entry:  # noqa: ANN401
        entry = Entry(at, key, facts)
        self.entries.append(entry)
        self._latest = entry
        return entry

    def _more(
        self,
        at: datetime,
        key: str,
        about: tuple[object, ...],
        n: int,
        **facts: Any,  # noqa: ANN401
    ) -> Entry:
        """Count ``n`` more in the entry of this day about the same, or a new one."""
        same = (local(self.found.state, at).date(), key, *about)
        if same not in self._folded:
            self._folded[same] = self._add(at, key, n=0, **facts)
        self._latest = self._folded[same]
        self._latest.facts["n"] += n
        return self._latest

    def _below(self, kind: str, sent: Sent | None) -> None:
        """Hang caption, reason and note below the first event of a command."""
        entry = self._latest
        if entry is None or kind == "step_started":
            return
        if sent is None or sent.act is None or sent.id in self._said:
            return
        self._said.add(sent.id)
        self._caption(entry, sent)
        for name in ("reason", "note"):
            if sent.act.body.get(name):
                entry.below.append(self.words(name, words=sent.act.body[name]))

    def _caption(self, entry: Entry, sent: Sent) -> None:
        if sent.act is not None and sent.act.says is not None:
            entry.below.insert(0, sent.act.says.in_(self.words.lang))

    def _sent(self, event: Past) -> Sent | None:
        cause = event.members["cause"]
        return next((s for s in self.found.played.sent if s.id == cause), None)

    def _number(self, step: str) -> str:
        found = self.found.state.plan.steps.get(step)
        return (found.number if found else None) or step

    def _label(self, step: str) -> str:
        """Give number and title; an undescribed step has its number as title."""
        number, title = self._number(step), self.titles.step(step)
        label = self.words("step_label", number=number)
        return title if title.startswith(label) else f"{label}, {title}"

    def _who(self, id_: str) -> str:
        person = self.found.played.scenario.person(id_)
        return person.party if person else self.words("public")

    def _method(self) -> str:
        return self.titles.text(self.found.state.plan.title)

    def _until(self, closes: str) -> str:
        wall = local(self.found.state, datetime.fromisoformat(closes))
        return until(self.words.lang, wall.replace(tzinfo=None))


def _step_of(items: list[str]) -> str:
    return items[0].split(".", 1)[0]


def sentence(words: Words, entry: Entry) -> str:
    """Say an entry in one sentence."""
    facts, key = dict(entry.facts), entry.key
    done = facts.pop("done", False)
    if key == "step_items" and done:
        key = "step_items_done" if facts["n"] else "step_done"
    return words(key, **facts)


def lines(found: Found, words: Words, stage: Stage) -> Iterator[tuple[str, str, list[str]]]:
    """Give day (empty when it is that of the line before), sentence, and what is below."""
    before = ""
    for entry in Teller(found, words).tell(stage):
        day = words.day(local(found.state, min(entry.at, _LAST)))
        yield "" if day == before else day, sentence(words, entry), entry.below
        before = day

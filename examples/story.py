"""A dialogue as a story: what happened on which day, told from the record.

Events that belong together become one line: the items of a step on a day, the letters
of a kind. What no event tells is put between them: what was refused, what was shown
beforehand, and what was broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from desk.history import Past
from desk.overview import local
from desk.saying import said
from domain.clock import to_dialogue_time
from domain.method import PUBLIC
from domain.state import WindowRun
from examples.acts import Mail, Preview
from examples.answered import respondents
from examples.found import Found
from examples.naming import Naming
from examples.played import Sent
from examples.stage import Stage
from examples.wording import Words

Data = Mapping[str, Any]
Telling = Callable[[datetime, str, Data], "Entry | None"]


@dataclass(slots=True)
class Entry:
    """One line: a key of the words with its facts, and what hangs below it."""

    at: datetime
    key: str
    facts: dict[str, Any]
    below: list[str] = field(default_factory=list[str])


class Line(NamedTuple):
    """A line of the story, with its moment on the dialogue's wall clock."""

    at: datetime
    text: str
    below: list[str]


class Teller:
    """Tells one dialogue from its events."""

    def __init__(self, found: Found, words: Words) -> None:
        """Nothing is told yet."""
        self._found = found
        self._words = words
        self._naming = Naming(found, words)
        self._entries: list[Entry] = []
        self._folded: dict[tuple[object, ...], Entry] = {}
        self._sent = {sent.id: sent for sent in found.played.sent}
        self._said: set[str] = set()
        self._telling: dict[str, Telling] = {
            "step_started": self._started,
            "items_completed": self._items,
            "step_completed": self._completed,
            "items_reconfirmed": self._reconfirmed,
            "items_waived": self._named,
            "items_reopened": self._named,
            "role_assigned": self._joined,
            "effect_completed": self._letters,
            "window_closed": self._closed,
            "response_recorded": self._responded,
            "agreement_settled": self._settled,
            "audience_reminded": self._reminded,
            "dialogue_resumed": self._resumed,
            "compensation_started": self._compensated,
            "compensation_completed": self._compensated,
            "compensation_failed": self._compensated,
        }

    def tell(self, stage: Stage) -> list[Entry]:
        """Give all entries, in order of dialogue time."""
        for event in self._found.events:
            self._event(event)
        self._published()
        self._refusals()
        self._asides()
        self._broken(stage)
        return sorted(self._entries, key=lambda entry: entry.at)

    def _event(self, event: Past) -> None:
        kind, data = str(event.members["type"]), event.members["data"]
        at = datetime.fromisoformat(event.members["at"])
        sent = self._sent.get(event.members["cause"])
        entry = self._telling.get(kind, self._plain)(at, kind, data)
        if entry is not None and sent is not None:
            self._below(entry, sent)

    # One kind of event after another; each gives the entry that it is told in.

    def _plain(self, at: datetime, kind: str, data: Data) -> Entry | None:
        if not self._words.has(kind):
            return None
        return self._add(at, kind, **self._naming.facts(data))

    def _started(self, at: datetime, _kind: str, data: Data) -> Entry | None:
        if data["round"] == 1:
            return None
        return self._add(at, "step_again", **self._naming.facts(data))

    def _items(self, at: datetime, _kind: str, data: Data) -> Entry:
        entry = self._step(at, _step_of(data))
        items = self._found.state.plan.items
        entry.facts["n"] += sum(1 for item in data["items"] if item in items)
        return entry

    def _completed(self, at: datetime, _kind: str, data: Data) -> Entry:
        entry = self._step(at, data["step"])
        entry.facts["done"] = True
        return entry

    def _step(self, at: datetime, step: str) -> Entry:
        label = self._naming.label(step)
        return self._more(at, "step_items", (step,), 0, label=label)

    def _reconfirmed(self, at: datetime, kind: str, data: Data) -> Entry:
        number = self._naming.number(_step_of(data))
        return self._add(at, kind, n=len(data["items"]), number=number)

    def _named(self, at: datetime, kind: str, data: Data) -> Entry:
        titles = (self._naming.titles.item(item) for item in data["items"])
        return self._add(at, kind, items=", ".join(f"“{title}”" for title in titles))

    def _joined(self, at: datetime, kind: str, _data: Data) -> Entry:
        return self._more(at, kind, (), 1)

    def _letters(self, at: datetime, _kind: str, data: Data) -> Entry | None:
        notice = data["notice"]
        window, numbers = str(data.get("window")), data.get("told")
        heard = respondents(self._found.events, window, numbers)
        people = len(data["sent"]) + len(heard)
        if not people or notice == "window_reminder":
            return None  # the reminder itself is told already
        known = self._words.has(f"{notice}_notice")
        told = self._words(f"{notice}_notice" if known else "other_notice")
        return self._more(at, "letters", (notice,), people, notice=told)

    def _closed(self, at: datetime, _kind: str, data: Data) -> Entry:
        key = "closed_by_hand" if data["early"] else "closed_by_clock"
        runs: tuple[WindowRun, ...] = self._found.state.windows[data["window"]]
        run = runs[int(data["run"]) - 1]
        if run.audience == PUBLIC and not data["early"]:
            key = "closed_by_clock_public"
        return self._add(at, key, **self._naming.facts(data))

    def _responded(self, at: datetime, _kind: str, data: Data) -> Entry:
        key = "response_late" if data["late"] else "response"
        who = self._naming.who(data["respondent"])
        return self._add(at, key, who=who, words="…", **self._naming.facts(data))

    def _settled(self, at: datetime, kind: str, data: Data) -> Entry:
        key = "part_settled" if data.get("parties") else kind
        return self._add(at, key, **self._naming.facts(data))

    def _reminded(self, at: datetime, kind: str, data: Data) -> Entry | None:
        if not data["silent"]:
            return None
        facts = self._naming.facts(data)
        return self._add(at, kind, n=len(data["silent"]), **facts)

    def _resumed(self, at: datetime, kind: str, data: Data) -> Entry | None:
        told = [self._add(at, kind, **self._naming.facts(w)) for w in data["windows"]]
        return told[-1] if told else None

    def _compensated(self, at: datetime, kind: str, data: Data) -> Entry | None:
        what = self._naming.compensation(data["compensation"])
        if kind == "compensation_started":
            if data["attempt"] == 1:
                return None
            kind = "compensation_retried"
        return self._add(at, kind, what=what, n=len(data.get("sent", ())))

    # What no event tells.

    def _published(self) -> None:
        own = self._found.played.scenario.own_version
        if own is not None:
            because = own.because.in_(self._words.lang)
            at = self._found.played.clock.start
            self._add(at, "method_published", version=own.version, because=because)

    def _refusals(self) -> None:
        for sent in self._sent.values():
            if sent.refusal is not None:
                message = said(sent.refusal, self._words.lang)
                self._caption(self._add(sent.at, "refused", message=message), sent)

    def _asides(self) -> None:
        for act, at in self._found.played.asides:
            if isinstance(act, Preview):
                self._previewed(at, self._found.played.previews[act.preview])
            elif isinstance(act, Mail):
                who = ", ".join(self._naming.who(one) for one in act.mail_puts_off)
                self._add(at, "mail_puts_off" if who else "mail_takes_all", who=who)

    def _previewed(self, at: datetime, seen: Data) -> None:
        voids, acts, tells = (
            len(seen[name]) for name in ("voids", "compensations", "tells")
        )
        self._add(at, "previewed", n=voids, acts=acts, tells=tells)

    def _broken(self, stage: Stage) -> None:
        clock = self._found.played.clock
        here = any(s.act and s.act.worker_killed for s in self._sent.values())
        key = "worker_killed" if here else "worker_killed_beside"
        for death in stage.deaths:
            self._add(to_dialogue_time(clock, death.killed), key)
        for killed, _ in stage.restarts:
            self._add(to_dialogue_time(clock, killed), "temporal_restarted")

    # Making entries.

    def _add(self, at: datetime, key: str, **facts: Any) -> Entry:  # noqa: ANN401
        entry = Entry(at, key, facts)
        self._entries.append(entry)
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
        same = (local(self._found.state, at).date(), key, *about)
        if same not in self._folded:
            self._folded[same] = self._add(at, key, n=0, **facts)
        entry = self._folded[same]
        entry.facts["n"] += n
        return entry

    def _below(self, entry: Entry, sent: Sent) -> None:
        """Hang caption, reason and note below the first entry of a command."""
        if sent.act is None or sent.id in self._said:
            return
        self._said.add(sent.id)
        body = sent.act.body
        if "words" in entry.facts:
            entry.facts["words"] = body.get("response", "…")
        self._caption(entry, sent)
        for name in ("reason", "note"):
            if body.get(name):
                entry.below.append(self._words(name, words=body[name]))

    def _caption(self, entry: Entry, sent: Sent) -> None:
        if sent.act is not None and sent.act.says is not None:
            entry.below.insert(0, sent.act.says.in_(self._words.lang))


def _step_of(data: Data) -> str:
    return str(data["items"][0]).split(".", 1)[0]


def _sentence(words: Words, entry: Entry) -> str:
    facts, key = dict(entry.facts), entry.key
    if key == "step_items" and facts.pop("done", False):
        key = "step_items_done" if facts["n"] else "step_done"
    return words(key, **facts)


def lines(found: Found, words: Words, stage: Stage) -> Iterator[Line]:
    """Tell a dialogue, line by line."""
    for entry in Teller(found, words).tell(stage):
        at = local(found.state, entry.at)
        yield Line(at, _sentence(words, entry), entry.below)

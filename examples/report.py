"""The report: what a dialogue is, what happened, what was broken, and what was proved.

For somebody who has never seen Polder. The outcome comes first, each check with what
it found comes last, and how to look for oneself after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.titles import Titles
from examples.found import Check, Found
from examples.packs import pack_name
from examples.stage import Stage
from examples.story import lines
from examples.wording import WIDTH, Words, folded


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came of a demonstration. ``began`` is in seconds since the epoch."""

    found: list[Found]
    checks: list[Check]
    stage: Stage
    day_ms: int
    began: float
    seconds: float
    kept: Path | None
    """The home, if it was kept."""

    @property
    def failed(self) -> list[Check]:
        """The checks that do not hold."""
        return [check for check in self.checks if not check.held]


def readable(outcome: Outcome, words: Words) -> str:
    """Write the report as text."""
    parts = [
        *_opening(outcome, words),
        *(
            line
            for number, found in enumerate(outcome.found, 1)
            for line in _dialogue(outcome, found, number, words)
        ),
        *_broken(outcome, words),
        *_checks(outcome, words),
        *_repeat(outcome, words),
    ]
    return "\n".join(parts) + "\n"


def _opening(outcome: Outcome, words: Words) -> Iterator[str]:
    yield from (words("heading"), "=" * WIDTH, "")
    yield from (folded(words("what")), "")
    day = f"{outcome.day_ms / 1_000:g}"
    told = words("played", dialogues=len(outcome.found), day=day)
    yield from (folded(told), "", words("words_title"))
    for word in ("record", "vault", "round", "compensation", "worker"):
        yield folded(words(f"word_{word}"), first="  - ")
    yield from ("", _verdict(outcome, words))


def _verdict(outcome: Outcome, words: Words) -> str:
    key = "not_held" if outcome.failed else "all_held"
    failed, seconds = len(outcome.failed), round(outcome.seconds)
    return words(key, n=len(outcome.checks), failed=failed, seconds=seconds)


def _dialogue(
    outcome: Outcome, found: Found, number: int, words: Words
) -> Iterator[str]:
    scenario = found.played.scenario
    title = scenario.title.in_(words.lang)
    yield from ("", f"{words('dialogue', number=number)}. {title}", "-" * WIDTH)
    about = {"organisation": scenario.organisation_name, "question": scenario.question}
    yield folded(words("by_organisation", **about))
    yield folded(scenario.story.in_(words.lang))
    for key, texts in (("real", scenario.real), ("ours", scenario.ours)):
        yield words(key)
        yield from (folded(t.in_(words.lang), first="  - ") for t in texts)
    sources = "; ".join(scenario.source.titles)
    yield folded(f"{words('sources', case=scenario.source.case)} {sources}")
    yield ""
    yield from _timeline(outcome, found, words)
    yield ""
    status = words(f"status_{found.state.status}")
    counts = {"events": len(found.events), "letters": _letters(found)}
    yield folded(words("result", status=status, **counts))
    yield from _rounds(found, words)


def _timeline(outcome: Outcome, found: Found, words: Words) -> Iterator[str]:
    before = ""
    for line in lines(found, words, outcome.stage):
        day = words.day(line.at)
        yield folded(line.text, first=f"{'' if day == before else day:<17}")
        before = day
        yield from (folded(text, first=" " * 19) for text in line.below)


def _letters(found: Found) -> int:
    data = (event.members["data"] for event in found.events)
    return sum(len(one.get("sent") or ()) for one in data)


def _rounds(found: Found, words: Words) -> Iterator[str]:
    titles = Titles(found.state.plan, words.lang)
    for step, rounds in found.state.steps.items():
        if len(rounds) == 1:
            continue
        told = [
            words(
                "round_one",
                round=one.number,
                status=words(f"round_{'void' if one.voided_by else one.status}"),
                items=len(one.marks),
            )
            for one in rounds
        ]
        number = found.state.plan.steps[step].number or step
        label = f"{number} ({titles.step(step)})"
        yield folded(words("rounds", rounds="; ".join(told), label=label))


def _broken(outcome: Outcome, words: Words) -> Iterator[str]:
    told: list[str] = []
    # What came of it is told as a fact only where every check says so.
    unsure = "_unsure" if outcome.failed else ""
    struck = [
        sent
        for found in outcome.found
        for sent in found.played.sent
        if sent.act and sent.act.worker_killed
    ]
    for death, sent in zip(outcome.stage.deaths, struck, strict=False):
        facts = {
            "at": round(death.killed.timestamp() - outcome.began),
            "gap": f"{(death.ready - death.killed).total_seconds():.1f}",
            "took": f"{sent.seconds:.1f}",
        }
        pids = {"pid": death.pid, "successor": death.successor}
        told.append(words(f"broken_worker{unsure}", command=sent.kind, **facts, **pids))
    for killed, ready in outcome.stage.restarts:
        at = round(killed.timestamp() - outcome.began)
        gap = f"{(ready - killed).total_seconds():.1f}"
        told.append(words(f"broken_temporal{unsure}", at=at, gap=gap))
    types = {e.members["type"] for found in outcome.found for e in found.events}
    if "compensation_failed" in types and not unsure:
        told.append(words("broken_mail"))
    if told:
        yield from ("", words("broken_title"), "-" * WIDTH)
        yield "\n\n".join(folded(one) for one in told)


def _checks(outcome: Outcome, words: Words) -> Iterator[str]:
    yield from ("", words("checks_title"), "-" * WIDTH)
    for check in outcome.checks:
        mark = words("held" if check.held else "failed")
        text = words(f"check_{check.id}", **check.facts)
        yield folded(text, first=f"[{mark}] ")
        yield from (folded(one, first="    ! ") for one in check.problems)
    yield from ("", _verdict(outcome, words))
    if any(check.id == "played" for check in outcome.failed):
        yield words("slow_machine")


def _repeat(outcome: Outcome, words: Words) -> Iterator[str]:
    yield from ("", words("repeat_title"), "-" * WIDTH)
    if outcome.kept is None:
        yield folded(words("repeat"))
    else:
        if outcome.failed:
            yield words("saved")
        stream = outcome.found[0].played.stream
        yield folded(words("kept", home=outcome.kept))
        yield from ("", f"  export POLDER_HOME={outcome.kept}", "  bin/polder up", "")
        yield from (
            f"  export POLDER_HOME={outcome.kept}",
            "  bin/polder audit verify --all",
            "  bin/polder dialogue list",
            f"  bin/polder dialogue show {stream}",
            f"  bin/polder dialogue history {stream}",
            (
                f"  bin/polder audit verify {outcome.kept}/packs/{pack_name(stream)}"
                f" --key {outcome.kept}/keys/log.key.pub"
            ),
            f"  ls {outcome.kept}/mail",
            "",
        )
    yield words("own")


def document(outcome: Outcome, words: Words) -> dict[str, Any]:
    """Give the report as one JSON document."""
    began = outcome.began
    return {
        "held": not outcome.failed,
        "seconds": round(outcome.seconds, 1),
        "dayMs": outcome.day_ms,
        "home": str(outcome.kept) if outcome.kept else None,
        "checks": [
            {"id": c.id, "held": c.held, "facts": c.facts, "problems": c.problems}
            for c in outcome.checks
        ],
        "deaths": [
            {
                "pid": death.pid,
                "successor": death.successor,
                "atSecond": round(death.killed.timestamp() - began, 1),
                "gapSeconds": round((death.ready - death.killed).total_seconds(), 1),
            }
            for death in outcome.stage.deaths
        ],
        "dialogues": [_one(outcome, found, words) for found in outcome.found],
    }


def _one(outcome: Outcome, found: Found, words: Words) -> dict[str, Any]:
    scenario, state = found.played.scenario, found.state
    story = lines(found, words, outcome.stage)
    return {
        "dialogue": found.played.stream,
        "title": scenario.title.in_(words.lang),
        "case": scenario.source.case,
        "method": {"id": state.method.id, "hash": state.method.hash},
        "status": state.status,
        "events": len(found.events),
        "letters": _letters(found),
        "head": found.moment.hash,
        "refusals": [s.refusal.name for s in found.played.sent if s.refusal],
        "timeline": [
            {"at": line.at.isoformat(), "text": line.text, "below": line.below}
            for line in story
        ],
    }

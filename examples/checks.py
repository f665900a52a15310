"""What must hold once the dialogues were played, looked at from outside.

Nothing here trusts what the player believed: events are read from the record, states
are asked of the workflows, letters are files, and private texts are searched for in
the very bytes that lie on disk.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any, Final

import psycopg
from temporalio.service import RPCError

from desk.desk import Desk
from desk.errors import DeskError
from desk.history import Past, whole_history
from domain.state import Dialogue
from examples.play import Played, Sent
from examples.scenario import End, Restart, Scenario
from examples.stage import Stage
from storage.errors import StorageError
from storage.folding import Moment, fold_stream
from storage.pool import connect
from storage.rebuild import rebuild
from storage.vault import openings
from storage.verify import verify_all

_OWN: Final = "polder:"


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


async def look_up(desk: Desk, played: Played) -> Found:
    """Read a dialogue's events and fold them."""
    events = await whole_history(desk, played.stream)
    return Found(played, events, await fold_stream(desk.pool, played.stream))


async def check_all(desk: Desk, stage: Stage, found: list[Found]) -> list[Check]:
    """Check everything that can be checked while the servers run."""
    database = stage.addresses.database or ""
    return [
        played_out(found),
        survived(stage, found),
        once_is_once(found),
        await _tried("sound", sound(database, found)),
        await _tried("states", same_states(desk, found)),
        await _tried("projections", same_projections(database, found)),
        letters(stage.letters(), stage, found),
        await _tried("private", private(desk, stage.running.home.path, found)),
    ]


async def _tried(name: str, checking: Awaitable[Check]) -> Check:
    """Let a check that can't be carried out count as one that does not hold."""
    try:
        return await checking
    except (DeskError, StorageError, RPCError, psycopg.Error) as error:
        problem = f"expected to be able to check, seen {type(error).__name__}: {error}"
        return Check(name, problems=[problem])


def played_out(found: list[Found]) -> Check:
    """Every act had the outcome that its scenario expects, and so had the whole."""
    check = Check("played")
    for one in found:
        if one.played.missed:
            check.problems.append(one.played.missed)
        else:
            _check_end(check, one, one.played.scenario.ends)
    check.facts = {
        "dialogues": len(found),
        "commands": sum(len(one.played.sent) for one in found),
        "refused": sum(1 for sent in _all_sent(found) if sent.refusal),
    }
    return check


def _check_end(check: Check, one: Found, ends: End) -> None:
    state, name = one.state, one.played.scenario.id
    check.expect(f"{name}, status", ends.status, state.status)
    for step, rounds in state.steps.items():
        check.expect(f"{name}, rounds of {step}", ends.rounds.get(step, 1), len(rounds))
    compensated = [c for c in state.compensations.values() if c.status == "completed"]
    check.expect(f"{name}, compensations", ends.compensations, len(compensated))
    for wanted in ends.windows:
        runs = state.windows.get(wanted.window, ())
        run = runs[wanted.run - 1] if len(runs) >= wanted.run else None
        seen = run and (run.status, run.on_time, run.late)
        expected = (wanted.status, wanted.on_time, wanted.late)
        check.expect(f"{name}, {wanted.window}#{wanted.run}", expected, seen)
    told = {kind: sorted(who) for kind, who in ends.messages.items()}
    check.expect(f"{name}, messages", told, _told(one))


def _told(one: Found) -> dict[str, list[str]]:
    """Give who was sent each kind of message, from the events."""
    told: dict[str, list[str]] = {}
    for _, notice, sent in _sendings(one):
        told.setdefault(notice, []).extend(sent)
    return {kind: sorted(who) for kind, who in told.items()}


def _sendings(one: Found) -> Iterator[tuple[str, str, list[str]]]:
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
                yield data["effect"], data["notice"], data["sent"]
            case _:
                pass


def survived(stage: Stage, found: list[Found]) -> Check:
    """The worker was killed while a command was under way, and nothing came of it."""
    check = Check("survived")
    struck = [sent for sent in _all_sent(found) if sent.act and sent.act.worker_killed]
    check.expect("deaths of a worker", len(struck), len(stage.deaths))
    asides = [act for one in found for act, _ in one.played.asides]
    restarts = [act for act in asides if isinstance(act, Restart)]
    check.expect("restarts of Temporal", len(restarts), len(stage.restarts))
    for death in stage.deaths:
        orderly = f"that process {death.pid} had time to stop in order"
        check.expect(orderly, expected=False, seen=death.orderly)
        if death.pid in {death.successor, *stage.left()}:
            check.problems.append(f"process {death.pid} was killed and lives")
    for sent in struck:
        if not sent.in_flight:
            check.problems.append(f"{sent.id}: expected under way, seen answered")
        seen = [e["type"] for e in sent.answer.events] if sent.answer else None
        expected = list(sent.act.records) if sent.act else []
        check.expect(f"{sent.id}, answered with", expected, seen)
    check.facts = {"deaths": len(stage.deaths), "restarts": len(stage.restarts)}
    return check


def once_is_once(found: list[Found]) -> Check:
    """Each answered command has exactly the events it was answered with; others none."""
    check = Check("once")
    for one in found:
        by_cause: dict[str, list[tuple[int, str, str]]] = {}
        for event in one.events:
            told = (event.seq, str(event.members["type"]), event.hash)
            by_cause.setdefault(event.members["cause"], []).append(told)
        for sent in one.played.sent:
            recorded = by_cause.pop(sent.id, [])
            check.expect(f"the events of {sent.id}", _answered(sent), recorded)
        strangers = [cause for cause in by_cause if not cause.startswith(_OWN)]
        check.expect(f"causes in {one.played.stream} that nobody sent", [], strangers)
        check.facts["clock"] = check.facts.get("clock", 0) + len(by_cause)
    sent_again = [sent for sent in _all_sent(found) if sent.again]
    answered = [sent for sent in _all_sent(found) if sent.answer]
    check.facts |= {"answered": len(answered), "again": len(sent_again)}
    return check


def _answered(sent: Sent) -> list[tuple[int, str, str]]:
    events = sent.answer.events if sent.answer else []
    return [(event["seq"], event["type"], event["hash"]) for event in events]


async def sound(database: str, found: list[Found]) -> Check:
    """The record is sound: hashes, chain, gaps, columns, vault, projections."""
    check = Check("sound")
    conn = await connect(database)
    async with conn:
        report = await verify_all(conn)
    check.expect("findings", [], [str(finding) for finding in report.findings])
    check.expect("events", sum(len(one.events) for one in found), report.events)
    check.expect("streams", len(found), report.streams)
    check.expect("streams that are blocked", (), report.blocked)
    check.expect("that the vault was checked", expected=True, seen=report.vault_checked)
    check.expect("private values of no event", 0, report.pending)
    check.facts = {"events": report.events, "streams": report.streams}
    return check


async def same_states(desk: Desk, found: list[Found]) -> Check:
    """Folding the events gives the state that the workflow holds, and the same head."""
    check = Check("states")
    client = await desk.client()
    for one in found:
        handle = client.get_workflow_handle(one.played.stream)
        state: dict[str, Any] = await handle.query("state")
        folded = one.state.model_dump(mode="json")
        names = {*state, *folded}
        differing = sorted(n for n in names if state.get(n) != folded.get(n))
        check.expect(f"differences in {one.played.stream}", [], differing)
        head: dict[str, Any] = await handle.query("head")
        check.expect(
            f"head of {one.played.stream}",
            (one.moment.seq, one.moment.hash, one.moment.seq),
            (head["seq"], head["hash"], head["recordedSeq"]),
        )
    check.facts = {"dialogues": len(found)}
    return check


async def same_projections(database: str, found: list[Found]) -> Check:
    """All projections, folded again from nothing, come out the same."""
    check = Check("projections")
    conn = await connect(database)
    async with conn:
        rebuilt = await rebuild(conn)
    check.expect("differences", [], [str(one) for one in rebuilt.differences])
    check.expect("dialogues", len(found), rebuilt.dialogues)
    check.facts = {"dialogues": rebuilt.dialogues}
    return check


def letters(files: list[Path], stage: Stage, found: list[Found]) -> Check:
    """What the mail server took is what the record says went out: each letter once.

    A letter may be there twice only if the worker died between the two, before it
    could note the first; both have the same Message-ID then.
    """
    check = Check("letters")
    by_address = {p.address: p.id for one in found for p in one.played.scenario.people}
    recorded = {
        (one.played.stream, effect, who)
        for one in found
        for effect, _, sent in _sendings(one)
        for who in sent
    }
    taken: dict[tuple[str, str, str], list[Path]] = {}
    identities: Counter[str] = Counter()
    for file in files:
        letter = message_from_bytes(file.read_bytes())
        to = by_address.get(letter["Delivered-To"], letter["Delivered-To"])
        key = (letter["Polder-Dialogue"], letter["Polder-Effect"], to)
        if key not in taken:
            identities[letter["Message-ID"]] += 1
        taken.setdefault(key, []).append(file)
    check.expect("letters on record that never went", [], sorted(recorded - {*taken}))
    check.expect("letters that went unrecorded", [], sorted({*taken} - recorded))
    shared = [name for name, times in identities.items() if times > 1]
    check.expect("Message-IDs of several letters", [], shared)
    twice = {key: sent for key, sent in taken.items() if len(sent) > 1}
    unexplained = [k for k, sent in twice.items() if not _spans_a_death(sent, stage)]
    check.expect("letters sent twice without a death between", [], unexplained)
    check.facts = {"letters": len(taken), "twice": len(twice)}
    return check


def _spans_a_death(sent: list[Path], stage: Stage) -> bool:
    moments = [int(file.name.partition("-")[0]) / 1e9 for file in sent]
    first, last = min(moments), max(moments)
    return any(first <= death.ready.timestamp() <= last for death in stage.deaths)


async def private(desk: Desk, home: Path, found: list[Found]) -> Check:
    """Private texts lie in the vault, and in no event, payload, file or log."""
    check = Check("private")
    places = {file.name: file.read_bytes() for file in _kept(home)}
    for one in found:
        scenario = one.played.scenario
        bodies = json.dumps([event.members for event in one.events]).encode()
        opened = {str(o.value) for o in await openings(desk.pool, scenario.stream)}
        expected = _texts(one.played)
        check.expect(f"texts of {scenario.id} not in the vault", set(), expected - opened)
        check.expect(f"texts of {scenario.id} kept needlessly", set(), opened - expected)
        for text in scenario.secrets():
            for place, content in {"events": bodies, **places}.items():
                if any(form in content for form in _forms(text)):
                    check.problems.append(f"{text!r} stands in {place}")
        # The search itself is tried on something that has to be there.
        title = _forms(scenario.title.nl)
        for place in ("events", "temporal.db"):
            content = bodies if place == "events" else _joined(places, place)
            known = any(form in content for form in title)
            check.expect(f"the public title in {place}", expected=True, seen=known)
        check.facts["texts"] = check.facts.get("texts", 0) + len(expected)
    return check


def _texts(played: Played) -> set[str]:
    """Give the private texts of commands that were obeyed."""
    scenario: Scenario = played.scenario
    texts = {t for p in scenario.people for t in (p.name, p.address)}
    for sent in played.sent:
        if sent.act is not None and sent.answer is not None:
            values = (sent.act.body.get(n) for n in ("reason", "note", "response"))
            texts |= {value for value in values if isinstance(value, str)}
    return texts


def _kept(home: Path) -> list[Path]:
    """Give the files in which nothing private may lie: Temporal's and the logs."""
    temporal = (home / "temporal").glob("temporal.db*")
    logs = (home / name / "log" for name in ("temporal", "worker"))
    return [file for file in (*temporal, *logs) if file.is_file()]


def _joined(places: dict[str, bytes], prefix: str) -> bytes:
    return b"".join(c for name, c in places.items() if name.startswith(prefix))


def _forms(text: str) -> tuple[bytes, bytes]:
    """Give the bytes of a text as UTF-8 and as escaped JSON."""
    return text.encode(), json.dumps(text)[1:-1].encode()


def _all_sent(found: list[Found]) -> Iterator[Sent]:
    for one in found:
        yield from one.played.sent


def nothing_left(stage: Stage) -> Check:
    """No process that was on stage still lives."""
    check = Check("gone")
    check.expect("processes that still live", [], stage.left())
    check.facts = {"processes": stage.seen}
    return check

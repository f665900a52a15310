"""What must hold once the dialogues were played, looked at from outside.

Nothing here trusts what the player believed: events are read from the record, states
are asked of the workflows, letters are files, and private texts are searched for in
the very bytes that lie on disk.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from typing import Any, Final

import psycopg
from temporalio.service import RPCError

from desk.checks import verify
from desk.desk import Desk
from desk.errors import DeskError
from desk.history import whole_history
from examples.acts import Organisation, Restart
from examples.found import Check, Found, sendings
from examples.packs import packs
from examples.played import Played, Sent
from examples.scenario import End
from examples.stage import Stage
from examples.traces import letters, private
from storage.errors import StorageError
from storage.folding import fold_stream
from storage.pool import connect
from storage.queries import counts
from storage.rebuild import rebuild

_OWN: Final = "polder:"


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
        await _tried("sound", sound(desk, stage, found)),
        await _tried("states", same_states(desk, found)),
        await _tried("projections", same_projections(database, found)),
        letters(stage.letters(), stage, found),
        await _tried("private", private(desk, stage.running.home.path, found)),
        await _tried("packs", packs(desk, stage, found)),
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
    if ends.messages is not None:
        told = {kind: sorted(who) for kind, who in ends.messages.items()}
        check.expect(f"{name}, messages", told, _told(one))


def _told(one: Found) -> dict[str, list[str]]:
    """Give who was sent each kind of message, from the events."""
    told: dict[str, list[str]] = {}
    for _, notice, sent in sendings(one):
        told.setdefault(notice, []).extend(sent)
    return {kind: sorted(who) for kind, who in told.items()}


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
    """Each command has exactly the events of its answer; a refused one has none."""
    check = Check("once")
    for one in found:
        by_cause: dict[str, list[tuple[int, str, str]]] = {}
        for event in one.events:
            told = (event.seq, str(event.members["type"]), event.hash)
            by_cause.setdefault(event.members["cause"], []).append(told)
        for sent in one.played.sent:
            recorded = by_cause.pop(sent.id, [])
            check.expect(f"the events of {sent.id}", _answered(sent), recorded)
        house = _of_the_house(one)
        ours = [cause for cause in by_cause if cause.startswith((_OWN, *house))]
        strangers = [cause for cause in by_cause if cause not in ours]
        check.expect(f"causes in {one.played.stream} that nobody sent", [], strangers)
        check.facts["clock"] = check.facts.get("clock", 0) + len(by_cause)
    sent_again = [sent for sent in _all_sent(found) if sent.again]
    answered = [sent for sent in _all_sent(found) if sent.answer]
    check.facts |= {"answered": len(answered), "again": len(sent_again)}
    return check


def _of_the_house(one: Found) -> set[str]:
    """Give how the causes begin under which the organisation's acts reach a dialogue.

    They end with the moment of the act (`desk.stopping`).
    """
    acts = [act for act, _ in one.played.asides if isinstance(act, Organisation)]
    return {f"{'lifted' if a.lifts else 'suspended'}.{a.suspension}." for a in acts}


def _answered(sent: Sent) -> list[tuple[int, str, str]]:
    events = sent.answer.events if sent.answer else []
    return [(event["seq"], event["type"], event["hash"]) for event in events]


async def sound(desk: Desk, stage: Stage, found: list[Found]) -> Check:
    """The record is sound, and its log: hashes, chain, vault, projections, roots."""
    check = Check("sound")
    seen = await verify(stage.addresses.database or "", log_key=stage.log_key)
    facts = seen.facts
    check.expect("findings", [], seen.findings)
    played = sum(len(one.events) for one in found)
    own = await _of_our_own(desk, found)
    if not played <= facts["events"] <= played + sum(own):
        others = f"{played} events and at most {sum(own)} of Polder's own"
        check.problems.append(f"expected {others}, seen {facts['events']}")
    streams = len(found) + sum(map(bool, own))
    check.expect("streams", streams, facts["streams"])
    check.expect("streams that are blocked", [], facts["blocked"])
    vault = facts["vaultChecked"]
    check.expect("that the vault was checked", expected=True, seen=vault)
    check.expect("private values of no event", 0, facts["pendingPrivate"])
    signed = facts["log"]["signaturesChecked"]
    check.expect("that signatures were checked", expected=True, seen=signed)
    check.facts = {
        "events": facts["events"],
        "streams": facts["streams"],
        "checkpoints": facts["log"]["checkpoints"],
    }
    return check


async def _of_our_own(desk: Desk, found: list[Found]) -> list[int]:
    """Count the events in the stream of the log and of each organisation."""
    houses = {f"org:{one.played.stream.partition(':')[0]}" for one in found}
    own = ["polder:log", *sorted(houses)]
    return [sum((await counts(desk.pool, stream)).values()) for stream in own]


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


def _all_sent(found: list[Found]) -> Iterator[Sent]:
    for one in found:
        yield from one.played.sent


def nothing_left(stage: Stage) -> Check:
    """No process that was on stage still lives."""
    check = Check("gone")
    check.expect("processes that still live", [], stage.left())
    check.facts = {"processes": stage.seen}
    return check

"""What the dialogues left outside the record: letters, and bytes on the disk.

Private texts are searched for in the very bytes that lie there; so that the search
itself is tried, it has to find what is public.
"""

from __future__ import annotations

import json
from collections import Counter
from email import message_from_bytes
from pathlib import Path

from desk.desk import Desk
from examples.found import Check, Found, sendings
from examples.played import Played
from examples.stage import Stage
from storage.vault import openings


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
        for effect, _, sent in sendings(one)
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
        opened = {
            str(o.value) for o in await openings(desk.pool, desk.keys, scenario.stream)
        }
        expected = _texts(one.played)
        check.expect(
            f"texts of {scenario.id} not in the vault", set[str](), expected - opened
        )
        check.expect(
            f"texts of {scenario.id} kept needlessly", set[str](), opened - expected
        )
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
    scenario = played.scenario
    texts = {t for p in scenario.people for t in (p.name, p.address)}
    for sent in played.sent:
        if sent.act is not None and sent.answer is not None:
            texts |= {text for _, text in sent.act.texts()}
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

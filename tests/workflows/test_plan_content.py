"""A method that a dialogue goes over to is counted until it is on record."""

from __future__ import annotations

import json

import pytest
from temporalio.api.common.v1 import Payload

from domain.errors import MethodUnfit, RecordFull, TooLarge
from domain.plan_facts import MethodMigrated, MigrateMethod
from evidence.canonical import content_hash
from tests.domain.story import SAID, STREAM, Story, brief_done, given
from tests.domain.versions import altered, to
from workflows.fullness import Fullness
from workflows.intake import (
    Envelope,
    body_digest,
    most_bytes,
    read_command,
    read_json,
)
from workflows.ledger import Ledger, LedgerState


def told(size: int) -> MigrateMethod:
    """Give the command that goes over to a method of about this many bytes."""
    method = altered(title={"en": "x" * 1_900}, summary={"en": "y" * 1_900})
    phases = method.model_dump(mode="json")["phases"]
    text = {"en": "z" * 1_900}
    phases[0]["steps"][0]["advice"] = [text] * (size // 2_000)
    return to(altered(phases=phases))


def migrated(story: Story, size: int = 100_000) -> Ledger:
    """Give a ledger in which only a migration waits for the record."""
    story.and_(told(size))
    start = LedgerState(stream=STREAM, epoch=1, seq=story.new[0].seq - 1)
    ledger = Ledger(start.model_copy(update={"recorded_seq": start.seq}))
    ledger.take(story.new, ledger.seal(story.new))
    return ledger


def test_the_method_goes_to_the_record_with_its_event() -> None:
    """Under the hash that the event names."""
    story = brief_done(given())
    ledger = migrated(story)
    batch = ledger.next_batch()
    data = story.new[0].data
    assert isinstance(data, MethodMigrated)
    content = batch.contents[data.method.hash]
    assert content.kind == "method"
    assert content_hash(json.loads(content.text)) == data.method.hash


def test_what_waits_is_counted_with_the_method_and_carried_so() -> None:
    """The next run counts the same, and nothing is left once it is on record."""
    ledger = migrated(brief_done(given()))
    assert ledger.size > 100_000
    again = Ledger(ledger.carried())
    assert again.size == ledger.size
    again.recorded(again.seq, again.hash)
    assert again.size == 0


def test_so_many_methods_as_would_not_fit_are_refused() -> None:
    """While the record is down a dialogue can go over only so often."""
    story = brief_done(given())
    ledger = migrated(story, 200_000)
    for number in range(4):
        later = [e.model_copy(update={"seq": e.seq + number + 1}) for e in story.new]
        ledger.take(later, ledger.seal(later))
    with pytest.raises(RecordFull):
        ledger.seal(story.new)


def test_how_full_a_dialogue_is_follows_its_plan_at_once() -> None:
    """Else a run might hand over more than the next can take."""
    story = brief_done(given())
    fullness = Fullness()
    fullness.measure(story.state)
    before = fullness.bytes
    story.and_(told(200_000))
    fullness.grew(story.state, 1, 500)
    assert fullness.bytes > before + 190_000


def test_a_message_that_brings_a_method_may_be_larger_than_others() -> None:
    """And only that kind of message."""
    payload = Payload(
        metadata={"encoding": b"json/plain"}, data=b'"' + b"x" * 100_000 + b'"'
    )
    assert read_json(payload, most_bytes("migrate_method"))
    with pytest.raises(TooLarge):
        read_json(payload, most_bytes("amend_plan"))


def test_a_method_has_the_hash_that_is_claimed_for_it() -> None:
    """Another one is refused before anything is decided."""
    command = to(altered())
    assert command.compiled is not None
    body = command.model_dump(mode="json")
    body["compiled"]["method_hash"] = "0" * 64
    envelope = Envelope.model_validate(
        {"id": "c-1", "actor": {"id": "d-1", "role": "director"}, "command": body}
    )
    with pytest.raises(MethodUnfit):
        read_command("migrate_method", envelope)


def test_the_method_is_no_part_of_what_makes_a_command_the_same() -> None:
    """The desk puts it in anew each time that a command is sent."""
    command = to(altered())
    whole = command.model_dump(mode="json")
    without = {name: v for name, v in whole.items() if name != "compiled"}
    assert body_digest("migrate_method", whole) == body_digest(
        "migrate_method", without
    )
    assert command.reason == SAID

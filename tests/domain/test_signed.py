"""Where a desk's key is trusted, who changes what is believed has to sign."""

from __future__ import annotations

import pytest

from domain.commands import AnyCommand, CompleteItems, NoteSignal
from domain.decide import decide
from domain.errors import DomainError, NothingToDo, UnknownCommand
from domain.events import DialogueStarted, to_data
from domain.evolve import evolve
from domain.facts import Actor
from domain.signed import (
    BadSignature,
    LastDeskKey,
    TooManyDeskKeys,
    UnknownDeskKey,
    Unsigned,
)
from domain.signed_facts import (
    MAX_KEYS,
    AllowUnsigned,
    DeskKeyDistrusted,
    DeskKeyTrusted,
    DistrustDeskKey,
    TrustDeskKey,
    UnsignedAllowed,
    key_id,
)
from domain.state import Dialogue
from evidence.actor import make_key
from tests.domain.story import ANNE, CLOCK_ACTOR, SAID, Story, has, start

KEYS = [make_key(bytes([number]) * 32) for number in range(MAX_KEYS + 1)]
FIRST, SECOND = KEYS[:2]
SIGNAL = NoteSignal(type="zaak", source="z-1")


class Signed(Story):
    """A story in which everything is signed by a desk, unless it is said not to be."""

    by: str | None = FIRST.id

    def signed(self, command: AnyCommand, key: str | None) -> Signed:
        """Send a command signed by a key, or by none."""
        self.new, self.refusal = (), None
        state = self._state
        cause = self.cause(command).model_copy(update={"signed": key})
        try:
            self.new = decide(state, command, cause)
        except DomainError as refusal:
            self.refusal = refusal
        for event in self.new:
            self._state = evolve(self._state, event)
            self.events.append(event)
        return self


def trusting(*kinds: str) -> Signed:
    """Begin a story in a dialogue that trusts a key, and takes these kinds unsigned."""
    begun = start(desk_keys=(FIRST.public,), unsigned=kinds or None)
    return Signed().signed(begun, FIRST.id)


def test_a_start_that_brings_keys_is_signed_by_one_of_them() -> None:
    """Else somebody could begin a dialogue in a desk's name."""
    begun = start(desk_keys=(FIRST.public,))
    Signed().signed(begun, None).then_refused(Unsigned, "start_dialogue", "none")
    story = trusting()
    story.then(has(DialogueStarted, desk_keys=(FIRST.public,), unsigned=None))
    assert story.state.desk_keys == {FIRST.id: FIRST.public}


def test_a_dialogue_without_keys_is_as_it_ever_was() -> None:
    """Nothing of keys stands in its events or in its state."""
    story = Story().and_(start(), SIGNAL)
    data, _ = to_data(story.events[0])
    assert not {"desk_keys", "unsigned"} & data.keys()
    assert not {"desk_keys", "unsigned"} & story.state.model_dump().keys()
    story.when(AllowUnsigned()).then_refused(NothingToDo, "no desk key is trusted")


@pytest.mark.parametrize(
    ("kinds", "taken"),
    [((), True), (("note_signal",), True), (("open_window",), False)],
)
def test_what_is_allowed_is_taken_unsigned(
    kinds: tuple[str, ...], *, taken: bool
) -> None:
    """Everything, until less is said; a signature is always taken."""
    story = trusting(*kinds).signed(SIGNAL, None)
    if taken:
        assert story.refusal is None
    else:
        story.then_refused(Unsigned, "note_signal", "open_window")
    assert trusting(*kinds).signed(SIGNAL, FIRST.id).refusal is None


@pytest.mark.parametrize(
    "command",
    [
        TrustDeskKey(public=SECOND.public),
        DistrustDeskKey(key=FIRST.id, reason=SAID),
        AllowUnsigned(commands=("*",)),
    ],
)
def test_who_is_believed_is_said_by_who_is_believed(command: AnyCommand) -> None:
    """Whatever else is taken unsigned."""
    trusting().signed(command, None).then_refused(Unsigned, "all but those about keys")


def test_the_first_key_is_brought_by_its_own_desk() -> None:
    """In a dialogue that trusted none: a typing error locks nobody out."""
    story = Signed()
    story.signed(start(), None)
    trust = TrustDeskKey(public=FIRST.public)
    story.signed(trust, None).then_refused(Unsigned)
    story.signed(trust, FIRST.id)
    story.then(has(DeskKeyTrusted, key=FIRST.id, public=FIRST.public))


def test_keys_come_and_go_and_one_stays() -> None:
    """The last one can't go, and there are at most so many."""
    story = trusting()
    story.signed(DistrustDeskKey(key=FIRST.id, reason=SAID), FIRST.id)
    story.then_refused(LastDeskKey)
    story.signed(TrustDeskKey(public=FIRST.public), FIRST.id)
    story.then_refused(NothingToDo, "trusted already")
    for key in KEYS[1:MAX_KEYS]:
        story.signed(TrustDeskKey(public=key.public), FIRST.id).then(DeskKeyTrusted)
    story.signed(TrustDeskKey(public=KEYS[-1].public), FIRST.id)
    story.then_refused(TooManyDeskKeys, str(MAX_KEYS))
    story.signed(DistrustDeskKey(key=FIRST.id, reason=SAID), SECOND.id)
    story.then(has(DeskKeyDistrusted, key=FIRST.id))
    assert FIRST.id not in story.state.desk_keys
    story.signed(DistrustDeskKey(key=FIRST.id, reason=SAID), SECOND.id)
    story.then_refused(UnknownDeskKey, SECOND.id)


def test_what_is_taken_unsigned_is_said_by_kinds() -> None:
    """Kinds that there are, but for those that are always signed; * is every kind."""
    story = trusting()
    told = AllowUnsigned(commands=("open_window", "note_signal", "note_signal"))
    story.signed(told, FIRST.id)
    story.then(has(UnsignedAllowed, commands=("note_signal", "open_window")))
    story.signed(told, FIRST.id).then_refused(NothingToDo)
    for odd in ("nonsense", "trust_desk_key", "restore_dialogue"):
        story.signed(AllowUnsigned(commands=(odd,)), FIRST.id)
        story.then_refused(UnknownCommand, "note_signal")
    story.signed(AllowUnsigned(), FIRST.id).then(has(UnsignedAllowed, commands=()))
    assert story.state.unsigned == ()
    story.signed(AllowUnsigned(commands=("*",)), FIRST.id)
    story.then(has(UnsignedAllowed, commands=None))
    assert story.state.unsigned is None


def test_polder_itself_signs_nothing() -> None:
    """The clock and the world go on where nothing is taken unsigned."""
    story = trusting("note_signal")
    story.signed(CompleteItems(items=("brief.money",)), FIRST.id)
    story.window_ends("brief.ideas")
    assert Actor(id="polder", role="clock", via="timer") == CLOCK_ACTOR


def test_who_does_not_steer_changes_no_key() -> None:
    """A signature says over which desk it came, and gives no rights."""
    story = trusting()
    cause = story.cause(AllowUnsigned(), ANNE).model_copy(update={"signed": FIRST.id})
    with pytest.raises(DomainError) as refused:
        decide(story.state, AllowUnsigned(), cause)
    assert type(refused.value).__name__ in {"NotEntitled", "NotHolder"}


def test_keys_survive_the_recorded_form_of_a_state() -> None:
    """Whole, and with nothing allowed unsigned."""
    story = trusting().signed(AllowUnsigned(), FIRST.id)
    told = Dialogue.model_validate_json(story.state.model_dump_json())
    assert (told.desk_keys, told.unsigned) == ({FIRST.id: FIRST.public}, ())
    assert key_id(FIRST.public) == FIRST.id
    assert str(BadSignature(problem="it is over something else"))

"""An answer is sent to numbers; who gave those responses is on record.

The dialogue's state knows how many responses there are, and no more: so it stays small
with 20,000 of them. Here, where names and addresses are looked up, ids are too.
"""

from __future__ import annotations

from activities.contracts import Notice, Sent
from domain.notices import Told
from domain.response_numbers import bits_of, each, span, written
from storage.pool import Source
from storage.respondents import respondents


class Answered:
    """Whom a notice is for, and about which of their responses."""

    def __init__(self, notice: Notice, by_recipient: dict[str, int]) -> None:
        """Take the bits of each recipient's responses; none for any other notice."""
        self._notice = notice
        self._numbers = by_recipient

    @classmethod
    async def of(cls, source: Source, notice: Notice) -> Answered:
        """Look up who gave the responses that a notice answers."""
        found: dict[str, int] = {}
        if notice.responses is not None:
            numbers = each(bits_of(notice.responses.numbers))
            window = notice.responses.window
            held = await respondents(source, notice.stream, window, numbers)
            for number, who in held.items():
                found[who] = found.get(who, 0) | span(number, number)
        return cls(notice, found)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who is to get a letter: each once, however many responses they gave."""
        return tuple(dict.fromkeys((*self._notice.recipients, *self._numbers)))

    def to(self, recipient: str) -> Notice:
        """Give the notice as it is for one recipient: with their own numbers."""
        if recipient not in self._numbers:
            return self._notice
        mine = Told(name="responses", value=_short(self._numbers[recipient]))
        facts = (mine, *self._notice.facts)
        return self._notice.model_copy(update={"facts": facts})

    def sent(self, sent: Sent) -> Sent:
        """Say what came of it: by number, where it is about responses."""
        if self._notice.responses is None:
            return sent
        told = self._all(sent.sent)
        untold = bits_of(self._notice.responses.numbers) & ~told
        return Sent(
            sent=(), undeliverable=(), told=written(told), untold=written(untold)
        )

    def _all(self, recipients: tuple[str, ...]) -> int:
        bits = 0
        for who in recipients:
            bits |= self._numbers.get(who, 0)
        return bits


def _short(bits: int) -> str:
    """Write somebody's numbers; whoever gave very many is told the first."""
    text = written(bits)
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(",")[0] + " …"


_LONGEST = 400

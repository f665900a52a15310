"""What decisions need of the harvest: which reports, agreements and decisions stand.

Whatever is only shown is an entry. Members that say nothing are left out of JSON, so
that two hundred agreements stay small.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from domain.agreement_facts import AgreementOutcome
from domain.facts import Fact, Instant


def _says_nothing(value: object) -> bool:
    return value is None or value is False or value in ((), {})


def _first(value: object) -> bool:
    return value == 1


_Names = Annotated[tuple[str, ...], Field(exclude_if=_says_nothing)]
_Mark = Annotated[bool, Field(exclude_if=_says_nothing)]
_Part = Annotated[str | None, Field(exclude_if=_says_nothing)]
_Outcomes = Annotated[dict[str, AgreementOutcome], Field(exclude_if=_says_nothing)]
_Number = Annotated[int | None, Field(exclude_if=_says_nothing)]


_COUNTS_MOST: Final[tuple[AgreementOutcome, ...]] = (
    *("broken", "renegotiated"),
    *("kept", "lapsed"),
)
"""What the whole is called whose parts did not all end alike: the first of these."""


class Report(Fact):
    """A report: whose place it took, and which of those told hear when it is retracted.

    ``told`` are those whom no later report in its chain reaches.
    """

    status: Literal["draft", "final", "retracted"]
    title: str
    seq: int
    step: _Part = None
    told: _Names = ()
    supersedes: _Part = None
    superseded_by: _Part = None

    @property
    def stands(self) -> bool:
        """Whether it was not retracted and nothing took its place."""
        return self.status != "retracted" and self.superseded_by is None


class Decision(Fact):
    """A decision: whether it stands, and whether it has to be looked at again."""

    title: str
    seq: int
    step: _Part = None
    annulled: _Mark = False
    to_review: _Mark = False


class Agreement(Fact):
    """An agreement: who keeps it, by when, and what became of it.

    ``due`` is the end of its last day. ``generation`` counts how often that was set.
    ``reminded`` and ``overdue`` say what the holder has heard of it. One that has been
    settled keeps only its outcome. ``others`` keep it beside ``who``; ``parts`` is what
    became of the parts that are settled, ``last`` of all parts the time before.
    """

    who: str
    seq: int
    others: _Names = ()
    parts: _Outcomes = {}
    last: _Outcomes = {}
    due: Annotated[Instant | None, Field(exclude_if=_says_nothing)] = None
    reminders: Annotated[tuple[Instant, ...], Field(exclude_if=_says_nothing)] = ()
    generation: Annotated[int, Field(exclude_if=_first)] = 1
    watched_by: _Part = None
    repeats: _Number = None
    step: _Part = None
    reminded: _Mark = False
    overdue: _Mark = False
    to_review: _Mark = False
    settled: Annotated[AgreementOutcome | None, Field(exclude_if=_says_nothing)] = None

    @property
    def open(self) -> bool:
        """Whether it still has to be kept."""
        return self.settled is None

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who keeps it, or kept it."""
        return (self.who, *self.others)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Those whose part still has to be kept."""
        return tuple(p for p in self.parties if self.open and p not in self.parts)

    def whole(
        self, parties: tuple[str, ...], outcome: AgreementOutcome
    ) -> AgreementOutcome | None:
        """Say what became of all of it once these parts end so; none while one is open.

        Broken where one part was; else agreed anew where one was; else kept where one
        was. Only what lapsed for all has lapsed.
        """
        if not self.others:
            return outcome
        parts = self.parts | dict.fromkeys(parties, outcome)
        if any(party not in parts for party in self.parties):
            return None
        return next(each for each in _COUNTS_MOST if each in parts.values())


class Feedback(Fact):
    """Late feedback that waits for an answer."""

    respondent: str
    seq: int


class Communication(Fact):
    """Results that were told; ``told`` hear it when a revisit takes that back.

    Whoever was told of reports hears it of each report, so these are not named here.
    """

    seq: int
    step: _Part = None
    told: _Names = ()


class Harvest(Fact):
    """What has come of the dialogue so far.

    ``communicated`` is the event that first told results, ``withdrawn`` the one that
    withdrew the proposal. ``feedback`` are those that wait for an answer.
    """

    reports: dict[str, Report] = {}
    decisions: dict[str, Decision] = {}
    agreements: dict[str, Agreement] = {}
    communications: dict[str, Communication] = {}
    feedback: dict[str, Feedback] = {}
    communicated: int | None = None
    withdrawn: int | None = None

    def open_agreements(self) -> dict[str, Agreement]:
        """Give the agreements that still have to be kept, by their id."""
        return {name: each for name, each in self.agreements.items() if each.open}

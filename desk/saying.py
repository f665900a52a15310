"""Errors in the reader's language: the name and the facts say it, not the message.

Some facts are themselves words of the code ("the dialogue is paused already"). They
are translated as a whole, or by the pattern they were made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

# So that every refusal is known by its name.
import domain.decide  # noqa: F401  # pyright: ignore[reportUnusedImport]
from desk import malformed
from desk.errors import DeskError, Refused
from desk.remarks import NO_PAST, REASONS
from desk.remarks_deliveries import DELIVERY_PATTERNS, DELIVERY_WHOLE
from desk.remarks_dossier import DOSSIER_PATTERNS, DOSSIER_WHOLE
from desk.remarks_plans import PLAN_PATTERNS, PLAN_WHOLE
from desk.remarks_windows import WINDOW_PATTERNS, WINDOW_WHOLE
from domain.errors import DomainError, MalformedCommand, NotEntitled, UnknownRole
from language import mark, translator
from language.dates import HOME_ZONE, moment

_WHOLE: Final = (
    mark("these items are complete already"),
    mark("these items are complete or waived already"),
    mark("these items are open already"),
    mark("nothing here waits to be reconfirmed"),
    mark("this outcome is on record already"),
    mark("the dialogue is paused already"),
    mark("this actor holds the role already"),
    mark("this actor does not hold the role"),
    mark("this is not the duration that the method gives"),
    mark("the window closes before its time"),
    mark("the window was extended or shortened meanwhile"),
    mark("this agreement was not in doubt"),
    mark("the agreement was extended or came back meanwhile"),
    mark("this decision was not in doubt"),
    mark("this decision was annulled already"),
    mark("this report was retracted already"),
    mark("the proposal was withdrawn already"),
    mark("kept"),
    mark("broken"),
    mark("renegotiated"),
    mark("lapsed"),
    mark("retracted"),
    mark("the public has no addresses"),
    mark("nobody is silent"),
    mark("the respondent in person"),
    mark("the register says so already"),
    mark("no briefing is owed to this stakeholder"),
    mark("an interest does not bear on itself"),
    mark("these interests are related so already"),
    mark("these interests are not related"),
    mark("Register it first (register_stakeholder)."),
    mark("Record it first (record_interest)."),
    mark("under way"),
    mark("waiting to be started again"),
    mark("the compiled method is not there"),
    mark("it is not the one that was asked for"),
    mark("it is for another country or time zone"),
    mark("its hash is another than the one given"),
    mark("the workflow id is not organisation:slug in lower-case letters"),
    mark("it gave no answer"),
    mark("the dialogue was moving on to a new run"),
    mark("none"),
    mark("not started"),
    mark("running"),
    mark("paused"),
    mark("completed"),
    mark("cancelled"),
    mark("archived"),
    mark("skipped"),
    mark("started"),
    mark("voided"),
    mark("open"),
    mark("closed"),
    mark(": it was voided when the dialogue went back"),
    mark("requested"),
    mark("granted"),
    mark("refused"),
    mark("executed"),
    mark("this hold was lifted already"),
    mark("these responses are in this group already"),
    mark("these responses are not in this group"),
    mark("all responses of this group were answered singly"),
    mark("no response to this window waits for an answer"),
    mark("no response to this window is of an earlier round"),
    mark("every answer in this window arrived or is under way"),
    mark("identical"),
    mark("theme"),
    mark("the meeting is so already"),
    mark("all of them were invited"),
    mark("it has to end after it begins"),
    mark("it would have begun already"),
    mark("changed"),
    NO_PAST,
    *REASONS.values(),
    *DOSSIER_WHOLE,
    *WINDOW_WHOLE,
    *PLAN_WHOLE,
    *DELIVERY_WHOLE,
)
_PATTERNS: Final = (
    mark("step {step} has started already"),
    mark("step {step} is complete already"),
    mark("Did you mean {near}?"),
    mark("An item's full id is step.item; the steps are {steps}."),
    mark("it is not written in that language, but in {languages}"),
    mark("this dialogue uses {calendar} in {zone}"),
    mark("the present calendar reaches {last}"),
    mark("messages that have not gone out yet ({messages})"),
    mark("meetings still to come ({meetings})"),
    mark("it may last {days} days at most; plan several meetings"),
    mark("there is no method {method}; choose from: {known}"),
    mark("{first} and {count} more"),
    mark(": its time ended at {moment}"),
    mark(": it closed at {moment}"),
    mark("its private fields are {fields}"),
    mark("this mandate was revoked already, from {moment}"),
    *DOSSIER_PATTERNS,
    *WINDOW_PATTERNS,
    *PLAN_PATTERNS,
    *DELIVERY_PATTERNS,
)
_WORDS: Final = (mark("or"), mark("and"))


_CHOICE: Final = re.compile(r"[a-z_-]+(?: or [a-z_-]+)+")
"""Codes to choose from, such as the roles that may do something."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


def said(
    error: Exception, lang: str, instead: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Say what the desk answered, in ``lang``; other errors as they are.

    Moments are told by the wall clock of the dialogue, where the error knows it, else
    by that of the Netherlands. ``instead`` has an interface's own words for templates.
    """
    _ = translator(lang)
    if isinstance(error, Refused) and error.name in DomainError.kinds:
        template = DomainError.kinds[error.name].template()
    elif isinstance(error, DeskError):
        template = error.template
    else:
        return str(error)
    template = instead.get(template, template)
    local = _Local(lang, error.zone)
    given = dict(error.facts)
    if isinstance(error, Refused):
        template = _more_plainly(error, template)
        given |= _named(error, lang)
    facts = {name: local.told(_fact(v, _)) for name, v in given.items()}
    for name, value in facts.items():
        if isinstance(value, str) and f"{{{name}}}." in template:
            facts[name] = value.rstrip(".")
    try:
        return _(template).format(**facts) if facts else _(template)
    except (KeyError, IndexError):
        return str(error)


_NO_ROLE: Final = mark("You have no role here in which you may. It takes: {entitled}.")
_IDS: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


def _more_plainly(error: Refused, template: str) -> str:
    """Give a template that names no role where there is none."""
    nobody = (error.name, error.facts.get("role")) == (NotEntitled.__name__, "-")
    return _NO_ROLE if nobody else template


def _named(error: Refused, lang: str) -> dict[str, str]:
    """Give the facts that name roles with their titles, and what is malformed in words.

    A role can be named by its title wherever it can be named.
    """
    members = {"role", "entitled", "audience"}
    members |= {"known"} if error.name == UnknownRole.__name__ else set()
    told: dict[str, str] = {}
    for name, value in error.facts.items():
        if name in members and isinstance(value, str):
            named = _IDS.sub(lambda found: _title(error, found[0], lang), value)
            told[name] = _joined(named, translator(lang))
    problem = error.facts.get("problem")
    if error.name == MalformedCommand.__name__ and isinstance(problem, str):
        told["problem"] = malformed.in_words(problem, lang)
    return told


def _title(error: Refused, role: str, lang: str) -> str:
    titles = error.roles.get(role, {})
    return titles.get(lang) or next(iter(titles.values()), role)


class _Local(NamedTuple):
    """Tells moments in a language, by the wall clock of a zone."""

    lang: str
    zone: str | None

    def told(self, value: str | int) -> str | int:
        return value if isinstance(value, int) else _INSTANT.sub(self._moment, value)

    def _moment(self, found: re.Match[str]) -> str:
        zone = HOME_ZONE if self.zone is None else ZoneInfo(self.zone)
        return moment(self.lang, datetime.fromisoformat(found[0]).astimezone(zone))


def _fact(value: str | int, _: Callable[[str], str]) -> str | int:
    if isinstance(value, int):
        return value
    if _CHOICE.fullmatch(value):
        return _joined(value, _)
    if value in _WHOLE:
        return _(value)
    for pattern in _PATTERNS:
        found = fits(pattern, value)
        if found is not None:
            names = {name: _joined(text, _) for name, text in found.items()}
            return _(pattern).format(**names)
    return value


def _joined(text: str, _: Callable[[str], str]) -> str:
    for word in _WORDS:
        text = text.replace(f" {word} ", f" {_(word)} ")
    return text


def fits(pattern: str, text: str) -> dict[str, str] | None:
    """Give what stands in the named places of a pattern, if a text was made of it."""
    found = _expression(pattern).fullmatch(text)
    return found.groupdict() if found else None


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", pattern)
    expression = "".join(
        f"(?P<{part}>.+)" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )
    return re.compile(expression, re.DOTALL)


def in_words(text: str, patterns: Iterable[str], lang: str) -> str:
    """Say a text of the code in a language, by the pattern that it was made of."""
    _ = translator(lang)
    for pattern in patterns:
        found = fits(pattern, text)
        if found is not None:
            return _(pattern).format(**found)
    return text

"""The plan of a dialogue as a method of its own, which others can begin with.

Tracks stay behind: they are this dialogue's, and whoever goes over to the method copies
their steps anew. A step of which only a copy is left comes back under its own name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from domain.method import Language, Method, Opens, Phase, Step, Window, compiled
from domain.method_parts import Source, Text
from domain.plan_changes import CopySteps
from domain.plan_copies import copy_of
from domain.plan_parts import needing
from domain.plan_traces import originals
from domain.state import Dialogue

_LONGEST_ID: Final = 63
_LONGEST_TEXT: Final = 2_000
_NOT_ALL: Final[dict[Language, str]] = {
    "nl": "Aangepast in een dialoog; niet alles komt uit deze bron.",
    "en": "Changed in a dialogue; not everything comes from this source.",
    "fr": "Modifié dans un dialogue ; tout ne vient pas de cette source.",
    "de": "In einem Dialog geändert; nicht alles stammt aus dieser Quelle.",
}
"""Said of the source of a method that a dialogue changed."""


def plan_alone(
    state: Dialogue, slug: str, name: str | None = None, version: str | None = None
) -> Method:
    """Give the plan as a method, compiled; ``slug`` is the dialogue's.

    Where nothing was changed this is the method itself. Else its id is by default that
    of the method with the slug, and its version that of the method with the number of
    the event that changed the plan last: another plan never has the same.
    """
    told = {"id": name, "version": version}
    given = {member: value for member, value in told.items() if value is not None}
    if not state.amendments:
        return _checked(state.plan, given)
    plan = _Alone(state).plan()
    number = ".".join(plan.version.split(".")[:2])
    own: dict[str, object] = {
        "id": _own_id(plan.id, slug),
        "version": f"{number}.{state.amendments[-1].seq}",
        "title": _with(plan.title, f" – {state.title}"),
        "source": _source(plan.source, plan.languages),
    }
    return _checked(plan, own | given)


def _checked(plan: Method, changes: Mapping[str, object]) -> Method:
    """Give a plan with changes. Raises ``pydantic.ValidationError``."""
    changed = plan.model_copy(update=changes)
    return compiled(Method.model_validate(changed.model_dump()))


def _own_id(method: str, slug: str) -> str:
    """Give the id of a method with the slug of a dialogue behind it, once."""
    if method.endswith(f"-{slug}"):
        return method
    room = _LONGEST_ID - len(slug) - 1
    return f"{method[:room]}-{slug}" if room > 0 else slug


def _with(text: Text, more: str) -> Text:
    """Give a text with something behind it in every language, once."""
    return {
        language: told
        if told.endswith(more) or len(told + more) > _LONGEST_TEXT
        else told + more
        for language, told in text.items()
    }


def _source(source: Source, languages: Iterable[Language]) -> Source:
    note = source.note or {}
    told: Text = {}
    for language in languages:
        before, more = note.get(language, ""), _NOT_ALL[language]
        whole = f"{before} {more}".strip()
        fits = more not in before and len(whole) <= _LONGEST_TEXT
        told[language] = whole if fits else before
    return source.model_copy(update={"note": told})


class _Alone:
    """A plan without what is in tracks only."""

    def __init__(self, state: Dialogue) -> None:
        self._state = state
        self._copies = originals(state)
        gone = (s for s in self._copies.values() if s not in state.plan.steps)
        self._back = {original: self._first_copy(original) for original in gone}
        self._joining = frozenset(_joining(state))

    def _first_copy(self, original: str) -> str:
        plan = self._state.plan
        copies = (c for c, o in self._copies.items() if o == original)
        return next(copy for copy in copies if copy in plan.steps)

    def plan(self) -> Method:
        plan = self._state.plan
        phases = (self._phase(phase) for phase in plan.phases)
        changes: dict[str, object] = {"phases": tuple(p for p in phases if p.steps)}
        if plan.completion.steps != "all":
            wanted = self._names(plan.completion.steps)
            changes["completion"] = plan.completion.model_copy(
                update={"steps": wanted or self._originals(plan.completion.steps)}
            )
        if plan.self_assessment is not None:
            elements = tuple(
                each.model_copy(update={"marks": self._names(each.marks)})
                for each in plan.self_assessment.elements
            )
            changes["self_assessment"] = plan.self_assessment.model_copy(
                update={"elements": elements}
            )
        return plan.model_copy(update=changes)

    def _phase(self, phase: Phase) -> Phase:
        return phase.model_copy(update={"steps": tuple(self._steps(phase))})

    def _steps(self, phase: Phase) -> Iterator[Step]:
        for step in phase.steps:
            original = self._copies.get(step.id)
            if original is None:
                yield self._outside(step)
            elif self._back.get(original) == step.id:
                yield self._again(step, original)

    def _names(self, steps: Iterable[str]) -> tuple[str, ...]:
        """Give steps without copies, but for those that come back."""
        kept = (
            self._copies.get(step, step)
            for step in steps
            if step not in self._copies or self._copies[step] in self._back
        )
        return tuple(dict.fromkeys(kept))

    def _originals(self, steps: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._copies.get(step, step) for step in steps))

    def _outside(self, step: Step) -> Step:
        """Give a step without what it has of tracks."""
        had = step.needs or ()
        needs = self._names(had)
        ahead = {step.id, *self._state.plan.built_on[step.id]}
        if had and not needs and step.id not in self._joining:
            needs = tuple(n for n in self._originals(had) if n not in ahead)
        voids = step.revisit.voids
        told = None if voids is None else self._names(voids)
        windows = tuple(self._asked(each, ahead) for each in step.windows)
        return _voiding(needing(step, needs), told).model_copy(
            update={"windows": windows}
        )

    def _asked(self, window: Window, ahead: Collection[str] = ()) -> Window:
        """Give a window that opens with a step that is there, else by hand."""
        opener = self._copies.get(window.opens.step or "")
        if opener is None:
            return window
        opens = window.opens.model_copy(update={"step": opener})
        told = Opens() if opener in ahead else opens
        return window.model_copy(update={"opens": told})

    def _again(self, step: Step, original: str) -> Step:
        """Give a step of which only this copy is left, as it was before it."""
        track = step.id.removeprefix(copy_of(original, ""))
        behind = f" – {self._state.tracks[track].title}"
        title = {lang: told.removesuffix(behind) for lang, told in step.title.items()}
        changes: dict[str, object] = {
            "id": original,
            "number": step.number.removesuffix(f"/{track}") or step.number,
            "title": title,
            "windows": tuple(self._asked(each) for each in step.windows),
        }
        voids = step.revisit.voids
        told = None if voids is None else self._originals(voids)
        back = _voiding(step, told).model_copy(update=changes)
        return needing(back, self._originals(step.needs or ()))


def _voiding(step: Step, voids: tuple[str, ...] | None) -> Step:
    """Give a step whose return voids these steps."""
    revisit = step.revisit.model_copy(update={"voids": voids})
    return step.model_copy(update={"revisit": revisit})


def _joining(state: Dialogue) -> Iterator[str]:
    """Give the steps that wait for a track because its opening said so."""
    for amendment in state.amendments:
        for change in amendment.changes:
            if isinstance(change, CopySteps):
                yield from change.joins

"""What differs between two states, property by property.

A property is found by its place: JSON pointers of the state as JSON. Lists of plain
values are compared as sets are, so that one name more in a list of people is one
change; other lists by place, since rounds of a step and runs of a window only grow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast, get_args

from domain.method import Item, Language, Step, Window
from domain.plan_comparing import parts
from domain.state import Dialogue, thin
from evidence.canonical import content_hash

Kind = Literal["added", "removed", "changed"]
Path: TypeAlias = "tuple[str | int, ...]"

_NOTHING: Final = object()
_LANGUAGES: Final = frozenset(get_args(Language))


class Change(NamedTuple):
    """One property that differs; what is not there is None."""

    path: Path
    kind: Kind
    before: Any
    after: Any

    @property
    def pointer(self) -> str:
        """The property's place as a JSON pointer (RFC 6901)."""
        parts = (str(p).replace("~", "~0").replace("/", "~1") for p in self.path)
        return "".join(f"/{part}" for part in parts)

    @property
    def document(self) -> dict[str, Any]:
        """The change as JSON."""
        return {
            "path": self.pointer,
            "kind": self.kind,
            "before": self.before,
            "after": self.after,
        }


def between(before: Dialogue, after: Dialogue) -> list[Change]:
    """Give what differs between two states of a dialogue, in the order of the state.

    Method and calendar count by their hashes; the digests of handled commands do not.
    Where the plan differs it is compared part by part, in the dialogue's language,
    instead of the amendments that made it so.
    """
    return list(differences(*_whole(before, after)))


def _whole(before: Dialogue, after: Dialogue) -> tuple[dict[str, Any], dict[str, Any]]:
    old, new = _told(before), _told(after)
    if before.plan != after.plan:
        told, now = parts(before.plan), parts(after.plan)
        same = {name for name in told.keys() & now.keys() if told[name] == now[name]}
        old["plan"] = {n: _part(p, before) for n, p in told.items() if n not in same}
        new["plan"] = {n: _part(p, after) for n, p in now.items() if n not in same}
    return old, new


def _told(state: Dialogue) -> dict[str, Any]:
    days = state.calendar
    told = {"id": days.id, "hash": content_hash(days.model_dump(mode="json"))}
    return {**thin(state), "calendar": told, "amendments": []}


def _part(part: Step | Item | Window, state: Dialogue) -> dict[str, Any]:
    """Give the members of a part that say something, in the dialogue's language."""
    told = part.model_dump(
        mode="json", exclude={"id", "items", "windows"}, exclude_defaults=True
    )
    return {name: _spoken(value, state.language) for name, value in told.items()}


def _spoken(value: Any, language: str) -> Any:  # noqa: ANN401 (any JSON)
    """Give a text in one language in the place of one in several, however deep."""
    if isinstance(value, list):
        return [_spoken(each, language) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    if members.keys() <= _LANGUAGES:
        return members.get(language, members)
    return {name: _spoken(each, language) for name, each in members.items()}


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Change]:  # noqa: ANN401 (any JSON)
    """Give what differs between two JSON values."""
    if before is _NOTHING:
        yield from _whole_of("added", after, path)
    elif after is _NOTHING:
        yield from _whole_of("removed", before, path)
    else:
        match before, after:
            case dict(), dict():
                yield from _members({**before}, {**after}, path)
            case list(), list():
                yield from _elements([*before], [*after], path)
            case _ if not _same(before, after):
                yield Change(path, "changed", before, after)
            case _:
                pass


def _whole_of(
    kind: Literal["added", "removed"],
    value: Any,  # noqa: ANN401 (any JSON)
    path: Path,
) -> Iterator[Change]:
    """Give every property of what is new, or gone; what is empty is one itself."""
    match value:
        case dict() if value:
            yield from _turned(kind, differences({}, {**value}, path))
        case list() if value:
            yield from _turned(kind, differences([], [*value], path))
        case _:
            yield from _turned(kind, [Change(path, "added", None, value)])


def _turned(
    kind: Literal["added", "removed"], changes: Iterable[Change]
) -> Iterator[Change]:
    """Give what was added as it is, or as what was removed."""
    for change in changes:
        if kind == "added":
            yield change
        else:
            yield Change(change.path, kind, change.after, None)


def _same(before: object, after: object) -> bool:
    """Tell whether two plain values are one; true is not 1."""
    return type(before) is type(after) and before == after


def _members(
    before: dict[str, Any], after: dict[str, Any], path: Path
) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name, _NOTHING), after.get(name, _NOTHING)
        yield from differences(was, now, (*path, name))


def _elements(before: list[Any], after: list[Any], path: Path) -> Iterator[Change]:
    if not (_plain(before) and _plain(after)):
        pairs = zip_longest(before, after, fillvalue=_NOTHING)
        for place, (was, now) in enumerate(pairs):
            yield from differences(was, now, (*path, place))
        return
    # By type as well: true is not 1.
    was, now = _typed(before), _typed(after)
    gone, new = Counter(was) - Counter(now), Counter(now) - Counter(was)
    for _, value in gone.elements():
        yield Change(path, "removed", value, None)
    for _, value in new.elements():
        yield Change(path, "added", None, value)
    if not gone and not new and was != now:
        yield Change(path, "changed", before, after)


def _typed(values: list[Any]) -> list[tuple[str, Any]]:
    return [(type(value).__name__, value) for value in values]


def _plain(values: Sequence[Any]) -> bool:
    return all(isinstance(value, str | int | None) for value in values)

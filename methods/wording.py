"""What pydantic found wrong, in the words of someone who writes a method.

pydantic names types and patterns; an author needs to know which line, what was
expected there and what to write instead.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import (
    TYPE_CHECKING,
    Final,
    Literal,
    NamedTuple,
    TypeGuard,
    cast,
    get_args,
    get_origin,
)

from pydantic import BaseModel, ValidationError

from domain.method import Language, Method
from domain.method_findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from methods.yaml_tree import Data, Path

_SHOWN: Final = 60
_VERSION_HINT: Final = r"\d{1,6}\.\d{1,6}"


class _Wrong(NamedTuple):
    """One of pydantic's errors: its kind, its place, the value, and facts on both."""

    kind: str
    loc: Path
    value: object
    facts: dict[str, object]
    text: str


def complaints(
    error: ValidationError, data: Data, root: type[BaseModel] = Method
) -> Iterator[Finding]:
    """Word each error once, at the deepest place in ``data`` that it is about.

    ``root`` is the model that ``data`` was read as.
    """
    wrongs = [
        _Wrong(e["type"], e["loc"], e["input"], e.get("ctx", {}), e["msg"])
        for e in error.errors(include_url=False)
    ]
    placed = [(_path(wrong, data), wrong) for wrong in wrongs]
    around = {path[:length] for path, _ in placed for length in range(len(path))}
    told: set[Path] = set()
    for path, wrong in placed:
        # A list whose parts are wrong counts as empty, and each branch of a union
        # complains: what lies deeper says more.
        of_a_choice = len(wrong.loc) > len(path) or wrong.kind == "too_short"
        if path in told or (of_a_choice and path in around):
            continue
        told.add(path)
        message, remedy = _worded(root, path, wrong)
        yield Finding(path, message, remedy)


def _path(wrong: _Wrong, data: Data) -> Path:
    """Drop from pydantic's ``loc`` what names no place, such as a union's branch."""
    found: list[str | int] = []
    here: Data = data
    for part in wrong.loc:
        match here, part:
            case dict(), str() if part in here:
                here = here[part]
            case list(), int() if part < len(here):
                here = here[part]
            case _ if wrong.kind != "missing" or part != wrong.loc[-1]:
                continue
            case _:
                pass
        found.append(part)
    return tuple(found)


def _worded(root: type[BaseModel], path: Path, wrong: _Wrong) -> tuple[str, str]:
    match wrong.kind:
        case "missing":
            return _missing(root, path)
        case "extra_forbidden":
            return _stranger(root, path)
        case "literal_error":
            return _no_choice(root, path, wrong.value)
        case "string_pattern_mismatch":
            return _wrong_form(wrong)
        case "value_error":
            return "this does not go together", _sentence(str(_context(wrong, "error")))
        case _:
            return _wrong_kind(wrong)


def _missing(root: type[BaseModel], path: Path) -> tuple[str, str]:
    name = str(path[-1])
    model = _model_at(root, path[:-1])
    field = model.model_fields.get(name) if model else None
    meant = field.description if field else None
    remedy = f"Add {name}: to this part"
    return f"{name} is missing", f"{remedy}. {meant}" if meant else remedy


def _stranger(root: type[BaseModel], path: Path) -> tuple[str, str]:
    name = str(path[-1])
    model = _model_at(root, path[:-1])
    members = list(model.model_fields) if model else []
    return f"{_show(name)} has no meaning here", _suggestion(name, members)


def _no_choice(root: type[BaseModel], path: Path, value: object) -> tuple[str, str]:
    choices = _choices_at(root, path)
    if _annotation_at(root, path) is None:
        remedy = f"Choose from: {', '.join(choices)}; put text with a comma in quotes"
        return f"{_show(value)} is no language here", remedy
    return f"{_show(value)} is no choice here", _suggestion(str(value), choices)


def _wrong_form(wrong: _Wrong) -> tuple[str, str]:
    value = wrong.value
    if _VERSION_HINT in str(_context(wrong, "pattern")):
        message = f"{_show(value)} is no version"
        return message, "Write two or three numbers with dots between, such as 1.0"
    message = f"{_show(value)} can't be an id"
    example = re.sub(r"[^a-z0-9_]+", "-", str(value).lower()).strip("-_")[:63]
    remedy = "Use lower-case letters, digits, - and _, 63 at most"
    return message, f"{remedy}, such as {example}" if example else remedy


def _wrong_kind(wrong: _Wrong) -> tuple[str, str]:
    value, kind = wrong.value, wrong.kind
    if kind in {"greater_than_equal", "less_than_equal"}:
        limit = _context(wrong, "ge" if kind == "greater_than_equal" else "le")
        side = "below" if kind == "greater_than_equal" else "above"
        return f"{_show(value)} is {side} {limit}", "Choose a number within the limits"
    if kind == "string_too_long":
        limit = _context(wrong, "max_length")
        return f"the text is longer than {limit} characters", "Shorten it"
    for kinds, expected, remedy in _KINDS:
        if kind in kinds:
            return f"{expected} is expected here, not {_show(value)}", remedy
    return wrong.text, "Compare with `polder method schema`"


_KINDS: Final = (
    (
        {"string_type"},
        "text",
        "Write a line of text, in quotes if it is a word like true",
    ),
    ({"string_too_short"}, "text", "Write something, or leave the member out"),
    ({"bool_type"}, "true or false", "Write true or false, without quotes"),
    (
        {"int_type", "int_parsing", "int_from_float", "int_parsing_size"},
        "a whole number",
        "Write digits only, such as 10",
    ),
    (
        {"tuple_type", "list_type"},
        "a list",
        "Put each on a line of its own after a dash, or leave the member out",
    ),
    (
        {"dict_type"},
        "a text in every language",
        "Write nl: … and en: … on lines of their own below it",
    ),
    (
        {"model_type", "model_attributes_type"},
        "a part with members",
        "Write its members as name: value on lines below it",
    ),
    ({"too_short"}, "at least one", "Add one, or leave the member out"),
    (
        {"date_type", "date_parsing", "date_from_datetime_parsing"}
        | {"date_from_datetime_inexact"},
        "a day",
        "Write year-month-day, such as 2026-12-01",
    ),
)


def _suggestion(name: str, choices: Sequence[str]) -> str:
    close = get_close_matches(name.lower(), choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Choose from: {', '.join(choices)}" if choices else "Take it out"


def _context(wrong: _Wrong, name: str) -> object:
    return wrong.facts.get(name)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _show(value: object) -> str:
    """Quote a value, cut to a length at which a line stays readable."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "members"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    text = str(value)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _annotation_at(root: type[BaseModel], path: Path) -> object:
    """Follow a path through the models' annotations; None where it leaves them."""
    here: object = root
    for part in path:
        if isinstance(part, int):
            continue
        model = next(_models(here), None)
        if model is None or part not in model.model_fields:
            return None
        here = model.model_fields[part].annotation
    return here


def _model_at(root: type[BaseModel], path: Path) -> type[BaseModel] | None:
    return next(_models(_annotation_at(root, path)), None)


def _choices_at(root: type[BaseModel], path: Path) -> list[str]:
    annotation = _annotation_at(root, path)
    if annotation is None:  # a language in a text, since texts are no models
        return list(get_args(Language))
    return list(dict.fromkeys(_literals(annotation)))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if _is_model(annotation):
        yield annotation
    for inner in cast("Iterable[object]", get_args(annotation)):
        yield from _models(inner)


def _literals(annotation: object) -> Iterator[str]:
    inner = cast("tuple[object, ...]", get_args(annotation))
    if get_origin(annotation) is Literal:
        yield from (str(choice) for choice in inner)
        return
    for each in inner:
        yield from _literals(each)


def _is_model(annotation: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)

"""Members of a command in camelCase become those that the domain knows.

Only names that the command itself has are changed, in it and in its parts; keys that
people choose, such as ids of roles, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from api.mistakes import TWICE, Mistake, pointer
from api.problems import bad_input
from domain.commands import COMMANDS

Place = tuple[str | int, ...]
"""Where something stands in a body, from its top."""


def in_domain_names(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a command with the names of the domain.

    Raises the problem 400 for a member that stands there under both its names.
    """
    model = COMMANDS.get(kind)
    return dict(body) if model is None else _named(model, body, ("command",))


def _named(
    model: type[BaseModel], body: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    names = {to_camel(name): name for name in model.model_fields}
    found: dict[str, Any] = {}
    for key, value in body.items():
        name = key if key in model.model_fields else names.get(key, key)
        if name in found:
            raise bad_input(Mistake("body", pointer((*place, key)), TWICE, "duplicate"))
        field = model.model_fields.get(name)
        at = (*place, key)
        found[name] = value if field is None else _within(field.annotation, value, at)
    return found


def _within(annotation: Any, value: Any, place: Place) -> Any:  # noqa: ANN401  (JSON is anything)
    """Give a value with the names of the models that its type holds."""
    if isinstance(value, list):
        every = cast("list[Any]", value)
        return [_within(annotation, each, (*place, n)) for n, each in enumerate(every)]
    if not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    models = list(_models(annotation))
    if not models:
        return members
    if _is_mapping(annotation):
        of: Any = get_args(annotation)[-1]
        return {key: _within(of, each, (*place, key)) for key, each in members.items()}
    fitting = max(models, key=lambda each: _known(each, members))
    return _named(fitting, members, place)


def _known(model: type[BaseModel], members: Mapping[str, Any]) -> int:
    names = {*model.model_fields, *map(to_camel, model.model_fields)}
    return len(names & members.keys())


def _is_mapping(annotation: Any) -> bool:  # noqa: ANN401
    return get_origin(annotation) is dict


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)

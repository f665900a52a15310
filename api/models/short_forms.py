"""A short form is a command as a resource takes it: the same members, in camelCase.

Each model is made of the command's own class, so that the two can't drift apart: what
the domain asks of a member is asked here, and what is private may come as text.
"""

from __future__ import annotations

import types
from collections.abc import Collection
from copy import copy
from functools import cache
from typing import Annotated, Any, Final, Optional, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    create_model,
)
from pydantic.alias_generators import to_camel, to_snake
from pydantic.fields import FieldInfo

from api.models import Body
from api.models.acting import MANDATE, ROLE, MandateBody
from api.models.told import Told, told
from desk.private import MAX_PRIVATE_CHARACTERS
from domain.commands import COMMANDS
from domain.facts import Fact, Hash, PartId, Private
from domain.messages import kind_of


class Commitment(Body):
    """Een verbintenis op een tekst die al in de kluis ligt (`POST /v1/private`)."""

    commitment: Annotated[
        Hash,
        Field(description="SHA-256, hexadecimaal.", examples=["ab" * 32]),
    ]


def _text_or_commitment(value: object, read: ValidatorFunctionWrapHandler) -> Any:  # noqa: ANN401
    """Say in one sentence what it takes, and not once for each of the two forms."""
    try:
        return read(value)
    except ValidationError as error:
        message = "text or a commitment"
        raise ValueError(message) from error


PrivateText = Annotated[
    Annotated[str, Field(max_length=MAX_PRIVATE_CHARACTERS)] | Commitment,
    WrapValidator(_text_or_commitment),
]
"""What is private: as text, which goes to the vault, or committed to already."""

_PRIVATE: Final = " Privé: de tekst gaat naar de kluis."

_CAMEL: Final = ConfigDict(
    alias_generator=to_camel,
    validate_by_name=False,
    validate_by_alias=True,
    hide_input_in_errors=True,
)


def short_form(
    name: str, kind: str, *, without: Collection[str] = (), optional: str = ""
) -> type[Body]:
    """Give the model of the body of a kind of command, without these members.

    ``optional`` is a member that may be left out here though the command needs it.
    """
    command = COMMANDS[kind]
    fields: dict[str, Any] = {
        member: _member(info, told(member, kind), lenient=member == optional)
        for member, info in command.model_fields.items()
        if member not in without
    }
    about = f"De opdracht `{kind}`, in haar korte vorm."
    return create_model(name, __base__=Body, __doc__=about, **fields)


def acting_form(
    name: str, kind: str, *, without: Collection[str] = (), optional: str = ""
) -> type[Body]:
    """Give a short form that also says in which role one acts, and by which mandate.

    As a command takes it: ``role`` and ``mandate``. Where the command has a ``mandate``
    of its own, that of the act is ``byMandate``.
    """
    form = short_form(name, kind, without=without, optional=optional)
    fields: dict[str, Any] = {
        "role": (Optional[PartId], Field(None, **ROLE)),  # noqa: UP045  (an alias)
        mandate_of(kind): (MandateBody | None, Field(None, **MANDATE)),
    }
    return create_model(name, __base__=form, __doc__=form.__doc__, **fields)


def mandate_of(kind: str) -> str:
    """Give the member of such a form that names the mandate of the act."""
    return "by_mandate" if "mandate" in COMMANDS[kind].model_fields else "mandate"


def _member(info: FieldInfo, says: Told, *, lenient: bool = False) -> Any:  # noqa: ANN401
    """Give a member as `create_model` takes it: its type, and what is said of it."""
    kind = _form(info.annotation)
    private = kind == PrivateText or PrivateText in get_args(kind)
    kind = kind | None if lenient else kind
    for each in info.metadata:
        kind = Annotated[kind, each]
    sentence, example = says
    more: dict[str, Any] = {} if example is None else {"examples": [example]}
    if info.discriminator is not None:
        more["discriminator"] = info.discriminator
    if lenient or not info.is_required():
        more["default"] = None if lenient else info.get_default()
    return kind, Field(description=sentence + _PRIVATE * private, **more)


def _form(kind: Any) -> Any:  # noqa: ANN401 (an annotation is anything)
    """Give an annotation with private texts as text, and members in camelCase."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Private:
        return PrivateText
    if isinstance(kind, type) and origin is None and issubclass(kind, Fact):
        return _in_camel(kind)
    if origin is Annotated:
        rest = [copy(each) for each in parts[1:]]
        return Annotated[(_form(parts[0]), *rest)]
    if origin in {Union, types.UnionType}:
        return Union[tuple(_form(part) for part in parts)]  # noqa: UP007
    if origin in {tuple, dict, list}:
        container: Any = origin
        return container[tuple(p if p is ... else _form(p) for p in parts)]
    return kind


@cache
def _in_camel(kind: type[Fact]) -> type[BaseModel]:
    """Give a part of a command whose members are in camelCase, rules and all."""
    fields: dict[str, Any] = {}
    for name, info in kind.model_fields.items():
        says = told(name, "change_part" if name == "to" else "")
        if info.description is not None:
            says = info.description, says[1]
        fields[name] = _member(info, says)
    members: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"Deel van een opdracht: `{kind_of(kind)}`.",
        "__annotations__": {
            name: annotation for name, (annotation, _) in fields.items()
        },
        "model_config": {**kind.model_config, **_CAMEL},
    }
    members |= {name: info for name, (_, info) in fields.items()}
    return type(f"{kind.__name__}Part", (kind,), members)


def body_of(form: BaseModel) -> dict[str, Any]:
    """Give the command's body: what was said, under the names that the domain has."""
    told = form.model_dump(mode="json", exclude_unset=True, by_alias=False)
    for change in told.get("changes", ()):
        if isinstance(change.get("to"), dict):
            change["to"] = {to_snake(name): v for name, v in change["to"].items()}
    return told

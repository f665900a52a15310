"""A method that a dialogue goes over to is found and put in at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk.errors import Refused
from desk.library import Library
from domain.errors import MethodUnfit
from domain.messages import kind_of
from domain.plan_facts import MigrateMethod
from methods.load import MethodUnknown

MIGRATE: Final = kind_of(MigrateMethod)


async def with_method(
    library: Library, kind: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Give a command's body, with the compiled method where it goes over to one.

    ``method`` may be ``id@hash``. Earlier changes of the plan go along, unless the body
    says otherwise. Raises `Refused` where there is no such method.
    """
    told = dict(body)
    if kind != MIGRATE:
        return told
    told.setdefault("amendments", "carry")
    if told.get("compiled") is not None:
        return told
    name, _at, digest = str(told.get("method", "")).partition("@")
    wanted = digest or told.get("method_hash")
    try:
        found = await library.find(name, wanted)
    except MethodUnknown as error:
        raise Refused.of(MethodUnfit(problem=str(error))) from error
    compiled = {
        "method": found.method.model_dump(mode="json"),
        "method_hash": found.hash,
    }
    told["method"] = name
    return {**told, **({"method_hash": wanted} if wanted else {}), "compiled": compiled}

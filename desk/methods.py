"""Methods at the desk: which there are, what one says, checking a file, publishing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desk.desk import Desk
from desk.errors import NotFound, Refused
from desk.library import Library
from desk.titles import Titles
from domain.method import Method
from language import mark
from methods.load import (
    LoadedMethod,
    MethodInvalid,
    MethodUnknown,
    json_schema,
    load,
    shipped,
)
from storage.published import publish, published_version

__all__ = ["LoadedMethod", "MethodInvalid", "load"]

_TAKEN = mark(
    "Method {method} {version} was published with other content. Raise the version "
    "in the file."
)
_UNKNOWN = mark("There is no method {method}. Choose from: {known}.")


async def methods(desk: Desk | None) -> list[LoadedMethod]:
    """Give every method in reach; without a desk only those that ship."""
    return list(shipped().values()) if desk is None else await desk.library.all()


async def method(desk: Desk | None, name: str) -> LoadedMethod:
    """Give a method by its id, or by ``id@hash`` with 64 digits. Raises `NotFound`."""
    library = Library() if desk is None else desk.library
    wanted, _at, digest = name.partition("@")
    try:
        return await library.find(wanted, digest or None)
    except MethodUnknown as error:
        raise NotFound(
            _UNKNOWN, method=error.method_id, known=", ".join(error.known)
        ) from error


async def publish_method(desk: Desk, path: Path, by: str) -> tuple[LoadedMethod, bool]:
    """Publish a method's file; False where its last version says the same.

    Raises `MethodInvalid` with every problem in the file, and `Refused` where this
    version was published with other content.
    """
    loaded = load(path)
    await _check_version(desk, loaded)
    new = await publish(
        desk.pool,
        method=loaded.method.id,
        version=loaded.method.version,
        sha256=loaded.hash,
        text=path.read_text("utf-8-sig"),  # noqa: ASYNC240  (one small local file)
        by=by,
    )
    return loaded, new


async def _check_version(desk: Desk, loaded: LoadedMethod) -> None:
    """Refuse other content under an id and version that stand for something."""
    name, version = loaded.method.id, loaded.method.version
    known = await published_version(desk.pool, name, version)
    ours = shipped().get(name)
    if known is None and ours is not None and ours.method.version == version:
        known = ours.hash
    if known not in {None, loaded.hash}:
        facts = {"method": name, "version": version}
        message = _TAKEN.format(**facts)
        raise Refused("VersionTaken", message, facts, template=_TAKEN)


def schema() -> Mapping[str, Any]:
    """Give the JSON Schema of a method's file."""
    return json_schema()


def titles_of(plan: Method, lang: str) -> Titles:
    """Give the titles of a method."""
    return Titles(plan, lang)

"""Methods at the desk: which there are, what one says, checking a file, publishing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk import form
from desk.desk import Desk, Sender
from desk.errors import NotFound, Refused
from desk.library import Library
from desk.mandates import ROLE, own_stream
from desk.titles import Titles
from domain.facts import OWN_PREFIX
from domain.messages import kind_of
from domain.method import Method, Step
from domain.publications import MethodPublished
from domain.references import MethodRef
from language import mark
from methods.load import (
    LoadedMethod,
    MethodInvalid,
    MethodUnknown,
    json_schema,
    load,
    load_text,
    shipped,
)
from storage.errors import IdTaken
from storage.ownlog import OwnEvent, append
from storage.published import (
    publish,
    published_first_by,
    published_number,
    published_version,
)

__all__ = ["LoadedMethod", "MethodInvalid", "Step", "load"]

_ONE: Final = ThreadPoolExecutor(1, "polder-method")
"""Where methods are read that somebody sends: one at a time, and nobody else waits."""

_TAKEN = mark(
    "Method {method} {version} was published with other content. Raise the version "
    "in the file."
)
_NOT_OURS = mark(
    "The id {method} stands for somebody else's method. Give yours another id."
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
    text = path.read_text("utf-8-sig")  # noqa: ASYNC240  (one small local file)
    return loaded, await _publish(desk, loaded, text, by)


async def publish_text(
    desk: Desk, organisation: str, text: str, actor: str
) -> tuple[LoadedMethod, bool]:
    """Publish the text of a method for an organisation that publishes it itself.

    As `publish_method`; also refused (`MethodTaken`) under an id that stands for a
    method which ships, or that somebody else published first: an id means the same to
    everybody who shares the library.
    """
    loaded = await _read(text)
    await _check_owner(desk, organisation, loaded)
    return loaded, await _publish(desk, loaded, text, f"{organisation}/{actor}")


class Weighed(NamedTuple):
    """A text that is a method, and what publishing it would do.

    ``before`` is what its id stands for now, if anything; ``against`` why it would be
    refused.
    """

    found: LoadedMethod
    before: LoadedMethod | None
    against: Refused | None

    @property
    def same(self) -> bool:
        """Whether its id stands for just this already."""
        return self.before is not None and self.before.hash == self.found.hash


async def weigh_text(desk: Desk, organisation: str, text: str) -> Weighed:
    """Say what publishing a text would do, without doing it. Raises `MethodInvalid`."""
    loaded = await _read(text)
    against: Refused | None = None
    try:
        await _check_owner(desk, organisation, loaded)
        await _check_version(desk, loaded)
    except Refused as error:
        against = error
    try:
        before = await desk.library.find(loaded.method.id)
    except MethodUnknown:
        before = None
    return Weighed(loaded, before, against)


async def _read(text: str) -> LoadedMethod:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_ONE, load_text, text, "method.yaml")


async def _check_owner(desk: Desk, organisation: str, loaded: LoadedMethod) -> None:
    """Refuse an id that stands for what ships, or for what somebody else published."""
    name = loaded.method.id
    first = await published_first_by(desk.pool, name)
    ours = first is None or first.startswith(f"{organisation}/")
    if name in shipped() or not ours:
        raise _not_ours(name)


async def _publish(desk: Desk, loaded: LoadedMethod, text: str, by: str) -> bool:
    await _check_version(desk, loaded)
    try:
        return await publish(
            desk.pool,
            method=loaded.method.id,
            version=loaded.method.version,
            sha256=loaded.hash,
            text=text,
            by=by,
        )
    except IdTaken as error:
        # Somebody else was first, after we looked.
        raise _not_ours(loaded.method.id) from error


def _not_ours(method_id: str) -> Refused:
    facts = {"method": method_id}
    message = _NOT_OURS.format(**facts)
    return Refused("MethodTaken", message, facts, template=_NOT_OURS)


async def put_in_force(
    desk: Desk, organisation: str, loaded: LoadedMethod, sender: Sender
) -> OwnEvent:
    """Note in an organisation's stream that it published this version.

    Once for each time that it was published, also when this is asked again: if we
    crashed between the library and the stream, the same command makes up for it.
    Raises `Refused` for a name that no organisation can have.
    """
    name, version = loaded.method.id, loaded.method.version
    stream = own_stream(organisation)
    number = await published_number(desk.pool, name, loaded.hash)
    actor = {"id": sender.id, "role": sender.role or ROLE, "via": sender.via}
    form.check(stream, {"id": "publish", "actor": {**actor}, "command": {}})
    fact = MethodPublished(method=MethodRef(id=name, version=version, hash=loaded.hash))
    return await append(
        desk.pool,
        stream,
        kind_of(MethodPublished),
        fact.model_dump(mode="json"),
        cause=f"{OWN_PREFIX}method:{name}:{number}",
        actor=actor,
    )


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

"""A method is read whole, checked whole, and known by the hash of its compiled form.

Loading a file gives either a method that can be carried out, or every problem in it
at once with file, line, path and remedy. The hash is the SHA-256 of the compiled form
in canonical JSON (RFC 8785), so comments and layout of the file don't count, and two
files that say the same are the same method.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from pydantic import ValidationError

from domain.method import Method, compiled
from domain.method_check import problems
from domain.method_findings import Finding
from evidence.canonical import canonical
from methods.problems import MethodInvalid, MethodUnknown, Problem
from methods.schema import json_schema
from methods.wording import complaints
from methods.yaml_tree import Place, Tree, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from evidence.canonical import JsonValue
    from methods.yaml_tree import Path as TreePath

__all__ = [
    "LoadedMethod",
    "MethodInvalid",
    "MethodUnknown",
    "Problem",
    "canonical_form",
    "json_schema",
    "load",
    "load_text",
    "shipped",
]

MAX_FILE_BYTES: Final = 1_000_000
"""The most a method's file may measure; the largest that Polder ships is a tenth."""

_SHELF: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LoadedMethod:
    """A method in its compiled form, its canonical bytes and their SHA-256 in hex."""

    method: Method
    hash: str
    canonical: bytes


def load(path: Path | str) -> LoadedMethod:
    """Load a method from a YAML file.

    Raises ``MethodInvalid`` with all problems, also where the file can't be read.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        problem = _of_the_file(
            str(path), f"the file can't be read: {reason}", "Check it"
        )
        raise MethodInvalid([problem]) from error
    if len(data) > MAX_FILE_BYTES:
        raise _too_large(str(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "the file is not UTF-8"
        remedy = "Save it in the encoding UTF-8"
        raise MethodInvalid(
            [Problem(str(path), line, 1, "", message, remedy)]
        ) from error
    return load_text(text, str(path))


def load_text(text: str, name: str) -> LoadedMethod:
    """Load a method from YAML text; ``name`` stands for the file in problems.

    Raises ``MethodInvalid`` with all problems, and nothing else.
    """
    if len(text.encode(errors="replace")) > MAX_FILE_BYTES:
        raise _too_large(name)
    tree = read(text)
    found = list(_faults(tree, name))
    method = None
    if tree.whole:
        method, more = _validated(tree, name)
        faulty = {problem.path for problem in found}
        found += [problem for problem in more if problem.path not in faulty]
    if found or method is None:
        raise MethodInvalid(found)
    method = compiled(method)
    data = canonical_form(method)
    return LoadedMethod(method, hashlib.sha256(data).hexdigest(), data)


@cache
def shipped() -> Mapping[str, LoadedMethod]:
    """Give the methods that Polder ships, by id, in the order of their ids."""
    found = [load(path) for path in sorted(_SHELF.glob("*.yaml"))]
    return MappingProxyType({each.method.id: each for each in found})


def canonical_form(method: Method) -> bytes:
    """Give the compiled form in canonical JSON, every member written out."""
    data = compiled(method).model_dump(mode="json")
    return canonical(cast("dict[str, JsonValue]", data))


def _faults(tree: Tree, name: str) -> Iterator[Problem]:
    for fault in tree.faults:
        what = Finding(fault.path, fault.message, fault.remedy)
        yield _problem(name, tree, fault.place, what)


def _validated(tree: Tree, name: str) -> tuple[Method | None, list[Problem]]:
    if not isinstance(tree.data, dict):
        message = "the file holds no method"
        remedy = "Begin with id:, version:, title: and so on, each on its own line"
        return None, [_of_the_file(name, message, remedy)]
    try:
        method = Method.model_validate(tree.data)
    except ValidationError as error:
        wrong = list(complaints(error, tree.data))
    else:
        wrong = list(problems(method))
        if not wrong:
            return method, []
    return None, [_problem(name, tree, tree.place(w.path), w) for w in wrong]


def _problem(name: str, tree: Tree, place: Place, what: Finding) -> Problem:
    path = _written(what.path, tree)
    return Problem(name, place.line, place.column, path, what.message, what.remedy)


def _written(path: TreePath, tree: Tree) -> str:
    """Write a path with ids in the place of indexes: ``steps[opdracht].title``."""
    words = (
        f"[{tree.ids.get(path[: n + 1], part + 1)}]"
        if isinstance(part, int)
        else f".{part}"
        for n, part in enumerate(path)
    )
    return "".join(words).removeprefix(".")


def _of_the_file(name: str, message: str, remedy: str) -> Problem:
    return Problem(name, 1, 1, "", message, remedy)


def _too_large(name: str) -> MethodInvalid:
    message = f"the file is larger than {MAX_FILE_BYTES} bytes"
    remedy = "Shorten it; a method refers to long documents instead of holding them"
    return MethodInvalid([_of_the_file(name, message, remedy)])

"""The names of statements in the code and in the ``.sql`` files are the same."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.statements import statement, statements

STORAGE = Path(__file__).parents[2] / "storage"
NO_STATEMENTS = {"roles"}
"""Files that are run as a whole."""


def used() -> set[tuple[str, str]]:
    """Every statement that the code asks for: its file and its name."""
    return {each for path in STORAGE.glob("*.py") for each in used_in(path.read_text())}


def used_in(source: str) -> Iterator[tuple[str, str]]:
    """The statements that one module asks for."""
    tree = ast.parse(source)
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for function in (n for n in ast.walk(tree) if isinstance(n, functions)):
        for file, name in asked(function):
            if isinstance(name, ast.Name):
                for given in passed(tree, function, name.id):
                    yield file, text(given)
            else:
                yield file, text(name)
    for file, name in (each for n in tree.body for each in asked(n, inside=False)):
        yield file, text(name)


def asked(node: ast.AST, *, inside: bool = True) -> Iterator[tuple[str, ast.expr]]:
    """The calls of `statement` in a function, or of a module's own lines."""
    if not inside and isinstance(
        node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ):
        return
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == "statement":
            file, name = call.args
            yield text(file), name


def passed(
    tree: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Iterator[ast.expr]:
    """What the calls of a function in its module give for one of its arguments."""
    place = [argument.arg for argument in function.args.args].index(name)
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == function.name:
            yield call.args[place]


def text(node: ast.expr) -> str:
    """A constant's text; a name that is made at run time could not be checked."""
    assert isinstance(node, ast.Constant), ast.unparse(node)
    assert isinstance(node.value, str)
    return node.value


def written() -> set[tuple[str, str]]:
    """Every statement in the files."""
    files = {path.stem for path in (STORAGE / "sql").glob("*.sql")} - NO_STATEMENTS
    return {(file, name) for file in files for name in statements(file)}


def test_every_name_in_the_code_is_in_a_file() -> None:
    """No statement is asked for that does not exist, and none exists for nobody."""
    assert used() == written()


def test_a_name_that_comes_by_way_of_a_function_is_seen() -> None:
    """Also where a function passes the name on, and outside any function."""
    source = (
        "A = statement('f', 'a')\ndef g(c, n): statement('f', n)\ndef h(): g(0, 'b')\n"
    )
    assert set(used_in(source)) == {("f", "a"), ("f", "b")}


def test_a_missing_name_is_an_error() -> None:
    """What is in no file is not taken for an empty statement."""
    with pytest.raises(KeyError):
        statement("record", "nowhere")

"""Templates are compiled once for all processes, and never a moment too seldom."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, nodes

from pages import compiled, rendering
from pages.assets import Assets


class Counting(Environment):
    """Counts what it compiles."""

    count = 0

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,  # noqa: FBT001, FBT002 - as Jinja has it
    ) -> str:
        self.count += 1
        return super()._generate(source, name, filename, defer_init)


class Reader:
    """Processes that read one template, one by one, with one place to keep it."""

    def __init__(self, place: Path) -> None:
        """Begin with a template, and nothing compiled."""
        self.kept = place / "__pycache__"
        self.kept.mkdir(mode=0o755)
        self._template = place / "page.html"
        self.says("een")

    def says(self, text: str) -> None:
        """Change the template."""
        self._template.write_text(f"{text}\n", "utf-8")

    def reads(self, *more: str, autoescape: bool = False) -> tuple[str, int]:
        """Give what a new process makes of it, and how many templates it compiles.

        With these options, and more extensions of Jinja.
        """
        made = Counting(
            loader=FileSystemLoader(self._template.parent),
            autoescape=autoescape,
            extensions=more,
        )
        made.bytecode_cache = compiled.compiled(made, self.kept)
        return made.get_template("page.html").render(), made.count

    @property
    def files(self) -> list[Path]:
        """What is kept."""
        return sorted(self.kept.iterdir())


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Give somebody with a directory of their own, whose Python keeps byte code."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return Reader(tmp_path)


def test_what_is_compiled_once_is_found_by_the_next(reader: Reader) -> None:
    """Nothing is compiled twice."""
    assert [reader.reads() for _ in range(3)] == [("een", 1), ("een", 0), ("een", 0)]
    assert len(reader.files) == 1


def test_a_template_that_changed_is_compiled_anew(reader: Reader) -> None:
    """Also back to what it was, and within the same second."""
    for text in ("een", "twee", "een"):
        reader.says(text)
        assert [reader.reads(), reader.reads()] == [(text, 1), (text, 0)]


def test_who_reads_it_otherwise_compiles_their_own(reader: Reader) -> None:
    """An environment with other options, or another Jinja, makes another program."""
    reader.says("{{ '<' }}")
    assert reader.reads() == ("<", 1)
    assert reader.reads(autoescape=True) == ("&lt;", 1)
    assert reader.reads("jinja2.ext.do") == ("<", 1)
    assert reader.reads(autoescape=True) == ("&lt;", 0)


def test_another_version_of_jinja_compiles_its_own(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older one made may not run."""
    assert reader.reads() == ("een", 1)
    monkeypatch.setattr(compiled, "version", {"jinja2": "99.0"}.__getitem__)
    assert reader.reads() == ("een", 1)


@pytest.mark.parametrize("keep", [0, 5, 30, 60, -1])
def test_a_file_that_is_broken_is_made_anew(reader: Reader, keep: int) -> None:
    """Wherever it ends, or with something else in it."""
    reader.reads()
    (file,) = reader.files
    file.write_bytes(file.read_bytes()[:keep])
    assert [reader.reads(), reader.reads()] == [("een", 1), ("een", 0)]
    file.write_bytes(file.read_bytes()[: max(keep, 0)] + b"\xff" * 200)
    assert [reader.reads(), reader.reads()] == [("een", 1), ("een", 0)]


def test_a_place_where_nothing_can_be_written_does_not_matter(reader: Reader) -> None:
    """Not to begin with, and not when it goes away later."""
    reader.kept.rmdir()
    assert [reader.reads(), reader.reads()] == [("een", 1), ("een", 1)]
    reader.kept.mkdir(mode=0o755)
    made = Counting(loader=FileSystemLoader(reader.kept.parent))
    made.bytecode_cache = compiled.compiled(made, reader.kept)
    reader.kept.rmdir()
    assert made.get_template("page.html").render() == "een"


@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_nothing_is_run_from_where_others_may_write(reader: Reader, mode: int) -> None:
    """Nor kept there."""
    reader.reads()
    reader.kept.chmod(mode)
    assert reader.reads() == ("een", 1)


@pytest.mark.parametrize(("owner", "compiles"), [(0, 0), (4242, 1)])
def test_nothing_is_run_from_what_is_another_s(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, owner: int, compiles: int
) -> None:
    """Whose directory it is may change what is in it; an image's is the superuser's."""
    reader.reads()
    mode = reader.kept.lstat().st_mode
    theirs = os.stat_result((mode, 0, 0, 0, owner, 0, 0, 0, 0, 0))

    def looked(_path: Path) -> os.stat_result:
        return theirs

    monkeypatch.setattr(Path, "lstat", looked)
    assert reader.reads() == ("een", compiles)


def test_no_link_is_followed_to_what_was_compiled(reader: Reader) -> None:
    """Somebody else may have made it."""
    reader.reads()
    moved = reader.kept.rename(reader.kept.with_name("moved"))
    reader.kept.symlink_to(moved)
    assert reader.reads() == ("een", 1)


def test_python_that_keeps_no_byte_code_keeps_none_of_templates(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -B` leaves nothing behind; what is there it reads."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        assert [reader.reads(), reader.reads()] == [("een", 1), ("een", 1)]
        assert reader.files == []
    reader.reads()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert reader.reads() == ("een", 0)


def test_the_pages_keep_theirs_beside_their_modules(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All templates of an app go through what keeps them."""
    asked: list[Environment] = []
    monkeypatch.setattr(rendering, "compiled", asked.append)
    made = rendering.make_environment(Assets(None))
    assert asked == [made]
    assert Path(rendering.__file__).parent in compiled.BESIDE.parents

"""The image holds what its services run, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.compose import REQUIRED, ROOT, load

SERVICES: dict[str, Any] = load(REQUIRED)["services"]


def test_the_image_holds_to_the_lock() -> None:
    """What the image installs is pinned by hash, and nothing is built from source."""
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes --only-binary :all:" in recipe
    assert (ROOT / "requirements" / "runtime.txt").is_file()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with what .dockerignore lets into the image, and nothing else."""
    root = tmp_path_factory.mktemp("image")
    for path in let_in():
        if path.is_dir():
            leave = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, root / path.name, ignore=leave)
        else:
            shutil.copy(path, root)
    return root


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import worker"),
        *(
            ("-m", "cli", *each.get("command", ()), "--help")
            for each in SERVICES.values()
            if "build" in each and "entrypoint" not in each
        ),
    ],
    ids=" ".join,
)
def test_the_image_has_what_it_runs(image: Path, command: tuple[str, ...]) -> None:
    """From what is in the image alone, the worker and each service's command start."""
    said(image, *command)


def test_the_image_makes_the_desk_s_key_once(image: Path, tmp_path: Path) -> None:
    """The service's script makes a key for its owner alone, and leaves one that is."""
    asked = SERVICES["desk-key"]
    interpreter, *options = asked["entrypoint"]
    assert interpreter == "python"
    key = tmp_path / "desk.key"
    script = (*options, *asked["command"])
    said(image, *script, POLDER_DESK_KEY=str(key))
    made = key.read_bytes()
    assert key.stat().st_mode & 0o777 == 0o600
    said(image, *script, POLDER_DESK_KEY=str(key))
    assert key.read_bytes() == made


def test_the_image_knows_its_version(image: Path) -> None:
    """`polder version` finds in the image what it tells."""
    told = json.loads(said(image, "-m", "cli", "version", "--json"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert told["version"] == project["project"]["version"]


def test_the_image_has_the_methods(image: Path) -> None:
    """`polder method list` finds in the image every method that ships."""
    told = json.loads(said(image, "-m", "cli", "method", "list", "--json"))
    shipped = {path.stem for path in (ROOT / "methods").glob("*.yaml")}
    assert {method["id"] for method in told["methods"]} == shipped


def test_the_image_has_the_demonstration(image: Path) -> None:
    """What `polder demo` plays, and the words in which it tells it, are in it too."""
    told = said(
        image,
        "-c",
        "from examples import demo, wording; assert wording.table();"
        "print(*(each.id for each in demo.choose((), ())))",
    )
    assert len(told.split()) == len(list((ROOT / "examples").glob("*.yaml")))


def said(image: Path, *command: str, **settings: str) -> str:
    """What Python says when it carries out a command in the image."""
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=image,
        env={"PATH": os.defpath} | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def let_in() -> list[Path]:
    """The files and folders that .dockerignore lets into the image."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    return [ROOT / line.removeprefix("!") for line in lines if line.startswith("!")]

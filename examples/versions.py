"""An organisation's own version of a method: the shipped file with other settings.

A method is data, so an organisation that wants another rule writes it and publishes
the result; a dialogue keeps the version that it began with.
"""

from __future__ import annotations

import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from desk.desk import Desk
from desk.methods import publish_method
from examples.scenario import OwnVersion, Scenario, ScenarioInvalid


class _Loader(yaml.SafeLoader):
    """Reads ``on`` as a word, as methods do, and not as true."""


_Loader.yaml_implicit_resolvers = {
    sign: [(tag, form) for tag, form in known if not tag.endswith(":bool")]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"]
)


async def publish_own(desk: Desk, scenario: Scenario, own: OwnVersion) -> str:
    """Publish the scenario's version of its method; return its hash.

    Raises `methods.load.MethodInvalid`, and `ScenarioInvalid` for an unknown window.
    """
    with tempfile.TemporaryDirectory(prefix="polder-method-") as directory:
        file = Path(directory) / f"{scenario.method}.yaml"
        file.write_text(written(scenario.method, own), "utf-8")
        loaded, _ = await publish_method(desk, file, scenario.director)
    return loaded.hash


def written(method: str, own: OwnVersion) -> str:
    """Write the shipped method with these settings, as the text of a file."""
    shelf = files("methods").joinpath(f"{method}.yaml")
    tree: dict[str, Any] = yaml.load(shelf.read_text("utf-8"), _Loader)  # noqa: S506 - a safe one
    tree["version"] = own.version
    windows = {
        f"{step['id']}.{window['id']}": window
        for phase in tree["phases"]
        for step in phase["steps"]
        for window in step.get("windows", ())
    }
    for name, settings in own.windows.items():
        if name not in windows:
            raise ScenarioInvalid(f"{method} has no window {name}")
        windows[name].update(settings)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)

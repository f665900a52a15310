"""What the API is told when it starts: where its servers are, and how it listens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from desk.access.limits import BURST, RATE
from desk.answer import PATIENCE
from desk.signs import Signs, kept

PORT: Final = 8080


class Settings(BaseModel):
    """How one API runs; frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str
    """URL of the record."""
    keys: str | None = None
    """URL of the database with the vault's keys; beside the record if None."""
    temporal: str = ""
    """Host and port of Temporal. Reading goes on without."""
    namespace: str = "default"
    host: str = "127.0.0.1"
    port: int = PORT
    url: str | None = None
    """How others reach it, such as ``https://polder.waterdam.nl``, where that differs
    from host and port."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks whose word is believed about who calls (`api.proxies`)."""
    origins: tuple[str, ...] = ()
    """Origins of the pages that may call it from a browser."""
    patience: timedelta = PATIENCE
    """How long a caller waits for Temporal or the record."""
    answer_within: timedelta = timedelta(seconds=8)
    """After this a command that is not on record yet is answered as accepted."""
    body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    """The largest body that is taken."""
    limit_rate: Annotated[float, Field(ge=0)] = RATE
    """Requests a second for one caller; 0 for no limits."""
    limit_burst: Annotated[int, Field(ge=1)] = BURST
    """Requests at once for one caller, after a rest."""
    day: int | None = None
    """How long a day of the demo clock takes, in milliseconds; None for real days."""
    desk_key: str | None = None
    """The file of the key with which the desk signs what it sends; None for none."""
    private_targets: str = ""
    """Private networks that events may be sent to; see `activities.reach`."""
    unsigned: str | None = None
    """What new dialogues take unsigned, where their organisation does not say."""

    @property
    def secure(self) -> bool:
        """Whether others reach it by https, so that cookies travel by that alone."""
        return (self.url or "").startswith("https:")

    @property
    def signer(self) -> Signs | None:
        """What the desk signs with; its key is made if need be."""
        return kept(self.desk_key, self.unsigned)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings of the environment. Raises ``pydantic.ValidationError``."""
        told = {
            "database": environment.get("DATABASE_URL", ""),
            "keys": environment.get("KEYS_DATABASE_URL"),
            "temporal": environment.get("TEMPORAL_ADDRESS"),
            "namespace": environment.get("TEMPORAL_NAMESPACE"),
            "host": environment.get("POLDER_HOST"),
            "port": environment.get("POLDER_PORT"),
            "url": environment.get("POLDER_URL"),
            "proxies": tuple(environment.get("POLDER_TRUSTED_PROXIES", "").split()),
            "origins": tuple(environment.get("POLDER_ORIGINS", "").split()),
            "limit_rate": environment.get("POLDER_RATE"),
            "limit_burst": environment.get("POLDER_BURST"),
            "desk_key": environment.get("POLDER_DESK_KEY"),
            "private_targets": environment.get("POLDER_ALLOW_PRIVATE_TARGETS"),
            "unsigned": environment.get("POLDER_UNSIGNED"),
            "day": environment.get("POLDER_DAY_MS"),
        }
        said = {name: value for name, value in told.items() if value not in {None, ""}}
        return cls.model_validate(said)

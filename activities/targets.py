"""Where checkpoints go is read from settings, and what can't work is refused at start.

Every setting that is long or secret may be ``@`` and the path of a file that holds it.

    POLDER_CHECKPOINT_DIR              a directory
    POLDER_CHECKPOINT_WEBHOOK          a URL
    POLDER_CHECKPOINT_WEBHOOK_SECRET   whsec_…; two while one is being replaced
    POLDER_CHECKPOINT_MAIL             addresses, with commas between
    POLDER_CHECKPOINT_MAIL_EVERY       seconds between two letters; 86400
    POLDER_WITNESSES                   lines of a verifier key and a URL
    POLDER_TIMESTAMP_URLS              URLs, with spaces between
    POLDER_TIMESTAMP_CERTIFICATES      a file with the certificates to trust, in PEM
    POLDER_ALLOW_PRIVATE_TARGETS       no; yes; or networks, with spaces between
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from activities.checkpoint_mail import Mailing
from activities.directory import Directory
from activities.letters import read_address
from activities.outward import BadUrl, Outward, Reach, read_url
from activities.smtp import MailSettings
from activities.target import BadTarget, Target
from activities.timestamps import Authority, read_certificates
from activities.webhook import Webhook, read_secret
from activities.witness import Witness
from evidence.errors import MalformedKey
from evidence.note import COSIGNATURE, VerifierKey, parse_key

_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class _Settings:
    """The environment, read by one name at a time."""

    environment: Mapping[str, str]

    def text(self, name: str) -> str:
        """Give a setting, from its file where it names one."""
        said = self.environment.get(name, "").strip()
        if not said.startswith("@"):
            return said
        try:
            return Path(said[1:]).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise BadTarget(f"{name}: the file {said[1:]} can't be read") from None

    def words(self, name: str) -> list[str]:
        """Give what stands between spaces or line ends."""
        return self.text(name).split()

    def url(self, name: str, url: str, reach: Reach) -> str:
        """Give a URL that a request may go to."""
        try:
            return read_url(url, reach).geturl()
        except (BadUrl, ValueError) as error:
            raise BadTarget(f"{name}: {error}") from None


def read_targets(
    environment: Mapping[str, str], mail: MailSettings
) -> tuple[Target, ...]:
    """Read where checkpoints go; ``mail`` is the server that letters go through.

    Raises ``BadTarget``, which names the setting and never repeats a secret.
    """
    settings = _Settings(environment)
    reach = _reach(settings)
    outward = Outward(reach)
    authorities = _authorities(settings, reach, outward)
    targets: list[Target] = [
        *_directory(settings, authorities),
        *_webhook(settings, reach, outward),
        *_mailings(settings, mail),
        *_witnesses(settings, reach, outward),
        *authorities,
    ]
    # Of one name there can be one line under a checkpoint.
    names = [_called(target) for target in targets]
    for name, times in Counter(names).items():
        if times > 1:
            raise BadTarget(f"{name} is named more than once")
    return tuple(targets)


def _called(target: Target) -> str:
    return target.key_name if isinstance(target, Witness) else target.id


def _reach(settings: _Settings) -> Reach:
    name = "POLDER_ALLOW_PRIVATE_TARGETS"
    try:
        return Reach.read(settings.text(name))
    except ValueError as error:
        raise BadTarget(f"{name} takes yes, no or networks: {error}") from None


def _directory(settings: _Settings, authorities: list[Authority]) -> list[Directory]:
    said = settings.environment.get("POLDER_CHECKPOINT_DIR", "").strip()
    if not said:
        return []
    path = Path(said)
    if not path.is_absolute():
        raise BadTarget("POLDER_CHECKPOINT_DIR takes an absolute path")
    if path.exists() and not path.is_dir():
        raise BadTarget(f"POLDER_CHECKPOINT_DIR: {path} is no directory")
    return [Directory(path, [authority.name for authority in authorities])]


def _webhook(settings: _Settings, reach: Reach, outward: Outward) -> list[Webhook]:
    name = "POLDER_CHECKPOINT_WEBHOOK"
    said = settings.text(name)
    if not said:
        return []
    secrets = tuple(read_secret(one) for one in settings.words(f"{name}_SECRET"))
    if not secrets:
        raise BadTarget(f"{name} needs a {name}_SECRET to sign with")
    return [Webhook(settings.url(name, said, reach), secrets, outward)]


def _mailings(settings: _Settings, mail: MailSettings) -> list[Mailing]:
    name = "POLDER_CHECKPOINT_MAIL"
    every = settings.text(f"{name}_EVERY") or str(_A_DAY)
    if not (every.isascii() and every.isdigit()):
        raise BadTarget(f"{name}_EVERY takes a number of seconds")
    pace = timedelta(seconds=int(every[:9]))
    made: list[Mailing] = []
    for text in filter(None, map(str.strip, settings.text(name).split(","))):
        address = read_address(text)
        if address is None:
            raise BadTarget(f"{name}: {text} is no address")
        made.append(Mailing(address, mail, every=pace))
    return made


def _witnesses(settings: _Settings, reach: Reach, outward: Outward) -> list[Witness]:
    name = "POLDER_WITNESSES"
    made: list[Witness] = []
    for line in filter(None, map(str.strip, settings.text(name).splitlines())):
        key, _space, url = line.partition(" ")
        checked = settings.url(name, url.strip(), reach)
        made.append(Witness(_witness_key(name, key), checked, outward))
    return made


def _witness_key(name: str, text: str) -> VerifierKey:
    try:
        key = parse_key(text)
    except MalformedKey as error:
        raise BadTarget(f"{name}: {text} is no verifier key: {error}") from None
    if key.kind != COSIGNATURE:
        raise BadTarget(f"{name}: {text} is a log's key; a witness's begins with 04")
    return key


def _authorities(
    settings: _Settings, reach: Reach, outward: Outward
) -> list[Authority]:
    name = "POLDER_TIMESTAMP_URLS"
    urls = [settings.url(name, url, reach) for url in settings.words(name)]
    if not urls:
        return []
    path = settings.environment.get("POLDER_TIMESTAMP_CERTIFICATES", "").strip()
    if not path:
        raise BadTarget(f"{name} needs POLDER_TIMESTAMP_CERTIFICATES to verify by")
    trusted = read_certificates(Path(path))
    return [Authority(url, trusted, outward) for url in urls]

"""Checkpoints go where the settings say; what can't work is refused at start."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activities.smtp import MailSettings
from activities.target import BadTarget
from activities.targets import read_targets
from evidence.note import COSIGNATURE, verifier_key
from servers.worker import kept_in
from tests.activities.authority import make_authority
from workers.publishing import targets

MAIL = MailSettings.read("smtp://127.0.0.1:25", "Polder <polder@localhost>")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_KEY = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
WITNESS = str(verifier_key("witness.example/w1", _KEY, COSIGNATURE))
OTHER = str(
    verifier_key("witness.example/w1", Ed25519PrivateKey.generate(), COSIGNATURE)
)
LOG = str(verifier_key("polder/test", _KEY))


def test_without_settings_checkpoints_stay_at_home() -> None:
    """Nothing is sent anywhere that nobody named."""
    assert read_targets({}, MAIL) == ()
    assert read_targets({"POLDER_CHECKPOINT_DIR": " "}, MAIL) == ()


def test_every_kind_can_be_named_at_once(tmp_path: Path) -> None:
    """A target is known by where it is, never by a secret or a person's address."""
    authority = make_authority(tmp_path / "authority")
    witnesses = tmp_path / "witnesses"
    witnesses.write_text(f"{WITNESS} https://witness.example/w1\n\n")
    secrets = tmp_path / "secret"
    secrets.write_text(f"{SECRET}\n")
    found = read_targets(
        {
            "POLDER_CHECKPOINT_DIR": str(tmp_path / "out"),
            "POLDER_CHECKPOINT_WEBHOOK": "https://hooks.example/T0/secret-path",
            "POLDER_CHECKPOINT_WEBHOOK_SECRET": f"@{secrets}",
            "POLDER_CHECKPOINT_MAIL": "archief@waterdam.example, jan@elders.example",
            "POLDER_WITNESSES": f"@{witnesses}",
            "POLDER_TIMESTAMP_URLS": "https://tsa.example/tsr http://tsa.other:8080/",
            "POLDER_TIMESTAMP_CERTIFICATES": str(authority.roots),
        },
        MAIL,
    )
    ids = [target.id for target in found]
    assert [name.partition("#")[0] for name in ids] == [
        "directory",
        "webhook:hooks.example",
        "mail:waterdam.example",
        "mail:elders.example",
        f"witness:{'+'.join(WITNESS.split('+')[:2])}",
        "timestamp:tsa.example",
        "timestamp:tsa.other:8080",
    ]
    assert len(set(ids)) == len(ids)
    assert not any(word in "".join(ids) for word in ("secret", "whsec", "jan", "arch"))


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"DIR": "relative/path"}, "POLDER_CHECKPOINT_DIR takes an absolute path"),
        ({"DIR": __file__}, "is no directory"),
        ({"WEBHOOK": "https://hooks.example/"}, "POLDER_CHECKPOINT_WEBHOOK_SECRET"),
        ({"WEBHOOK": "hooks.example", "WEBHOOK_SECRET": SECRET}, "use https"),
        ({"WEBHOOK": "http://10.0.0.1/", "WEBHOOK_SECRET": SECRET}, "ALLOW_PRIVATE"),
        ({"WEBHOOK": "https://h.example", "WEBHOOK_SECRET": "whsec_c2hvcnQ="}, "24 to"),
        ({"WEBHOOK": "https://h.example", "WEBHOOK_SECRET": "@/not/there"}, "be read"),
        ({"MAIL": "jan at example.org"}, "is no address"),
        ({"MAIL": "a@example.org,a@example.org"}, "more than once"),
        ({"MAIL": "a@example.org", "MAIL_EVERY": "daily"}, "number of seconds"),
    ],
)
def test_what_can_not_work_is_refused_and_named(
    settings: dict[str, str], why: str
) -> None:
    """The message says which setting, and what it takes."""
    environment = {f"POLDER_CHECKPOINT_{name}": text for name, text in settings.items()}
    with pytest.raises(BadTarget, match=why):
        read_targets(environment, MAIL)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"POLDER_WITNESSES": f"{LOG} https://witness.example"}, "log's key"),
        ({"POLDER_WITNESSES": f"{WITNESS[:-4]}AAAA https://w.example"}, "verifier key"),
        ({"POLDER_WITNESSES": WITNESS}, "use https"),
        ({"POLDER_WITNESSES": f"{WITNESS} https://a\n{OTHER} https://b"}, "once"),
        ({"POLDER_TIMESTAMP_URLS": "https://tsa.example"}, "CERTIFICATES"),
        (
            {
                "POLDER_TIMESTAMP_URLS": "https://tsa.example",
                "POLDER_TIMESTAMP_CERTIFICATES": __file__,
            },
            "no certificates",
        ),
        ({"POLDER_ALLOW_PRIVATE_TARGETS": "perhaps"}, "yes, no or networks"),
    ],
)
def test_what_others_vouch_with_is_checked_as_well(
    settings: dict[str, str], why: str
) -> None:
    """A key or certificate that can't be used would only be noticed much later."""
    with pytest.raises(BadTarget, match=why):
        read_targets(settings, MAIL)


def test_a_demonstration_keeps_what_it_signs_to_itself(tmp_path: Path) -> None:
    """Whatever names a place is left out of the environment of its worker."""
    real = {
        "POLDER_CHECKPOINT_DIR": str(tmp_path),
        "POLDER_CHECKPOINT_WEBHOOK": "https://hooks.example/",
        "POLDER_CHECKPOINT_WEBHOOK_SECRET": SECRET,
        "POLDER_CHECKPOINT_MAIL": "archief@waterdam.example",
        "POLDER_WITNESSES": f"{WITNESS} https://witness.example/w1",
        "POLDER_TIMESTAMP_URLS": "https://tsa.example/",
        "POLDER_TIMESTAMP_CERTIFICATES": str(make_authority(tmp_path / "a").roots),
        "PATH": "/bin",
    }
    assert len(read_targets(real, MAIL)) == 5
    assert read_targets(kept_in(real), MAIL) == ()
    assert kept_in(real) == {"PATH": "/bin"}


def test_a_wrong_secret_is_not_repeated() -> None:
    """A secret with a slip in it is still nearly the secret."""
    settings = {
        "POLDER_CHECKPOINT_WEBHOOK": "https://hooks.example/",
        "POLDER_CHECKPOINT_WEBHOOK_SECRET": SECRET[:-1],
    }
    with pytest.raises(BadTarget) as refused:
        read_targets(settings, MAIL)
    assert SECRET[6:20] not in str(refused.value)


def test_a_worker_whose_settings_can_not_work_does_not_start() -> None:
    """It ends with the one line that says which setting, and not with a trace."""
    with pytest.raises(SystemExit, match="POLDER_CHECKPOINT_DIR takes an absolute"):
        targets({"POLDER_CHECKPOINT_DIR": "relative"})

"""What an operator writes down about where people log in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from pages.entering import settings
from pages.entering.mapping import Mapped
from tests.desk.town_hall import ORGANISATION


def test_claims_become_who_somebody_is_here() -> None:
    """By a claim, by a claim inside a claim, as a digest, always; never by guess."""
    mapped = Mapped.model_validate(
        {
            "organisation": {"always": ORGANISATION},
            "actor": {"claim": "email", "prefix": "m-", "digest": True},
            "roles": {
                "claim": ["resource_access", "polder", "roles"],
                "values": {"a": ["auditor"], "b": ["director", "auditor"]},
            },
        }
    )
    claims: dict[str, Any] = {
        "email": "j.jansen@waterdam.nl",
        "resource_access": {"polder": {"roles": ["b", "a", "onbekend", 7]}},
    }
    who = mapped.place(claims, "https://login.example.org")
    assert who[0] == ORGANISATION
    assert who[2:] == (("director", "auditor"),)
    assert "jansen" not in str(who[1])
    assert re.fullmatch(r"m-[0-9a-f]{32}", str(who[1]))
    other = mapped.place(claims, "https://login.example.com")
    assert other[1] != who[1]
    others: list[Any] = [None, [], {"polder": 1}]
    for lacking in others:
        told: dict[str, Any] = {"email": "x", "resource_access": lacking}
        assert mapped.place(told, "https://x")[0] == "no_role"


@pytest.mark.parametrize(
    "wrong",
    [
        {"organisation": {}, "roles": {}},
        {"organisation": {"always": "a", "claim": "b"}, "roles": {}},
        {"organisation": {"always": "a"}, "roles": {"values": {"x": ["burgemeester"]}}},
        {"organisation": {"always": "a"}, "roles": {"values": {"x": ["doorkeeper"]}}},
        {"organisation": {"always": "a"}, "roles": {}, "iets": 1},
    ],
)
def test_a_mapping_that_can_t_be_meant_is_refused(wrong: object) -> None:
    """When the process starts, not when somebody logs in."""
    with pytest.raises(ValidationError):
        Mapped.model_validate(wrong)


def test_settings_are_whole_or_refused(tmp_path: Path) -> None:
    """Without an issuer there is no provider; with one all of the rest is needed."""
    assert settings.read({}) is None
    secret, claims, doors = (tmp_path / name for name in "abc")
    secret.write_text("geheim\n", "utf-8")
    claims.write_text('{"organisation": {"always": "a"}, "roles": {}}', "utf-8")
    doors.write_text("pld_1\npld_2\n", "utf-8")
    told = {
        "POLDER_OIDC_ISSUER": "https://login.example.org",
        "POLDER_OIDC_CLIENT_ID": "polder",
        "POLDER_OIDC_CLIENT_SECRET_FILE": str(secret),
        "POLDER_OIDC_CLAIMS": str(claims),
        "POLDER_OIDC_DOORKEEPERS_FILE": str(doors),
    }
    found = settings.read(told)
    assert found is not None
    assert (found.secret, found.doorkeepers) == ("geheim", ("pld_1", "pld_2"))
    assert "geheim" not in repr(found)
    for name in told.keys() - {"POLDER_OIDC_ISSUER"}:
        with pytest.raises(settings.Incomplete, match=name):
            settings.read({**told, name: ""})
    for issuer in ("http://login.example.org", "login.example.org", "https://x/?a=b"):
        with pytest.raises(settings.Incomplete, match="https"):
            settings.read({**told, "POLDER_OIDC_ISSUER": issuer})

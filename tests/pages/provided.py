"""A provider of identities of somebody else, on a port: what it says can be bent.

``provider.bend`` is given the claims of the next ID token with the key that signs, and
gives the token that is sent instead.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import flask
import werkzeug.serving
from joserfc import jwt
from joserfc.jwk import RSAKey

from pages.entering.mapping import Mapped
from pages.entering.settings import Oidc

with warnings.catch_warnings(record=True):
    warnings.simplefilter("ignore")
    import oidc_provider_mock  # pyright: ignore[reportMissingTypeStubs]

Bend = Callable[[dict[str, Any], RSAKey], str]

CLIENT = "polder-waterdam"
SECRET = "een-geheim-van-de-proef"
MAPPED = Mapped.model_validate(
    {
        "organisation": {"claim": "gemeente", "values": {"GM9": "gemeente-waterdam"}},
        "actor": {"claim": "sub", "prefix": "mw-"},
        "roles": {
            "claim": ["realm_access", "roles"],
            "values": {
                "regisseurs": ["director"],
                "controle": ["auditor"],
                "beheer": ["operator"],
            },
        },
    }
)


def user(sub: str, *roles: str, gemeente: str = "GM9") -> oidc_provider_mock.User:
    """Make somebody who can log in there."""
    claims: dict[str, object] = {"gemeente": gemeente}
    return oidc_provider_mock.User(
        sub=sub, claims={**claims, "realm_access": {"roles": [*roles]}}
    )


PEOPLE = (
    user("7", "regisseurs"),
    user("8", "koffie"),
    user("9", "beheer", "controle"),
    user("10", "regisseurs", gemeente="GM1"),
    user("is geen id", "regisseurs"),
)


@dataclass
class Provided:
    """One provider: where it is, what it was asked, and how its answers are bent."""

    url: str = ""
    bend: Bend | None = None
    asked: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])
    """The forms that its token endpoint was sent."""
    key_asked: int = 0
    _storage: Any = None

    def oidc(self, *doorkeepers: str) -> Oidc:
        """Give what a house is told of it."""
        return Oidc(self.url, CLIENT, SECRET, MAPPED, doorkeepers)

    def change_key(self) -> None:
        """Sign with another key from now on."""
        jose = cast("Any", oidc_provider_mock)._storage.jose  # noqa: SLF001
        self._storage.jwk = jose.RSAKey.generate_key(is_private=True)

    def wrap(self, app: flask.Flask) -> None:
        """Hear what the app is asked, and bend what it answers."""

        def before() -> None:
            self._storage = flask.g.oidc_provider_mock_storage
            if flask.request.path == "/oauth2/token":
                self.asked.append(flask.request.form.to_dict())
            if flask.request.path == "/jwks":
                self.key_asked += 1

        def after(answer: flask.Response) -> flask.Response:
            told: Any = answer.get_json(silent=True)
            if flask.request.path == "/oauth2/token" and self.bend and told:
                key = RSAKey.import_key(self._storage.jwk.as_dict(is_private=True))
                found = jwt.decode(told["id_token"], key)
                told["id_token"] = self.bend({**found.claims}, key)
                answer.set_data(flask.json.dumps(told))
            return answer

        app.before_request(before)
        app.after_request(after)


@contextmanager
def provider() -> Generator[Provided]:
    """Serve one on a port; it ends with the block."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    made = Provided()
    app = oidc_provider_mock.app(user_claims=PEOPLE, require_nonce=True)
    made.wrap(app)
    server = werkzeug.serving.make_server("localhost", 0, app, threaded=True)
    made.url = f"http://localhost:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        yield made
    finally:
        server.shutdown()
        serving.join()
        server.server_close()

"""The provider of identities: asked where people log in, and believed only if signed.

OpenID Connect Core 1.0 by the authorization code with PKCE. Nothing of a provider is
kept but its own description and its keys, for an hour; an ID token that no known key
has signed makes them be asked for anew, at most once a minute.
"""

from __future__ import annotations

import hmac
import warnings
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final, cast
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from pages.entering.errand import Errand
from pages.entering.settings import Incomplete, Oidc, check_issuer

with warnings.catch_warnings(record=True):
    warnings.simplefilter("ignore")
    # It announces what another major version will do; nobody here can act on that.
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from authlib.oidc.core import CodeIDToken

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256")
"""Signatures that are believed: never `none`, and none by a secret that is shared."""

LEEWAY: Final = 60
"""Seconds that the provider's clock and ours may differ."""

_KEPT: Final = 3600.0
SOONEST: Final = 60.0
"""Seconds between two times that keys are asked for."""

_PATIENCE: Final = 5.0
_OUTSIDE: Final = (httpx.HTTPError, ValueError, KeyError, TypeError, Incomplete)


class Away(Exception):
    """The provider does not answer, or not as OpenID Connect has it."""


class NotBelieved(Exception):
    """What came back is not what this provider says of somebody who went from here."""


class Provider:
    """One provider, for one process."""

    def __init__(self, oidc: Oidc, soonest: float = SOONEST) -> None:
        """Ask nothing yet; keys are asked for anew after so many seconds."""
        self.oidc = oidc
        self._soonest = soonest
        self._told: Mapping[str, Any] = {}
        self._told_at = -_KEPT
        self._keys: KeySet | None = None
        self._keys_at = -_KEPT

    async def way_in(self, errand: Errand, back: str) -> str:
        """Give the address at which somebody logs in. Raises `Away`."""
        about = await self._about()
        async with self._client(back) as client:
            url, _state = client.create_authorization_url(
                about["authorization_endpoint"],
                state=errand.state,
                code_verifier=errand.verifier,
                nonce=errand.nonce,
            )
        return str(url)

    async def claims(self, errand: Errand, back: str, code: str) -> Mapping[str, Any]:
        """Swap a code for what the provider says of somebody.

        Raises `Away` and `NotBelieved`.
        """
        about = await self._about()
        try:
            async with self._client(back, about) as client:
                given = await client.fetch_token(
                    about["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=errand.verifier,
                )
            token = str(given["id_token"])
        except AuthlibBaseError as error:
            raise NotBelieved(error.error) from error
        except _OUTSIDE as error:
            raise Away(type(error).__name__) from error
        access = given.get("access_token")
        return await self._believed(token, errand.nonce, access)

    async def way_out(self, back: str) -> str | None:
        """Give where somebody logs out at the provider; None where it does not say."""
        try:
            end = str((await self._about()).get("end_session_endpoint") or "")
            check_issuer(end.partition("?")[0])
        except (Away, Incomplete):
            return None
        told = {"client_id": self.oidc.client_id, "post_logout_redirect_uri": back}
        return f"{end}{'&' if '?' in end else '?'}{urlencode(told)}"

    async def _believed(
        self, token: str, nonce: str, access: str | None
    ) -> Mapping[str, Any]:
        try:
            found = _signed(token, await self._key_set())
        except JoseError:
            found = await self._signed_anew(token)
        except ValueError as error:
            raise NotBelieved(type(error).__name__) from error
        own, issuer = self.oidc.client_id, self.oidc.issuer
        must = {
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": own},
        }
        told = {"nonce": nonce, "client_id": own, "access_token": access}
        try:
            claims = CodeIDToken(found.claims, found.header, must, told)
            claims.validate(leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise NotBelieved(type(error).__name__) from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise NotBelieved("nonce")
        return cast("Mapping[str, Any]", {**claims})

    async def _signed_anew(self, token: str) -> jwt.Token:
        """Look once more with the keys of now, for a provider changes them."""
        try:
            if monotonic() - self._keys_at > self._soonest:
                self._keys = None
            return _signed(token, await self._key_set())
        except (JoseError, ValueError) as error:
            raise NotBelieved(type(error).__name__) from error

    async def _about(self) -> Mapping[str, Any]:
        """Give what the provider says of itself (OpenID Connect Discovery 1.0)."""
        if monotonic() - self._told_at < _KEPT:
            return self._told
        where = f"{self.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            about = await self._got(where)
            if about["issuer"] != self.oidc.issuer:
                raise Away("issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                check_issuer(str(about[name]).partition("?")[0])
        except _OUTSIDE as error:
            raise Away(type(error).__name__) from error
        self._told, self._told_at = about, monotonic()
        return about

    async def _key_set(self) -> KeySet:
        if self._keys is None or monotonic() - self._keys_at > _KEPT:
            about = await self._about()
            try:
                keys = await self._got(str(about["jwks_uri"]))
                self._keys = KeySet.import_key_set(cast("Any", keys))
            except (*_OUTSIDE, JoseError) as error:
                raise Away(type(error).__name__) from error
            self._keys_at = monotonic()
        return self._keys

    async def _got(self, url: str) -> Mapping[str, Any]:
        async with httpx.AsyncClient(
            timeout=_PATIENCE, follow_redirects=False, trust_env=False
        ) as client:
            answer = await client.get(url)
            answer.raise_for_status()
            found: Any = answer.json()
        if not isinstance(found, dict):
            raise Away("no object")
        return cast("Mapping[str, Any]", found)

    def _client(self, back: str, about: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 (authlib has no types)
        known = (about or {}).get("token_endpoint_auth_methods_supported")
        basic = not known or "client_secret_basic" in known
        return AsyncOAuth2Client(
            self.oidc.client_id,
            self.oidc.secret,
            token_endpoint_auth_method=(
                "client_secret_basic" if basic else "client_secret_post"
            ),
            scope=" ".join(dict.fromkeys(("openid", *self.oidc.mapped.scopes))),
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_PATIENCE,
            follow_redirects=False,
            trust_env=False,
        )


def _signed(token: str, keys: KeySet) -> jwt.Token:
    registry = JWSRegistry(algorithms=[*ALGORITHMS], strict_check_header=False)
    return jwt.decode(token, keys, registry=registry)

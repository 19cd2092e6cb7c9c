"""
OpenID Connect: an office's own accounts (Microsoft Entra and the like) say who somebody is.

The authorization code flow with PKCE. Nothing is believed that is not signed by a key of the
issuer, made for us, for this very sign-in, just now.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.claims import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY = 120
"""Seconds by which the issuer's clock may be another than ours."""

PATIENCE = 10.0


class IssuerAway(Exception):
    """The issuer cannot be asked just now, or says what nobody can use; the message says what."""


class NotProven(Exception):
    """What came back does not prove who it is; the message says why."""


@dataclass(frozen=True, slots=True)
class Begun:
    """One sign-in that was begun in one browser, until it comes back."""

    state: str
    nonce: str
    verifier: str


class OpenId:
    """One issuer, and ourselves as it knows us. `back` is where it sends people back to."""

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        back: str,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id, self._client_secret, self._back = client_id, client_secret, back
        self._transport = transport
        self._found: dict[str, Any] = {}

    def begin(self) -> tuple[str, Begun]:
        """Return where to send somebody, and what to keep until they are back."""
        begun = Begun(token_urlsafe(24), token_urlsafe(24), token_urlsafe(48))
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": "openid email profile",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": create_s256_code_challenge(begun.verifier),
            "code_challenge_method": "S256",
        }
        where = str(self._metadata()["authorization_endpoint"])
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}", begun

    def finish(self, code: str, begun: Begun, now: datetime) -> str:
        """Return the e-mail address of whoever came back. Raises IssuerAway or NotProven."""
        found = self._metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": begun.verifier,
        }
        by_basic = "client_secret_post" not in found.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        own = {"client_id": self._client_id, "client_secret": self._client_secret}
        told = self._asked(
            "POST",
            str(found["token_endpoint"]),
            data=form if by_basic else {**form, **own},
            auth=(self._client_id, self._client_secret) if by_basic else None,
        )
        claims = self._claims(str(told.get("id_token", "")), begun, now)
        return _email(claims)

    def _claims(self, token: str, begun: Begun, now: datetime) -> CodeIDToken:
        keys = self._asked("GET", str(self._metadata()["jwks_uri"]))
        try:
            found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))  # type: ignore[arg-type]  # JSON of the issuer
            claims = CodeIDToken(
                found.claims,
                found.header,
                options={
                    "iss": {"essential": True, "value": str(self._metadata()["issuer"])},
                    "aud": {"essential": True, "value": self._client_id},
                },
                params={"nonce": begun.nonce, "client_id": self._client_id},
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotProven(f"its word for you could not be checked ({error})") from error
        return claims

    def _metadata(self) -> dict[str, Any]:
        if not self._found:
            found = self._asked("GET", f"{self._issuer}/.well-known/openid-configuration")
            needed = ("authorization_endpoint", "token_endpoint", "jwks_uri", "issuer")
            if missing := [name for name in needed if not found.get(name)]:
                raise IssuerAway(f"{self._issuer} does not say its {missing[0]}")
            if str(found["issuer"]).rstrip("/") != self._issuer:
                raise IssuerAway(f"{self._issuer} says that it is {found['issuer']}")
            self._found = found
        return self._found

    def _asked(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            with httpx.Client(transport=self._transport, timeout=PATIENCE) as client:
                answer = client.request(method, url, **more)
            said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise IssuerAway(f"{self._issuer} does not answer as it should") from error
        if not isinstance(said, dict):
            raise IssuerAway(f"{self._issuer} does not answer as it should")
        if answer.is_client_error and method == "POST":
            raise NotProven(f"it was not accepted ({said.get('error', answer.status_code)})")
        if not answer.is_success:
            raise IssuerAway(f"{self._issuer} answers {answer.status_code}")
        return said


def _email(claims: CodeIDToken) -> str:
    """The account's e-mail address; Entra may have it as the name that people sign in with."""
    if claims.get("email_verified") is False:
        raise NotProven("its e-mail address was never confirmed")
    for name in ("email", "preferred_username", "upn"):
        if "@" in str(claims.get(name) or ""):
            return str(claims[name]).casefold()
    raise NotProven("it does not say an e-mail address")

"""A stand-in of an OpenID Connect issuer: its published addresses, signed with a throw-away key."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

ISSUER = "https://login.office.example"
CLIENT, SECRET = "apbot-at-wrensby", "a-client-secret"


@dataclass
class Issuer:
    """
    Answers as an issuer does. `account` is who is signed in there; `now` is its own clock.

    What it says can be spoilt, to see that it is not believed: `spoils` changes the claims, `key`
    signs, and `is_away` lets it answer nobody.
    """

    now: int
    account: dict[str, Any] = field(default_factory=dict)
    spoils: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    published: RSAKey | None = None
    address: str = ISSUER
    says_it_is: str = ISSUER
    is_away: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer apbot."""
        if self.is_away:
            raise httpx.ConnectError("nobody there", request=request)
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx.Response(200, json=self._configuration())
        if path == "/keys":
            keys = KeySet([self.published or self.key]).as_dict(private=False)
            return httpx.Response(200, json=keys)
        if path == "/token":
            return self._token(request)
        return httpx.Response(404, json={})

    def signs_in(self, url: str) -> str:
        """A browser comes with this address and signs in; returns where it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{urlsplit(asked['redirect_uri']).path}?{back}"

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.says_it_is,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return httpx.Response(401, json={"error": "invalid_client"})
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        claims = {
            "iss": self.address,
            "sub": "an-account",
            "aud": CLIENT,
            "iat": self.now,
            "exp": self.now + 300,
            "nonce": asked["nonce"],
            **self.account,
            **self.spoils,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return httpx.Response(200, content=json.dumps({"id_token": token, "token_type": "Bearer"}))

"""
An account of Twilio's: signing in to its REST API, asking it, and what its refusals mean.

Twilio's own client signs in, makes the requests and tells refusals; resources are asked for by
their paths. The classes that it has for each of hundreds of resources are left alone: to import
them takes the better part of a second and ten megabytes, at the first text of the day.
"""

import json
from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.base import deserialize, serialize
from twilio.base.domain import Domain
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.base.version import Version
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from apbot.channels.connection import broken, trusted
from apbot.channels.lanes import make_lanes
from apbot.channels.protocol import FateUnknown, SendError
from apbot.channels.twilio_codes import meaning

Fields = Mapping[str, str | int]
"""What a request says, by the names that Twilio's documentation has."""

_API, _VERSION = "https://api.twilio.com", "2010-04-01"
_JSON = {"Accept": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", **_JSON}

_CONNECTIONS = httpx.Limits(max_connections=160, max_keepalive_connections=160)
_TIMEOUT = httpx.Timeout(20, connect=5)


class Account:
    """
    An account, signed in to. All that asks raises a SendError.

    `base_url` is where the REST API is; None: the real one. `transport` is httpx's own where None.
    """

    def __init__(
        self,
        sid: str,
        auth_token: str,
        base_url: str | None,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._http = _Http(base_url, transport)
        client = Client(sid, auth_token, http_client=self._http)
        self._api = Version(Domain(client, _API), f"{_VERSION}/Accounts/{sid}")

    def open(self) -> None:
        """Open the HTTP client."""
        self._http.open()

    async def close(self) -> None:
        """Close connections."""
        await self._http.close()

    async def create(self, resource: str, fields: Fields) -> Mapping[str, Any]:
        """Make one of a resource ("Messages") and return it."""
        uri = f"/{resource}.json"
        made = self._api.create_async("POST", uri, data=dict(fields), headers=dict(_FORM))
        return await _told(made)

    async def fetch(self, resource: str, sid: str) -> Mapping[str, Any]:
        """Return one of a resource by its id."""
        return await _told(
            self._api.fetch_async("GET", f"/{resource}/{sid}.json", headers=dict(_JSON))
        )

    async def list(self, resource: str, fields: Fields, most: int) -> Sequence[Mapping[str, Any]]:
        """Return those of a resource that the fields filter, the newest first, so many at most."""
        page = await _told(self._page(f"/{resource}.json", {**fields, "PageSize": most}))
        found = list(page.get(resource.lower(), ()))
        while len(found) < most and page.get("next_page_uri"):
            page = await _told(self._next(str(page["next_page_uri"])))
            found += page.get(resource.lower(), ())
        return found[:most]

    async def _page(self, uri: str, fields: Fields) -> Any:
        return self._listed(
            uri,
            await self._api.page_async("GET", uri, params=dict(fields), headers=dict(_JSON)),
        )

    async def _next(self, uri: str) -> Any:
        domain = self._api.domain
        return self._listed(uri, await domain.request_async("GET", uri, headers=dict(_JSON)))

    def _listed(self, uri: str, answer: Response) -> Any:
        if answer.status_code != httpx.codes.OK:
            raise self._api.exception("GET", uri, answer, "Unable to fetch page")
        return json.loads(answer.text)


def moment_in(told: object) -> datetime | None:
    """Return a moment as Twilio writes it (RFC 2822), in UTC; None where it is none."""
    found = deserialize.rfc2822_datetime(told) if isinstance(told, str) else None
    return found if isinstance(found, datetime) else None


def moment_as(moment: datetime) -> str:
    """Return a moment as Twilio wants it in a filter."""
    return str(serialize.iso8601_datetime(moment.astimezone(UTC)))


async def _told(asked: Awaitable[Any]) -> Mapping[str, Any]:
    try:
        told = await asked
    except (TwilioException, httpx.HTTPError, json.JSONDecodeError) as error:
        raise _meaning_of(error) from error
    if not isinstance(told, Mapping):
        raise FateUnknown(_NOT_READ)
    return told


_NOT_READ = "Twilio gave an answer that we cannot read; the text may have gone"


def _meaning_of(error: Exception) -> SendError:
    """Return what a sender is told of a request that failed."""
    if isinstance(error, httpx.HTTPError):
        return broken(error, "Twilio")
    if isinstance(error, (TwilioRestException, TwilioServiceException)):
        found = meaning(error.code, error.status)
        return found.kind(found.because)
    return FateUnknown(_NOT_READ)


class _Http(AsyncHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Twilio's HTTP over httpx: one connection pool, no retries, and an address of our choice."""

    def __init__(self, base_url: str | None, transport: httpx.AsyncBaseTransport | None) -> None:
        super().__init__(logger=None, is_async=True)
        self._base_url = (base_url or "").rstrip("/")
        self._transport = transport or make_lanes()
        self._client = self._opened()

    def open(self) -> None:
        """Have a client that is open."""
        if self._client.is_closed:
            self._client = self._opened()

    async def close(self) -> None:
        """Close connections."""
        await self._client.aclose()

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # twilio's own signature
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request, as Twilio's client wants it made."""
        answer = await self._client.request(
            method,
            self._at(uri),
            params=_query(params),
            data=data,
            headers=headers,
            auth=auth,
            follow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, dict(answer.headers))

    def _opened(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            timeout=_TIMEOUT, limits=_CONNECTIONS, transport=self._transport, verify=trusted()
        )

    def _at(self, uri: str) -> str:
        if not self._base_url:
            return uri
        parts = urlsplit(uri)
        return self._base_url + parts.path + (f"?{parts.query}" if parts.query else "")


def _query(params: dict[str, object] | None) -> dict[str, Any] | None:
    # Given an empty mapping, httpx would drop the query that a next page's address brings.
    return params or None

"""
Connections to networks: what they trust, and what a broken one means for the text that was on it.

A text that never left can go again at once; one that may have gone must be asked after first,
or somebody is told twice.
"""

import ssl
from functools import cache

import httpx

from apbot.channels.protocol import FateUnknown, TryLater

# Each of these fails before the request's first byte is sent.
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@cache
def trusted() -> ssl.SSLContext:
    """Return what all our connections trust: read once, not anew for each of a driver's clients."""
    return httpx.create_ssl_context()


def broken(error: BaseException, network: str) -> TryLater:
    """Return what a sender is told of a connection that broke with `error`."""
    if isinstance(error, _NEVER_LEFT):
        return TryLater(f"{network} could not be reached")
    return FateUnknown(f"the connection to {network} broke; the text may have gone")

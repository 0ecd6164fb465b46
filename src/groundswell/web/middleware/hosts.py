"""Which names this server answers to, so that no other site can make a browser read it under a name of its own.

A site that a reader visits can let its own name point to this machine (DNS rebinding), and its scripts then read our
answers as if they were its own. They come with that site's name in ``Host``, and are refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from groundswell.web.middleware.errors import error_response

ANY = "*"
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{0,5})?")
_WHOLE_ADDRESS = re.compile(rb"https?://(?P<host>[^/]*)(?P<path>/.*)?", re.IGNORECASE | re.DOTALL)
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


class HostMiddleware:
    """ASGI middleware that answers 400 to a malformed Host and 421 to one that names another site.

    A request without the header passes: no browser sends one. A request line with a whole address, which clients send
    to proxies, is read as its path, and its host counts in place of the header (RFC 9112, 3.2.2).
    """

    def __init__(self, app: ASGIApp, base_url: str, allowed_hosts: Collection[str] = ()) -> None:
        self.app = app
        given = (urlsplit(base_url).hostname or "", *allowed_hosts)
        self._names = {parse_host(name) or _normalize(name) for name in given if name}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if this server answers to its Host."""
        scope = _split_whole_address(scope)
        refusal = self._check(Headers(scope=scope).getlist("host")) if scope["type"] == "http" else None
        if refusal is None:
            await self.app(scope, receive, send)
            return
        await error_response(Request(scope), *refusal)(scope, receive, send)

    def _check(self, hosts: list[str]) -> tuple[int, str] | None:
        """Return status and message of the refusal, None for a Host that this server answers to."""
        name = parse_host(hosts[0]) if len(hosts) == 1 else None
        if hosts and name is None:
            return 400, "The Host header is not a host name or an address, with or without a port."
        if name is None or self._is_allowed(name):
            return None
        return 421, (
            f"This server does not answer to the name {name[:100]!r}; its owner can add it to the setting "
            "allowed_hosts, or name the site's address in base_url."
        )

    def _is_allowed(self, name: str) -> bool:
        return (
            not can_be_rebound(name)
            or name in self._names
            or ANY in self._names
            or any(allowed.startswith(".") and name.endswith(allowed) for allowed in self._names)
        )


def _split_whole_address(scope: Scope) -> Scope:
    """Return the scope of a request for ``http://host/path`` as that of one for ``/path`` at that host."""
    found = _WHOLE_ADDRESS.fullmatch(scope.get("raw_path") or b"") if scope["type"] == "http" else None
    if found is None:
        return scope
    raw_path = found["path"] or b"/"
    headers = [(b"host", found["host"]), *(pair for pair in scope["headers"] if pair[0] != b"host")]
    return {**scope, "raw_path": raw_path, "path": unquote(raw_path.decode("latin-1")), "headers": headers}


def parse_host(header: str) -> str | None:
    """Return the name or address in a Host header, without port, in lower case; None if it is malformed."""
    found = _HOST.fullmatch(header.strip())
    return _normalize(found["name"]) if found else None


def can_be_rebound(name: str) -> bool:
    """Whether a stranger could make a host name point to this machine.

    An address points to itself, and a name without a dot (``localhost``, ``server``) is in no public DNS.
    """
    return not _is_address(name) and "." in name and not name.endswith(".localhost")


def is_public(base_url: str) -> bool:
    """Whether an address of a site can be that of a site on the open network, rather than on this machine or a LAN."""
    name = _normalize(urlsplit(base_url).hostname or "")
    if _is_address(name):
        return ip_address(name).is_global
    return "." in name and not name.endswith(_LOCAL_SUFFIXES)


def _normalize(name: str) -> str:
    """Write a name in lower case and ASCII, without a dot at its end; an address without brackets."""
    name = name.strip("[]").lower().rstrip(".")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True

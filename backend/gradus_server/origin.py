"""Where a request may be addressed to and where it may come from.

A page of another site can make a browser send requests to this machine: by another name
that resolves to it (DNS rebinding, stopped by the list of hosts) or with the visitor's
cookie (request forgery, stopped by Sec-Fetch-Site and Origin). Rules of RFC 6454 and of
https://www.w3.org/TR/fetch-metadata/.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from gradus_runs.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CHECKS = frozenset({"/api/v1/health", "/api/v1/ready"})  # asked from inside the container


@dataclass(frozen=True, slots=True)
class Origins:
    """The hosts that this server answers to, each with its origin.

    `for_checks` are the names by which a machine asks itself how it is: a team's server has
    its public name and answers to those with its health alone.
    """

    by_host: Mapping[str, str]
    for_checks: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> "Origins":
        here, public = _loopback(settings.port), _public(settings.public_url)
        if settings.mode == "team" and public:
            return cls(public, here)
        return cls(here | public, here)

    def own(self, headers: Headers, path: str) -> str | None:
        """The origin that a request for `path` is addressed to, None for a host not ours."""
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            return None
        host = hosts[0].lower()
        return self.by_host.get(host) or (self.for_checks.get(host) if path in CHECKS else None)


def _loopback(port: int) -> dict[str, str]:
    by_host = {f"{name}:{port}": f"http://{name}:{port}" for name in LOOPBACK}
    if port == 80:  # a browser leaves out the port that belongs to the scheme
        by_host |= {name: f"http://{name}" for name in LOOPBACK}
    return by_host


def _public(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    return {parts.netloc.lower(): f"{parts.scheme}://{parts.netloc}".lower()} if url else {}


def may_change(headers: Headers, own: str) -> bool:
    """Whether a request with an unsafe method may pass; one with a bearer token always may."""
    if bearer(headers) is not None:
        return True
    origins = headers.getlist("origin")
    if origins and origins != [own]:
        return False
    sites = headers.getlist("sec-fetch-site")
    if sites:
        return sites in (["same-origin"], ["none"])
    # Without either header it is no browser of today: harmless unless it brings a cookie.
    return bool(origins) or "cookie" not in headers


def may_connect(headers: Headers, own: str) -> bool:
    """Whether a socket may be opened: a page of ours, or no browser and no cookie."""
    origins = headers.getlist("origin")
    return origins == [own] or (not origins and "cookie" not in headers)


def bearer(headers: Headers) -> str | None:
    """The token of an Authorization header; None without one."""
    values: Sequence[str] = headers.getlist("authorization")
    if len(values) != 1:
        return None
    scheme, _, token = values[0].partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def address(settings: Settings) -> str:
    """The service's own address, or the one that a proxy gives it."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"

"""Under which names the pages are served: this machine's own, and those that the force's HTTPS proxy answers to."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

OWN = frozenset({"127.0.0.1", "localhost", "[::1]"})
_PORT = re.compile(r":\d{1,5}$")


@dataclass(frozen=True)
class Hosts:
    """``public``: the names, in lower case and without a port; ``proxies``: how many reverse proxies are believed."""

    public: frozenset[str] = frozenset()
    proxies: int = 0

    def is_own(self, request: Request) -> bool:
        """Whether somebody on this machine asks, under one of its own names.

        The simulator has no sign-in. A hostile site can point a name of its own at 127.0.0.1 (DNS rebinding) and would
        then read these pages through a visitor's browser; the Host header still holds the site's name. And what a proxy
        passes on comes from elsewhere, whatever name it was asked for.
        """
        forwarded = self.proxies and "X-Forwarded-For" in request.headers
        return asked_for(request) in OWN and not forwarded

    def is_public(self, request: Request) -> bool:
        """Whether the console is asked for under a name that the force gave it."""
        return asked_for(request) in self.public


def asked_for(request: Request) -> str:
    """The name in the Host header, without its port. What a proxy says that the name was counts for nothing."""
    return _PORT.sub("", request.environ.get("HTTP_HOST", "")).lower()


def from_another_site(request: Request) -> bool:
    """Whether the browser says that a page of another site makes this request. A page can't make it say otherwise."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    # The scheme may differ: behind a proxy that isn't counted, we don't know that the browser speaks HTTPS.
    return origin is not None and urlsplit(origin).netloc.lower() != request.environ.get("HTTP_HOST", "").lower()

"""A bare web server that answers with what it was sent: ``python -m signpost.bench.floor_echo PORT``."""

import sys

from sanic import HTTPResponse, Request, Sanic
from sanic.response import raw

app = Sanic("floor_echo", configure_logging=False)


@app.post("/")  # type: ignore[untyped-decorator]  # Sanic says no types of its own
async def echo(request: Request) -> HTTPResponse:
    """The body again."""
    return raw(request.body, content_type="application/json")


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]), access_log=False, motd=False)

"""The platforms' interfaces over HTTP: below /graph, /instagram and /x, where Signpost's settings point."""

from typing import Any

from flask import Blueprint, Response, request

from .answer import Answer, Call
from .platforms import Platforms

_METHODS = ["GET", "POST", "PUT", "DELETE"]


def interface(platforms: Platforms) -> Blueprint:
    """The blueprint."""
    pages = Blueprint("interface", __name__)

    @pages.route("/graph/<path:path>", methods=_METHODS)
    def graph(path: str) -> Response:
        return _response(platforms.graph(_call(f"/{path}")))

    @pages.route("/instagram/<path:path>", methods=_METHODS)
    def instagram(path: str) -> Response:
        return _response(platforms.graph(_call(f"/{path}"), "instagram"))

    @pages.route("/x/<path:path>", methods=_METHODS)
    def x(path: str) -> Response:
        return _response(platforms.x(_call(f"/{path}")))

    return pages


def _call(path: str) -> Call:
    body: Any = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    return Call(
        request.method,
        request.base_url,
        path,
        request.args.to_dict(),
        {name.lower(): value for name, value in request.headers.items()},
        body if isinstance(body, dict) else {},
    )


def _response(answer: Answer) -> Response:
    # Flask's own JSON, for it escapes nothing that a client would have to know of.
    from flask import json

    text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body, separators=(",", ":"))
    response = Response(text, answer.status, dict(answer.headers), content_type=answer.content_type)
    if answer.cut:
        whole = len(text.encode())
        response.set_data(text.encode()[: whole // 2])
        response.headers["Content-Length"] = str(whole)
        response.headers["Connection"] = "close"
        response.automatically_set_content_length = False
    return response

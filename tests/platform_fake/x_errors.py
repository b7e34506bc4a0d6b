"""Errors of X's API, version 2, as its documentation and its answers have them."""

from collections.abc import Mapping

from .answer import Answer, Refusal

PROBLEM = "application/problem+json; charset=utf-8"
PROBLEMS = "https://api.x.com/2/problems/"
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
DUPLICATE_MESSAGE = "You are not allowed to send a Direct Message with duplicate content."
NOT_MENTIONED = "You can only reply to or quote posts where you are mentioned or are the author."
NOT_VISIBLE = "You attempted to reply to a Tweet that is deleted or not visible to you."
NO_MESSAGES = "You do not have permission to DM one or more participants."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
SUSPENDED = "Your account is suspended and is not permitted to access this feature."


def plain(status: int, title: str, detail: str) -> Refusal:
    """A problem of no type of its own."""
    body = {"title": title, "type": "about:blank", "status": status, "detail": detail}
    return Refusal(Answer(status, body, content_type=PROBLEM))


def forbidden(detail: str) -> Refusal:
    """403 with the reason."""
    return plain(403, "Forbidden", detail)


def unauthorized() -> Refusal:
    """401, whatever is wrong with the signature or the token."""
    return plain(401, "Unauthorized", "Unauthorized")


def invalid(message: str, **parameters: str) -> Refusal:
    """400: a parameter that won't do, named."""
    return Refusal(
        Answer(
            400,
            {
                "errors": [{"parameters": {name: [value] for name, value in parameters.items()}, "message": message}],
                "title": "Invalid Request",
                "detail": "One or more parameters to your request was invalid.",
                "type": f"{PROBLEMS}invalid-request",
            },
            content_type=PROBLEM,
        )
    )


def not_found(resource: str, parameter: str, value: str) -> Refusal:
    """404: no such person, post or webhook."""
    return Refusal(
        Answer(
            404,
            {
                "title": "Not Found Error",
                "detail": f"Could not find {resource} with {parameter}: [{value}].",
                "type": f"{PROBLEMS}resource-not-found",
                "resource_type": resource,
                "parameter": parameter,
                "resource_id": value,
                "value": value,
                "status": 404,
            },
            content_type=PROBLEM,
        )
    )


def app_only() -> Refusal:
    """403: the app's own token where an account's is asked for."""
    return Refusal(
        Answer(
            403,
            {
                "title": "Unsupported Authentication",
                "detail": "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  Supported "
                "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context].",
                "type": f"{PROBLEMS}unsupported-authentication",
                "status": 403,
            },
            content_type=PROBLEM,
        )
    )


def too_many(headers: Mapping[str, str], *, legacy: bool = False) -> Refusal:
    """429 in either of its two shapes."""
    if legacy:
        return Refusal(Answer(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, headers))
    body = {"title": "Too Many Requests", "detail": "Too Many Requests", "type": "about:blank", "status": 429}
    return Refusal(Answer(429, body, headers, PROBLEM))

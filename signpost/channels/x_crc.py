"""X's challenge to a webhook: proves that whoever answers there knows the app's consumer secret."""

import base64
import hashlib
import hmac


def crc_response(crc_token: str, consumer_secret: str) -> dict[str, str]:
    """The JSON that answers ``GET ?crc_token=``: ``{"response_token": "sha256=<base64 of the HMAC-SHA256>"}``.

    X asks when a webhook is made and again and again afterwards; a wrong answer makes the webhook invalid (X API
    documentation, webhooks). Raises nothing: what is no UTF-8 is answered like its replacement.
    """
    digest = hmac.new(consumer_secret.encode(), crc_token.encode(errors="replace"), hashlib.sha256).digest()
    return {"response_token": f"sha256={base64.b64encode(digest).decode('ascii')}"}

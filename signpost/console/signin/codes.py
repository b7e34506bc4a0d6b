"""Codes from an app on somebody's phone (TOTP, RFC 6238): six figures, good for half a minute, each good once."""

from datetime import datetime, timezone

import pyotp
import segno
from markupsafe import Markup

SECONDS = 30
STEPS_AROUND = 1
"""How many steps a phone's clock may be off, either way."""


def new_secret() -> str:
    """A new secret for the app: 160 bits in base 32."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """The time step whose code this is; none when it is wrong, too old, or not later than the ``last`` that was taken."""
    app = pyotp.TOTP(secret, interval=SECONDS)
    current = int(now.replace(tzinfo=timezone.utc).timestamp()) // SECONDS
    typed = "".join(code.split())
    for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1):
        if pyotp.utils.strings_equal(typed, app.generate_otp(step)) and (last is None or step > last):
            return step
    return None


def in_groups(secret: str) -> str:
    """The secret for whoever types it: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(secret: str, username: str, issuer: str) -> Markup:
    """The secret as a QR code: an SVG that holds its own colours, so that it can be scanned from a dark page too."""
    address = pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=username, issuer_name=issuer)
    drawn = segno.make(address, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="signpost-qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704  # drawn by segno: no text of anybody's is in it

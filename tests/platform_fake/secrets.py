"""The secrets of a rehearsal: they open nothing, and are plainly not real. Signpost is given the same ones."""

from pathlib import Path

APP_ID = "900000000000001"
"""The Meta app that Signpost is in a rehearsal; its echoes carry it."""
FACEBOOK_INBOX, INSTAGRAM_INBOX = "263902037430900", "1217981644879628"
"""The apps that staff answer with (Meta's Conversation Routing documentation)."""

APP_SECRET = "rehearsal-app-secret"
INSTAGRAM_APP_SECRET = "rehearsal-instagram-app-secret"
VERIFY_TOKEN = "rehearsal-verify-token"
PAGE_TOKEN = "rehearsal-page-token"
INSTAGRAM_TOKEN = "rehearsal-instagram-token"

CONSUMER_KEY = "rehearsal-consumer-key"
CONSUMER_SECRET = "rehearsal-consumer-secret"
X_TOKEN = "rehearsal-x-token"
X_TOKEN_SECRET = "rehearsal-x-token-secret"
X_BEARER = "rehearsal-x-app-token"

ACCOUNTS = Path(__file__).with_name("accounts.yml")


def environment(port: int) -> dict[str, str]:
    """The settings with which Signpost talks to the small platforms at this port and to nothing else."""
    base = f"http://127.0.0.1:{port}"
    return {
        "SIGNPOST_REHEARSAL": "1",
        "SIGNPOST_ACCOUNTS": str(ACCOUNTS),
        "SIGNPOST_GRAPH_URL": f"{base}/graph",
        "SIGNPOST_INSTAGRAM_URL": f"{base}/instagram",
        "SIGNPOST_X_URL": f"{base}/x",
        "SIGNPOST_META_APP_ID": APP_ID,
        "SIGNPOST_META_APP_SECRET": APP_SECRET,
        "SIGNPOST_META_VERIFY_TOKEN": VERIFY_TOKEN,
        "SIGNPOST_INSTAGRAM_APP_SECRET": INSTAGRAM_APP_SECRET,
        "SIGNPOST_X_CONSUMER_KEY": CONSUMER_KEY,
        "SIGNPOST_X_CONSUMER_SECRET": CONSUMER_SECRET,
        "SIGNPOST_TOKEN_REHEARSAL_PAGE": PAGE_TOKEN,
        "SIGNPOST_TOKEN_REHEARSAL_INSTAGRAM": INSTAGRAM_TOKEN,
        "SIGNPOST_TOKEN_REHEARSAL_X": X_TOKEN,
        "SIGNPOST_TOKEN_SECRET_REHEARSAL_X": X_TOKEN_SECRET,
    }

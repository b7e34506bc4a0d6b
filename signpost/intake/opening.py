"""Puts intake together as the settings say."""

from functools import partial

from signpost.bell import bell
from signpost.channels import meta, x
from signpost.desk.hint import Hint
from signpost.force.accounts import Accounts
from signpost.force.mandate import load_mandate
from signpost.intake import signatures
from signpost.intake.parts import INSTAGRAM, META, Parts, Source, X
from signpost.intake.receiving import Receiver
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.settings import Settings

BUSY_SECONDS = 3.0
"""A platform waits 5 to 20 seconds for its answer: it is better told to send again than kept waiting."""


def open_intake(settings: Settings, accounts: Accounts) -> Parts:
    """The parts, for settings that hold their secrets. Raises :class:`signpost.mistakes.Mistake` where they won't do."""
    engine = open_engine(settings.record_url, BUSY_SECONDS)
    channels = load_mandate(settings.force_folder).channels
    secret = settings.x_consumer_secret
    return Parts(
        sources=(
            Source(META, signatures.META, settings.meta_app_secret, meta.read),
            Source(INSTAGRAM, signatures.META, settings.instagram_app_secret or settings.meta_app_secret, meta.read),
            Source(X, signatures.X, secret, x.read),
        ),
        taker=Receiver(
            sessions=session_factory(engine),
            reads=reading(engine),
            vault=Vault(settings.encryption_key),
            accounts=accounts,
            visibilities={key: channel.visibility for key, channel in channels.items()},
            app_ids=frozenset(filter(None, [settings.meta_app_id])),
            urgency=Hint.load().urgency,
            clock=utc_now,
            bell=bell(),
        ),
        reads=reading(engine),
        clock=utc_now,
        verify_token=settings.meta_verify_token,
        prove=partial(x.crc_response, consumer_secret=secret) if secret else None,
        metrics_token=settings.metrics_token,
        proxies=settings.proxies,
    )

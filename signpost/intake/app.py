"""Puts intake together as a WSGI application: ``signpost.intake.app:application()`` is what gunicorn runs.

One process with threads: the counts and the brake are in its memory.
"""

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from signpost.force.accounts import load_accounts
from signpost.intake.bodies import MOST_READ
from signpost.intake.brake import Brake
from signpost.intake.errors import answer_in_json
from signpost.intake.gaps import gaps
from signpost.intake.gauges import gauges
from signpost.intake.health import health
from signpost.intake.metrics import Metrics
from signpost.intake.parts import Parts
from signpost.intake.scraping import scraping
from signpost.intake.taking import taking
from signpost.intake.verification import verification
from signpost.log.standing import Standing, standing
from signpost.logs import configure_logs
from signpost.secrets import with_secrets
from signpost.settings import Settings


def create_app(parts: Parts) -> Flask:
    """The application. It opens nothing itself: everything it works with is in ``parts``."""
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_READ, PROVIDE_AUTOMATIC_OPTIONS=False)
    # An address that is nearly right is wrong: X takes a redirect for a webhook that has gone.
    app.url_map.merge_slashes = False
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=parts.proxies, x_proto=0)  # type: ignore[method-assign]

    def look() -> Standing:
        with parts.reads() as session:
            return standing(session, parts.clock())

    metrics, brake = Metrics(lambda: gauges(look)), Brake()
    answer_in_json(app)
    for source in parts.sources:
        app.register_blueprint(taking(source, parts.taker, metrics, brake))
    app.register_blueprint(verification(parts, metrics, brake))
    app.register_blueprint(health(parts.reads))
    app.register_blueprint(scraping(metrics, parts.metrics_token))
    return app


def application() -> Flask:
    """The application as the environment says. Raises :class:`signpost.mistakes.Mistake` where a setting won't do."""
    from signpost.intake.opening import open_intake

    settings = with_secrets(Settings.from_environment(), may_make=False)
    configure_logs(settings.log_level)
    accounts = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    log = structlog.get_logger("signpost.intake")
    for sentence in gaps(settings, accounts):
        log.warning("not_set_up", sentence=sentence)
    return create_app(open_intake(settings, accounts))

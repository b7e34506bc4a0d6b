"""Puts the pages together as a WSGI application: ``signpost.console.app:application()`` is what gunicorn runs."""

import hashlib

from flask import Flask, redirect, url_for
from werkzeug.wrappers import Response

from signpost.console.errors import show_errors_kindly
from signpost.console.health import health
from signpost.console.parts import Parts
from signpost.console.protection import protect
from signpost.console.simulator.pages import simulator
from signpost.force.mandate import load_mandate
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.logs import configure_logs
from signpost.secrets import with_secrets
from signpost.settings import Settings

MOST_BYTES = 2 * 1024 * 1024
"""Of a request. Far more than a message may be, so that one that is too long comes back with a sentence, not lost."""


def create_app(parts: Parts) -> Flask:
    """The application. It opens nothing itself: everything it works with is in ``parts``."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=parts.session_secret,
        # Cookies don't know ports: without the mark, two installations on one machine would void each other's forms.
        SESSION_COOKIE_NAME=f"signpost_{hashlib.sha256(parts.session_secret.encode()).hexdigest()[:8]}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        # A form stays good as long as the browser is open: a page left overnight must not lose what is typed into it.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    protect(app)
    show_errors_kindly(app)
    app.register_blueprint(health(parts))
    app.register_blueprint(simulator(parts))

    @app.get("/")
    def start() -> Response:
        return redirect(url_for("simulator.start"))

    return app


def application() -> Flask:
    """The application as the environment says. Raises :class:`signpost.mistakes.Mistake` where a setting won't do."""
    settings = with_secrets(Settings.from_environment(), may_make=False)
    configure_logs(settings.log_level)
    engine = open_engine(settings.record_url)
    return create_app(
        Parts(
            sessions=session_factory(engine),
            reads=reading(engine),
            vault=Vault(settings.encryption_key),
            mandate=load_mandate(settings.force_folder),
            clock=utc_now,
            session_secret=settings.session_secret,
        )
    )

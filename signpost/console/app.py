"""Puts the pages together as a WSGI application: ``signpost.console.app:application()`` is what gunicorn runs."""

import hashlib

from flask import Flask

from signpost.alerts.ways import how_told
from signpost.console.about import routes as about
from signpost.console.alerts import routes as alerts
from signpost.console.audit import routes as audit
from signpost.console.corrections import routes as corrections
from signpost.console.errors import show_errors_kindly
from signpost.console.exports import routes as exports
from signpost.console.frame import frame
from signpost.console.health import health
from signpost.console.hosts import Hosts
from signpost.console.parts import Parts
from signpost.console.protection import protect
from signpost.console.queue import routes as queue
from signpost.console.record import routes as record
from signpost.console.reports import routes as reports
from signpost.console.retention import routes as retention
from signpost.console.roles import check_access_is_said
from signpost.console.signin import routes as signin
from signpost.console.signin.guard import guard
from signpost.console.signin.opening import signing_in_of
from signpost.console.simulator.pages import simulator
from signpost.console.staff import routes as staff
from signpost.console.training import routes as training
from signpost.console.workbench import routes as workbench
from signpost.console.workbench.bench import bench_of
from signpost.force.accounts import load_accounts
from signpost.force.contacts import load_contacts
from signpost.force.mandate import load_mandate
from signpost.log.audit import Trail
from signpost.log.clock import utc_now
from signpost.log.database import open_engine, reading, session_factory
from signpost.log.encryption import Vault
from signpost.log.retention import limits_of
from signpost.logs import configure_logs
from signpost.office_hours import office_hours
from signpost.secrets import with_secrets
from signpost.settings import Settings
from signpost.workbench.shelf import Shelf

ROOMS = (
    about,
    signin,
    queue,
    record,
    workbench,
    training,
    corrections,
    alerts,
    reports,
    exports,
    audit,
    retention,
    staff,
)
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
    protect(app, parts.hosts)
    guard(app, parts)
    frame(app, parts)
    show_errors_kindly(app)
    app.register_blueprint(health(parts))
    app.register_blueprint(simulator(parts))
    for room in ROOMS:
        app.register_blueprint(room.blueprint(parts))
    check_access_is_said(app)
    return app


def application() -> Flask:
    """The application as the environment says. Raises :class:`signpost.mistakes.Mistake` where a setting won't do."""
    settings = with_secrets(Settings.from_environment(), may_make=False)
    configure_logs(settings.log_level)
    engine = open_engine(settings.record_url)
    mandate = load_mandate(settings.force_folder)
    return create_app(
        Parts(
            sessions=session_factory(engine),
            reads=reading(engine),
            vault=Vault(settings.encryption_key),
            mandate=mandate,
            clock=utc_now,
            session_secret=settings.session_secret,
            trail=Trail(settings.audit_key),
            anchor_file=settings.anchor_file,
            hosts=Hosts(settings.public_hosts, settings.console_proxies),
            contacts=load_contacts(settings.force_folder),
            keeping=limits_of(settings),
            telling=how_told(settings),
            office=office_hours(settings.office_hours),
            signing_in=signing_in_of(settings),
            bench=bench_of(settings, mandate),
            shelf=Shelf(settings, utc_now),
            accounts=load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal)),
        )
    )

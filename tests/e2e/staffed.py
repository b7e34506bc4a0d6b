"""The console over a record worth looking at: every cause, every state, and somebody for every role."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from flask import Flask
from rehearsal import rehearse
from sqlalchemy import select
from sqlalchemy.orm import Session
from unit.console_models import NEW, NEWER, add, changed, comparison, shelf_in
from werkzeug.serving import WSGIRequestHandler, make_server

from signpost.channels.simulated import ACCOUNT
from signpost.console.app import create_app
from signpost.console.parts import Parts
from signpost.console.roles import REVIEWER, ROLES, TRAINER
from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin, end_all
from signpost.desk.worker import Desk
from signpost.log.messages import NewMessage, store_inbound
from signpost.log.models import Conversation, Escalation, InboundMessage, OutboundMessage, StaffAccount, new_key
from signpost.log.replies import mark_failed
from signpost.log.reviewing import NO, NO_ACTION, By, Review, save_review
from signpost.workbench import jobs

PASSWORD = "correct horse battery staple"
CODE_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
COUNTY = "county_page"
LONG = "Someone smashed the greenhouse again and I have written it all down here so that nothing is missing. " * 9
OVERTURNED = "someone smashed it on the last level and my whole team cheered"
FAILS = "someone stole my tractor and the reply never arrives"
MESSAGES = (
    ("messenger", COUNTY, "please hurry he is trying to force the back door"),
    ("messenger", COUNTY, "someone smashed my shop window on the high street"),
    ("instagram_dm", COUNTY, '<script>alert(1)</script> someone stole <b>my</b> bike & =HYPERLINK("x")'),
    ("x_dm", COUNTY, "they nicked the catalytic converter 😡🚗 outside the school"),
    ("facebook_comment", COUNTY, "that's the lad who robbed the corner shop"),
    ("messenger", COUNTY, "شخص ما smashed سيارتي الليلة"),
    ("messenger", COUNTY, LONG),
    ("messenger", COUNTY, FAILS),
    ("messenger", COUNTY, OVERTURNED),
    ("messenger", COUNTY, "mm"),
    ("instagram_dm", ACCOUNT, "help me right now"),
    ("messenger", COUNTY, "thanks for the lovely day at the fair"),
)


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_args: object) -> None:
        pass


@dataclass
class StaffedSite:
    """The console on a port of its own. Everybody has the password :data:`PASSWORD` and the code :meth:`code`."""

    address: str
    app: Flask
    parts: Parts
    desk: Desk

    def cookie_of(self, username: str) -> dict[str, str]:
        """A browser's cookie in which this person is signed in."""
        with self.parts.sessions.begin() as session:
            account = session.scalars(select(StaffAccount).filter_by(username=username)).one()
            token = begin(session, account.id, self.parts.clock())
        serializer = self.app.session_interface.get_signing_serializer(self.app)
        name = self.app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": serializer.dumps({TOKEN: token}), "url": self.address}

    def take_on(self, username: str) -> None:
        """A reviewer who signs in for the first time: :data:`PASSWORD` is temporary, and there is no code yet."""
        with self.parts.sessions.begin() as session:
            session.add(
                StaffAccount(
                    key=new_key(),
                    username=username,
                    name="The newcomer",
                    roles=[REVIEWER],
                    password_hash=PasswordHasher().hash(PASSWORD),
                    password_temporary=True,
                    created_at=self.parts.clock(),
                )
            )

    def sign_out(self, username: str) -> None:
        """Ends all of somebody's sign-ins from here, and lets the code that their app shows now be taken once more."""
        with self.parts.sessions.begin() as session:
            account = session.scalars(select(StaffAccount).filter_by(username=username)).one()
            account.totp_last_step = None
            end_all(session, account.id, self.parts.clock())

    def code(self) -> str:
        """The code that everybody's app shows now."""
        return pyotp.TOTP(CODE_SECRET).now()

    def simulated(self) -> str:
        """The key of a conversation that was held in the simulator."""
        with self.parts.reads() as session:
            return session.scalars(select(Conversation.key).filter_by(account=ACCOUNT)).one()

    def references(self) -> list[str]:
        """The records there are, oldest first."""
        with self.parts.reads() as session:
            return list(session.scalars(select(Escalation.reference).order_by(Escalation.id)))


@contextmanager
def staffed(folder: Path) -> Iterator[StaffedSite]:
    """The console, with its record in the folder."""
    parts, desk = rehearse(folder)
    parts = replace(parts, shelf=shelf_in(folder / "models", parts.clock))
    _take_on_staff(parts)
    _receive(parts, desk)
    _overturn(parts)
    _train(parts)
    app = create_app(parts)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield StaffedSite(f"http://127.0.0.1:{server.server_port}", app, parts, desk)
    server.shutdown()


def _take_on_staff(parts: Parts) -> None:
    hashed = PasswordHasher().hash(PASSWORD)
    with parts.sessions.begin() as session:
        for role in (*ROLES, "second reviewer"):
            session.add(
                StaffAccount(
                    key=new_key(),
                    username=role.replace(" ", "-"),
                    name=f"The {role}",
                    roles=[role.rpartition(" ")[2]],
                    password_hash=hashed,
                    totp_encrypted=parts.vault.encrypt(CODE_SECRET),
                    created_at=parts.clock(),
                )
            )


def _receive(parts: Parts, desk: Desk) -> None:
    for number, (channel, account, text) in enumerate(MESSAGES):
        visibility = "public" if channel.endswith(("comment", "mention")) else "private"
        new = NewMessage(channel, account, f"person-{number}", f"m-{number}", visibility, text, parts.clock())
        with parts.sessions.begin() as session:
            store_inbound(session, parts.vault, new)
        while desk.work_once("worker-1"):
            pass
        if text == FAILS:
            with parts.sessions.begin() as session:
                reply = _reply_to(session, f"m-{number}")
                mark_failed(session, reply, "The platform says that the person can't be written to.", parts.clock())
        desk.deliverer.deliver_due()
    desk.reconciler.settle()


def _overturn(parts: Parts) -> None:
    """A reviewer judges otherwise than Signpost did, and so proposes a correction."""
    with parts.sessions.begin() as session:
        reviewer = session.scalars(select(StaffAccount).filter_by(username=REVIEWER)).one()
        query = select(Escalation).join(InboundMessage, InboundMessage.id == Escalation.inbound_message_id)
        number = next(number for number, one in enumerate(MESSAGES) if one[2] == OVERTURNED)
        record = session.scalars(query.where(InboundMessage.platform_id == f"m-{number}")).one()
        review = Review(NO_ACTION, was_report=NO, was_emergency=NO, reply_right=NO)
        save_review(session, parts.trail, record, review, By(reviewer.id, REVIEWER, record.version, parts.clock()))


def _train(parts: Parts) -> None:
    """A model that ran before, and a training whose model a trainer has still to decide about."""
    add(parts.shelf, NEWER, "command")
    parts.shelf.promote(NEWER)
    several = tuple(changed(number, went) for number in range(20) for went in ("worse", "better", "other"))
    now = parts.clock()
    with parts.sessions.begin() as session:
        trainer = session.scalars(select(StaffAccount).filter_by(username=TRAINER)).one()
        key = jobs.ask(session, jobs.TRAIN, trainer.id, now).key
        jobs.claim(session, key, "worker", now)
        result = comparison(fit=False, several=several)
        jobs.end(session, key, "worker", now, jobs.DONE, result=result, model_key=NEW)
    add(parts.shelf, NEW, key, fit=False)


def _reply_to(session: Session, platform_id: str) -> OutboundMessage:
    query = select(OutboundMessage).join(InboundMessage, InboundMessage.id == OutboundMessage.inbound_message_id)
    return session.scalars(query.where(InboundMessage.platform_id == platform_id)).one()

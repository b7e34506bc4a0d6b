"""Puts a desk together as the settings say."""

from collections.abc import Callable
from functools import lru_cache

import httpx

from signpost.alerts.teller import Teller, names
from signpost.alerts.ways import telling_of
from signpost.bell import bell
from signpost.channels.transport import MESSAGE, PRIVATE_REPLY, PUBLIC_REPLY, Credentials, Transport
from signpost.desk.assistant import LOGGED, Assistant
from signpost.desk.connections import Connections, client_for_platforms
from signpost.desk.delivery import Deliverer
from signpost.desk.ending import Ending, Ways
from signpost.desk.reconcile import Reconciler
from signpost.desk.schedule import Schedule
from signpost.desk.sending import transports
from signpost.desk.subscriptions import Subscriptions
from signpost.desk.triage import Triage
from signpost.desk.turn import Turn
from signpost.desk.watch import Watch
from signpost.desk.worker import Desk
from signpost.desk.workshop import Workshop, has_rasa
from signpost.force.accounts import Account, Accounts, load_accounts
from signpost.force.mandate import Mandate, load_mandate
from signpost.force.translations import load_translations
from signpost.log.audit_anchor import AnchorFile, anchor
from signpost.log.clock import Clock, utc_now
from signpost.log.duties import this_worker
from signpost.log.escalations import EscalationLog
from signpost.log.opening import open_escalation_log
from signpost.log.retention_opening import open_retention
from signpost.log.states import SERVICE_ACCOUNT
from signpost.settings import Settings
from signpost.tokens import credentials_of


def open_desk(
    settings: Settings,
    clock: Clock = utc_now,
    transport_for: Callable[[str, str], Transport] | None = None,
    answer_when: str = LOGGED,
) -> Desk:
    """A desk for settings that hold their secrets; ``answer_when`` as :class:`Assistant` has it. Raises :class:`signpost.mistakes.Mistake` where they won't do."""
    mandate = load_mandate(settings.force_folder)
    accounts = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    escalations = open_escalation_log(settings, clock)
    sessions, reads, vault = escalations.sessions, escalations.reads, escalations.vault
    address = f"http://127.0.0.1:{settings.assistant_port}"
    assistant = Assistant(Connections(), address, settings.assistant_token, answer_when)
    # Once for both: it reads all authorities' certificates.
    context = httpx.create_ssl_context()
    platforms = httpx.Client(verify=context)

    @lru_cache
    def credentials(account: Account) -> Credentials:
        return credentials_of(account, settings)

    return Desk(
        sessions=sessions,
        reads=reads,
        turn=Turn(
            sessions,
            reads,
            vault,
            mandate,
            assistant,
            Ending(mandate, ways_of(mandate, accounts), clock),
            clock,
            load_translations(settings.force_folder, mandate),
        ),
        deliverer=Deliverer(
            sessions,
            reads,
            transport_for or transports(settings, accounts, client_for_platforms(context), credentials, clock),
            clock,
        ),
        reconciler=Reconciler(sessions, reads, escalations),
        clock=clock,
        bell=bell(),
        triage=Triage(sessions, reads, vault, assistant, clock),
        watch=Watch(sessions, accounts, Subscriptions(platforms, settings, credentials), clock),
        teller=_teller(settings, escalations, mandate, accounts),
        schedule=_schedule(settings, escalations),
        # Where the assistant isn't, `signpost jobs work` does them where it is.
        workshop=Workshop(settings, sessions, reads, clock) if has_rasa() else None,
    )


def _teller(settings: Settings, record: EscalationLog, mandate: Mandate, accounts: Accounts) -> Teller:
    return Teller(
        record.sessions,
        record.reads,
        telling_of(settings),
        names({SERVICE_ACCOUNT: "Signpost itself", **{account.id: account.name for account in accounts.all}}),
        names({channel.key: channel.name for channel in mandate.channels.values()}),
        record.clock,
        this_worker(),
    )


def _schedule(settings: Settings, record: EscalationLog) -> Schedule:
    file = AnchorFile(settings.anchor_file, record.trail)
    return Schedule(
        record.sessions,
        record.reads,
        open_retention(settings, record.clock),
        lambda now: anchor(record.reads, file, now),
        record.clock,
        this_worker(),
    )


def ways_of(mandate: Mandate, accounts: Accounts) -> Ways:
    """How a reply travels: a private message as one, a comment as its account is set up."""

    def ways(channel: str, account_id: str) -> tuple[str, ...]:
        if mandate.channel(channel).visibility == "private":
            return (MESSAGE,)
        account = accounts.on_channel(channel, account_id)
        if account is None:
            # The simulator shows what stands under a post; of any other account nothing can be sent anyway.
            return (PUBLIC_REPLY,)
        # X's automation rules allow one reply to one interaction.
        private = account.private_reply and account.platform != "x"
        return (PUBLIC_REPLY,) * account.public_reply + (PRIVATE_REPLY,) * private

    return ways

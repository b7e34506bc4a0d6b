"""Puts a desk together as the settings say."""

from collections.abc import Callable

from signpost.channels.simulated import SimulatedTransport
from signpost.channels.transport import Transport
from signpost.desk.assistant import Assistant, local_client
from signpost.desk.delivery import Deliverer
from signpost.desk.reconcile import Reconciler
from signpost.desk.turn import Turn
from signpost.desk.worker import Desk
from signpost.force.mandate import load_mandate
from signpost.log.clock import Clock, utc_now
from signpost.log.opening import open_escalation_log
from signpost.settings import Settings


def open_desk(
    settings: Settings,
    clock: Clock = utc_now,
    transport_for: Callable[[str, str], Transport] | None = None,
) -> Desk:
    """A desk for settings that hold their secrets. Raises :class:`signpost.mistakes.Mistake` where they won't do."""
    mandate = load_mandate(settings.force_folder)
    escalations = open_escalation_log(settings, clock)
    sessions, reads, vault = escalations.sessions, escalations.reads, escalations.vault
    simulated = SimulatedTransport()
    assistant = Assistant(local_client(), f"http://127.0.0.1:{settings.assistant_port}", settings.assistant_token)
    return Desk(
        sessions=sessions,
        reads=reads,
        turn=Turn(sessions, reads, vault, mandate, assistant, clock),
        deliverer=Deliverer(sessions, reads, transport_for or (lambda _channel, _account: simulated), clock),
        reconciler=Reconciler(sessions, reads, escalations),
        clock=clock,
    )

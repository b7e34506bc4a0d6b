"""The simulator's transport: the page reads replies from the record, so handing one over is all there is to do."""

from signpost.channels.transport import Delivery

ACCOUNT = "simulator"


class SimulatedTransport:
    """Takes every reply."""

    def send(self, delivery: Delivery) -> str:
        """An id of its own making."""
        return f"simulated-{delivery.key}"

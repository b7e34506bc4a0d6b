"""The simulator's transport: the page reads replies from the record, so handing one over is all there is to do."""

from signpost.channels.transport import Delivery, Taken

ACCOUNT = "simulator"


class SimulatedTransport:
    """Takes every reply."""

    def send(self, delivery: Delivery) -> Taken:
        """Taken, under an id of its own making."""
        return Taken(f"simulated-{delivery.key}")

"""What tests over several turns share: how replies are named."""

from signpost.log.models import InboundMessage


def kinds(message: InboundMessage) -> list[str]:
    """The kinds of the replies that a message got, in order."""
    return [reply.kind for reply in message.replies]

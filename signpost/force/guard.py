"""The last check before a reply is sent: what fails it is replaced by the canonical text."""

from dataclasses import dataclass

from signpost.force.length import measure
from signpost.force.mandate import (
    ANSWER,
    EMERGENCY_GUIDANCE,
    EMERGENCY_KINDS,
    GUIDANCE,
    Channel,
    Mandate,
)


@dataclass(frozen=True)
class Reply:
    """A reply as it may be sent. ``faults`` says why it isn't what the assistant said; empty when it is."""

    text: str
    kind: str
    response: str
    faults: tuple[str, ...] = ()


def guarded(mandate: Mandate, channel: Channel, label: str, said: list[tuple[str, str]]) -> list[Reply]:
    """The replies to one message that may be sent, from what the assistant said as (response, text).

    - a report is always answered with guidance or a reminder, an emergency with one that begins with 999
    - a reply that fails its check is replaced by the canonical guidance
    - an answer that fails its check is replaced too: guidance is never wrong to give, a wrong number is
    """
    replies = _merged([_checked(mandate, channel, label, response, text) for response, text in said])
    if label in {"emergency", "crime_report"} and not any(_answers(reply, label) for reply in replies):
        kind = EMERGENCY_GUIDANCE if label == "emergency" else GUIDANCE
        fault = "the assistant gave no guidance for a report" if replies else "the assistant said nothing to a report"
        return [Reply(mandate.canonical_text(kind, channel), kind, "canonical", (fault,))]
    return replies


def _merged(replies: list[Reply]) -> list[Reply]:
    """Two replies replaced by the same words are one."""
    kept: list[Reply] = []
    for reply in replies:
        twin = next((one for one in kept if one.faults and reply.faults and one.text == reply.text), None)
        if twin is None:
            kept.append(reply)
    return kept


def _answers(reply: Reply, label: str) -> bool:
    return reply.kind in EMERGENCY_KINDS if label == "emergency" else reply.kind != ANSWER


def _checked(mandate: Mandate, channel: Channel, label: str, response: str, text: str) -> Reply:
    kind = mandate.kind_of(response)
    faults = mandate.faults(text, kind, channel)
    if not faults:
        return Reply(mandate.with_routes(response, text, channel), kind, response)
    instead = EMERGENCY_GUIDANCE if label == "emergency" or kind in EMERGENCY_KINDS else GUIDANCE
    return Reply(mandate.canonical_text(instead, channel), instead, response, tuple(faults))


def with_reference(channel: Channel, text: str, reference: str | None) -> str:
    """The text with the escalation's reference, on channels that refuse identical texts (X), where it fits."""
    if not (channel.reference and reference):
        return text
    longer = f"{text} Ref {reference}"
    return longer if measure(longer, channel.unit) <= channel.limit else text

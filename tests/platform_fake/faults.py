"""Faults of the platforms' interfaces, set and cleared at will."""

import random
import threading
from dataclasses import asdict, dataclass
from typing import Any

from . import graph_errors, x_errors
from .answer import Answer
from .options import BadOption

META_CODES: dict[str, tuple[int, int | None]] = {
    "throttled": (4, None),
    "calls_exceeded": (613, None),
    "unknown_error": (1, None),
    "unavailable": (2, None),
    "token_expired": (190, 463),
    "restricted": (10, 1893063),
    "blocked": (368, None),
    "person_unavailable": (551, None),
    "no_permission": (230, None),
}
NAMES = (*META_CODES, "too_many_requests", "graph_error", "server_error", "html", "half_body", "slow")
_HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Fault:
    """One fault of a platform (``facebook``, ``instagram``, ``x``), or of one account of it, or towards one person.

    It strikes what is sent; an expired token strikes every call.

    ``times``: how often it still happens; none: until it is cleared. ``probability``: how likely at each call.
    ``taken``: the platform does what it was asked first, and only its answer is lost in the fault.
    ``seconds``: of ``slow``, and of the rest that ``too_many_requests`` asks for. ``legacy``: X's older body of a 429.
    """

    name: str
    platform: str
    account: str = ""
    person: str = ""
    times: int | None = None
    probability: float = 1.0
    taken: bool = False
    seconds: float = 30.0
    legacy: bool = False
    status: int = 500
    code: int = 100
    subcode: int | None = None


class Faults:
    """The faults in force."""

    def __init__(self, chance: random.Random) -> None:
        self._lock = threading.Lock()
        self._chance = chance
        self._all: list[Fault] = []

    def set(self, **fields: Any) -> Fault:
        """Sets a fault in the place of one of the same name and scope. Raises :class:`BadOption`."""
        try:
            fault = Fault(**fields)
        except TypeError:
            known = ", ".join(Fault.__dataclass_fields__)
            raise BadOption(f"A fault has a name and a platform, and may have {known}.") from None
        if fault.name not in NAMES or fault.platform not in ("facebook", "instagram", "x"):
            raise BadOption(f"A fault is one of {', '.join(NAMES)}, on facebook, instagram or x.")
        self.clear(fault.platform, fault.name, fault.account, fault.person)
        with self._lock:
            self._all.append(fault)
        return fault

    def clear(self, platform: str = "", name: str = "", account: str = "", person: str = "") -> None:
        """Clears the faults that fit all that is given; all of them, if nothing is."""
        asked = {"platform": platform, "name": name, "account": account, "person": person}
        with self._lock:
            self._all = [
                fault
                for fault in self._all
                if any(value and getattr(fault, field) != value for field, value in asked.items())
            ]

    def strike(self, platform: str, account: str, person: str, *, sends: bool) -> Fault | None:
        """The fault that this call meets, if any. ``sends``: the call sends something, and doesn't only ask."""
        with self._lock:
            for fault in self._all:
                if (
                    fault.platform == platform
                    and (sends or fault.name == "token_expired")
                    and fault.account in ("", account)
                    and fault.person in ("", person)
                    and self._chance.random() < fault.probability
                ):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times <= 0:
                            self._all.remove(fault)
                    return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._all]


def answer_for(fault: Fault, proper: Answer | None, now: float) -> Answer:
    """What the platform answers under this fault; ``proper``: what it would have answered, where it did its work.

    ``now``: seconds since 1970, from which X counts until when to rest.
    """
    if fault.name == "html":
        return Answer(502, _HTML, content_type="text/html")
    if fault.name == "half_body":
        return Answer(200, proper.body if proper else {"recipient_id": "0", "message_id": "m_0"}, cut=True)
    return _x_answer(fault, now) if fault.platform == "x" else _meta_answer(fault)


def _meta_answer(fault: Fault) -> Answer:
    if fault.name in META_CODES:
        return graph_errors.refusal(*META_CODES[fault.name]).answer
    if fault.name == "graph_error":
        return graph_errors.refusal(fault.code, fault.subcode).answer
    if fault.name == "too_many_requests":
        return graph_errors.refusal(4, status=429).answer
    return graph_errors.refusal(2, status=fault.status).answer


def _x_answer(fault: Fault, now: float) -> Answer:
    if fault.name in ("too_many_requests", "throttled", "calls_exceeded"):
        headers = {
            "x-rate-limit-limit": "15",
            "x-rate-limit-remaining": "0",
            "x-rate-limit-reset": str(int(now + fault.seconds)),
        }
        return x_errors.too_many(headers, legacy=fault.legacy).answer
    if fault.name == "token_expired":
        return x_errors.unauthorized().answer
    if fault.name in ("restricted", "blocked", "no_permission"):
        return x_errors.forbidden(x_errors.SUSPENDED).answer
    if fault.name == "person_unavailable":
        return x_errors.forbidden(x_errors.NO_MESSAGES).answer
    status = 503 if fault.name == "unavailable" else fault.status
    title = "Service Unavailable" if status == 503 else "Internal Server Error"
    return x_errors.plain(status, title, title).answer

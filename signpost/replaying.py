"""Signs raw payloads and posts them to a running intake, byte for byte as they lie there: `signpost replay`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from signpost.channels.text import storable
from signpost.jobs import progress_bar, stderr_console
from signpost.mistakes import Mistake
from signpost.replay_address import Address

SECONDS = 20.0
"""For one delivery: as long as Meta waits, by the Messenger FAQ."""
LONGEST_SENTENCE = 200


@dataclass(frozen=True)
class Payload:
    """One body, or why it can't be read; ``place`` tells a person where it stands."""

    place: str
    body: bytes = b""
    fault: str = ""


@dataclass
class Summary:
    """What came of it: bodies sent, answers 200, answers 4xx, messages stored, and everything that went wrong."""

    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    stored: int = 0
    errors: int = 0


def replay(
    address: Address, files: Sequence[Path], client: httpx.Client, tell: Callable[[str], None], *, repeat: int = 1
) -> Summary:
    """Posts every body of ``files``, each ``repeat`` times; ``tell`` takes a line for each that isn't acknowledged.

    A file is one body, a folder is every ``*.json`` in it and below, a ``.jsonl`` is a body a line. Raises
    :class:`Mistake` (exit status 2) when there is nothing at all to send.
    """
    found = [file for given in files for file in _files(given)]
    total = sum(_count(file) for file in found) * repeat
    if not total:
        raise Mistake(f"There is nothing to send in {', '.join(map(str, files))}.", exit_status=2)
    summary = Summary()
    with progress_bar(stderr_console()) as progress:
        task = progress.add_task("Sending", total=total)
        for file in found:
            for payload in _payloads(file):
                for sentence in _send_all(address, payload, client, summary, repeat):
                    tell(f"{payload.place}: {sentence}")
                progress.advance(task, repeat)
    return summary


def _files(given: Path) -> list[Path]:
    return sorted(file for file in given.rglob("*.json") if file.is_file()) if given.is_dir() else [given]


def _count(file: Path) -> int:
    """How many bodies a file holds; one that can't be read counts as one, so that it is told of."""
    return sum(1 for _payload in _payloads(file)) if file.suffix == ".jsonl" else 1


def _payloads(file: Path) -> Iterator[Payload]:
    try:
        yield from _lines(file) if file.suffix == ".jsonl" else [Payload(str(file), file.read_bytes())]
    except OSError as fault:
        yield Payload(str(file), fault=f"it can't be read: {fault.strerror}")


def _lines(file: Path) -> Iterator[Payload]:
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield Payload(f"{file}, line {number}", line.rstrip(b"\r\n"))


def _send_all(address: Address, payload: Payload, client: httpx.Client, summary: Summary, repeat: int) -> Iterable[str]:
    """Sends one body as often as asked; each different sentence there is to say of it, once."""
    if payload.fault:
        summary.errors += 1
        return [payload.fault]
    said = [_send(address, payload.body, client, summary) for _time in range(repeat)]
    return filter(None, dict.fromkeys(said))


def _send(address: Address, body: bytes, client: httpx.Client, summary: Summary) -> str:
    """Sends one body once and counts what came of it; a sentence unless it was acknowledged."""
    headers = {"Content-Type": "application/json", address.header: address.sign(body)}
    summary.sent += 1
    try:
        response = client.post(address.url, content=body, headers=headers)
    except (httpx.HTTPError, UnicodeError) as fault:
        # UnicodeError: a host's name that can't be looked up.
        summary.errors += 1
        return f"no answer from {address.url} ({type(fault).__name__})"
    answer = _answer(response)
    if response.is_client_error:
        summary.refused += 1
    elif response.status_code == httpx.codes.OK and isinstance(answer.get("stored"), int):
        summary.acknowledged += 1
        summary.stored += answer["stored"]
        return ""
    else:
        summary.errors += 1
    error = answer.get("error")
    sentence = " ".join(storable(error).split()) if isinstance(error, str) else "the answer isn't one of the intake's"
    return f"{response.status_code}: {sentence[:LONGEST_SENTENCE]}"


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}

"""A chat in the terminal that shows what the assistant understands: `signpost shell`. Nothing of it is kept."""

import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from signpost.conversations.holding import Heard, Talk
from signpost.conversations.judging import Judge
from signpost.conversations.rules import rule_that_answered
from signpost.conversations.running import judge_of
from signpost.conversing import product
from signpost.desk.opening import open_desk
from signpost.desk.worker import Desk
from signpost.force.channels import channel_named
from signpost.force.mandate import Channel
from signpost.mistakes import Mistake
from signpost.settings import Settings
from signpost.training import need_model

PROMPT = "> "
INTENTS_SHOWN = 3
MOST_HOURS = 24 * 366
HELP = """\
Write as a member of the public would. Several texts at once: put " | " between them.
  /channel         which channels there are
  /channel NAME    go on as a new person on another channel
  /new             go on as a new person
  /later 2h        let time pass: 30m, 2h, 1d
  /image           send a picture without words
  /staff           a member of staff writes in the conversation
  /help            these words
  /quit            end"""
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([mhd])")
_HOURS = {"m": 1 / 60, "h": 1.0, "d": 24.0}
Say = Callable[[str], None]


def chat(settings: Settings, channel: str, out: Console) -> None:
    """Chats until ``/quit`` or the end of the input. Ctrl+C ends it too.

    Raises :class:`Mistake` when the channel doesn't exist, or the product doesn't start.
    """
    judge = judge_of(settings)
    chosen = channel_named(judge.mandate, channel)
    warning = need_model(settings)

    def say(line: str) -> None:
        out.print(line, markup=False)

    try:
        with tempfile.TemporaryDirectory(prefix="signpost-shell-") as folder, product(settings, Path(folder)) as ready:
            say(f"You write as a member of the public, on {chosen.name}. Nothing is sent anywhere or kept.")
            say("/help says what else you can do, /quit ends it." + (f" Note: {warning}" if warning else ""))
            Shell(open_desk(ready), judge, chosen, say).read(_lines())
    except KeyboardInterrupt:
        say("")
    say("Ended. Nothing was kept.")


def _lines() -> Iterator[str]:
    """Lines as they are typed, or as they come from a file or another program."""
    if sys.stdin.isatty():
        # Gives the arrow keys their meaning.
        import readline  # noqa: F401

        while True:
            try:
                yield input(PROMPT)
            except EOFError:
                print()  # noqa: T201  # the cursor stands behind the prompt
                return
    else:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        for line in sys.stdin:
            # Shown, so that what comes out can be read without what went in.
            print(f"{PROMPT}{line.rstrip()}", flush=True)  # noqa: T201  # what is typed is shown as it is
            yield line


@dataclass
class Shell:
    """One chat. ``say`` shows a line."""

    desk: Desk
    judge: Judge
    channel: Channel
    say: Say
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        self.talk = Talk(self.desk, self.channel)

    def read(self, lines: Iterable[str]) -> None:
        """Takes each line until one says to quit."""
        for line in lines:
            text = line.strip()
            if text in ("/quit", "/exit"):
                return
            try:
                self._take(text)
            except Mistake as mistake:
                self.say(mistake.sentence)

    def _take(self, text: str) -> None:
        name, _, rest = text.partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "/channel": self._change,
            "/new": self._anew,
            "/later": self._later,
            "/image": self._image,
            "/staff": self._staff,
            "/help": lambda _rest: self.say(HELP),
        }
        if name in commands:
            commands[name](rest.strip())
        elif text:
            self.talk.later(0)
            self._show(self.talk.say([one.strip() for one in text.split(" | ") if one.strip()]))

    def _change(self, name: str) -> None:
        if not name:
            for key, one in self.judge.mandate.channels.items():
                self.say(f"  {key:<18} {one.name}, {one.visibility}{'  (you are here)' if one == self.channel else ''}")
            return
        self.channel = channel_named(self.judge.mandate, name)
        self._anew("")

    def _anew(self, _rest: str) -> None:
        self.talk = Talk(self.desk, self.channel)
        self.say(f"You are a new person, on {self.channel.name}.")

    def _later(self, time: str) -> None:
        found = _TIME.fullmatch(time)
        hours = float(found.group(1)) * _HOURS[found.group(2)] if found else MOST_HOURS + 1
        if not 0 < hours <= MOST_HOURS:
            raise Mistake("Say how much later, up to a year: /later 30m, /later 2h or /later 1d.")
        self.talk.later(hours)
        self.say(f"{time} later.")

    def _image(self, _rest: str) -> None:
        self.talk.later(0)
        self._show(self.talk.attach())

    def _staff(self, _rest: str) -> None:
        self.talk.staff_replied()
        self.say(
            "A member of staff has written, and has this conversation for 12 hours. Emergencies are answered all the same."
        )

    def _show(self, heard: Heard) -> None:
        for line in understanding(heard, self.judge):
            self.say(f"    {line}")
        for reply in heard.replies:
            self.say("")
            for line in reply.text.splitlines():
                self.say(f"  {line}".rstrip())
        if not heard.replies:
            self.say("")
            self.say("  (no reply)")
        self.say("")


def understanding(heard: Heard, judge: Judge) -> Iterator[str]:
    """What was understood of a turn and what was done, a line each."""
    answer = heard.answer
    if answer is None:
        yield "label     none: the assistant was not asked"
    else:
        scores = ", ".join(f"{name} {score:.2f}" for name, score in answer.scores.items())
        yield f"label     {answer.label}{' (unsure)' if answer.unsure else ''}   {scores}"
        others = [f"{one['name']} {one['confidence']:.2f}" for one in answer.ranking[:INTENTS_SHOWN]]
        yield f"intent    {answer.intent}   likeliest: {', '.join(others)}"
        words = [f"{one['word']} ({one['speaks']})" for one in answer.reasons if "word" in one]
        yield f"reasons   {', '.join(words) or 'none'}"
        yield f"kind      {answer.kind or 'none'}"
        said = [reply.response for reply in answer.replies]
        rule = rule_that_answered(judge.rules, answer.intent, answer.slots, said)
        yield f"rule      {f'{rule.title} ({rule.file})' if rule else 'none: the fallback answered'}"
    yield f"record    {_record(heard)}"
    if heard.end:
        yield f"end       {heard.end}"
    for reply in heard.replies:
        faults = f"; its words were replaced: {'; '.join(reply.faults)}" if reply.faults and answer else ""
        yield f"reply     {reply.response}{faults}"


def _record(heard: Heard) -> str:
    if heard.escalation:
        return f"a report, {heard.escalation}"
    return f"for another cause: {heard.cause}" if heard.cause else "nothing"

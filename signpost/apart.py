"""Has work done by a process of its own, which takes with it all that it had to load: :class:`Apart`."""

import contextlib
import os
import pickle
import signal
import socket
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn, ParamSpec, TypeVar, cast

from signpost.mistakes import Mistake

P = ParamSpec("P")
R = TypeVar("R")


class Apart:
    """A copy of this process that does what it is asked until it is closed (``contextlib.closing``). Make it before there are any threads.

    Functions, what they are given and what they give back are pickled, and go from one to the other through a socket.
    """

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._child = os.fork()
        if self._child == 0:
            ours.close()
            _work(cast("BinaryIO", theirs.makefile("rwb")))
        theirs.close()
        self._line = ours.makefile("rwb")
        ours.close()

    def ask(self, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """What the function gives. Raises the :class:`Mistake` that it raises; one, too, where it failed otherwise."""
        try:
            pickle.dump((function, arguments, named), self._line)
            self._line.flush()
            mistake, given = pickle.load(self._line)  # noqa: S301  # from a copy of ourselves
        except (EOFError, OSError):
            raise Mistake("The start failed; what is said above tells where.") from None
        if mistake is not None:
            raise mistake
        return given  # type: ignore[no-any-return]  # it is what the function gave

    def last(self, function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """As :meth:`ask`; the process ends with it."""
        try:
            return self.ask(function, *arguments, **named)
        finally:
            self.close()

    def close(self) -> None:
        """Ends the process, and waits until it has."""
        if self._line.closed:
            return
        with contextlib.suppress(OSError):
            self._line.close()
        os.waitpid(self._child, 0)


def _work(line: BinaryIO) -> NoReturn:
    """The other process: it answers until nobody is there to ask."""
    # Ctrl+C reaches everybody in the terminal; who asks decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = 0
    try:
        while True:
            function, arguments, named = pickle.load(line)  # noqa: S301  # from the process this is a copy of
            try:
                answer: tuple[Mistake | None, Any] = None, function(*arguments, **named)
            except Mistake as mistake:
                answer = mistake, None
            pickle.dump(answer, line)
            line.flush()
    except (EOFError, OSError):
        pass
    except BaseException:  # noqa: BLE001  # nothing may get out: the caller's code would run twice
        traceback.print_exc()
        status = 1
    finally:
        os._exit(status)

"""Wakes the desk the moment a message is stored: a pipe that `signpost up` holds for the processes it starts.

Nothing depends on it. A ring that is lost, or processes that were started one by one, cost the time until the desk looks by itself.
"""

import os
import select
import time
from contextlib import suppress

VARIABLE = "SIGNPOST_BELL"
"""Tells a process its two file descriptors: where the bell is heard, and where it is rung."""
ALL_RINGS = 65_536


class Bell:
    """Both ends of the pipe. Any number may ring, and each ring is heard once."""

    def __init__(self, heard: int, rung: int) -> None:
        self.ends = heard, rung

    @classmethod
    def hung(cls) -> "Bell":
        """A new one."""
        ends = os.pipe()
        for end in ends:
            os.set_blocking(end, False)
        return cls(*ends)

    def ring(self, times: int = 1) -> None:
        """Calls so many of those who listen, or are going to. Costs a few microseconds."""
        with suppress(OSError):  # It is full of rings that nobody has heard yet.
            os.write(self.ends[1], bytes(times))

    def wait(self, seconds: float) -> bool:
        """Returns at the next ring, or at one that nobody has heard yet, and after so many seconds at the latest; whether it rang."""
        if not select.select([self.ends[0]], [], [], seconds)[0]:
            return False
        return self._hear(1)

    def hush(self) -> None:
        """Forgets the rings that nobody has heard."""
        self._hear(ALL_RINGS)

    def _hear(self, rings: int) -> bool:
        with suppress(OSError):
            return bool(os.read(self.ends[0], rings))
        return False

    def close(self) -> None:
        """Takes it down."""
        for end in self.ends:
            os.close(end)


class Silence:
    """Where there is no bell: nobody is called, and who waits just waits."""

    def ring(self, times: int = 1) -> None:
        """Nothing."""

    def wait(self, seconds: float) -> bool:
        """False, after so many seconds."""
        time.sleep(seconds)
        return False

    def hush(self) -> None:
        """Nothing."""


SILENCE = Silence()


def bell() -> Bell | Silence:
    """The bell this process was started with, or silence."""
    told = os.environ.get(VARIABLE)
    return Bell(*map(int, told.split(","))) if told else SILENCE

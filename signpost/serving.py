"""Serves a web application with gunicorn's threads: ``python -m signpost.serving APPLICATION ADDRESS``.

gunicorn's worker without the master that would look after it: `signpost up` looks after every process, and holds their
sockets, so that who writes while one is started again waits for it and isn't turned away. A master in each would take
another 24 MB.
"""

import importlib
import os
import socket
import sys
from typing import Any

from signpost.lean import without_terminal
from signpost.mistakes import Mistake

THREADS = 8
BACKLOG = 2048
"""How many connections the system keeps until they are taken up."""
LISTENER = "SIGNPOST_LISTENER"
"""The variable that tells which file descriptor the socket is at, where `signpost up` gives one."""


def main() -> int:
    """Runs until it is told to stop: SIGTERM lets who is being answered have the answer."""
    name, address = sys.argv[1:]
    host, port = address.rsplit(":", 1)
    given = os.environ.pop(LISTENER, None)
    try:
        serve(name, listen(host, int(port)) if given is None else socket.socket(fileno=int(given)))
    except (Mistake, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises OSError, for one where something else does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    # Connections have it from here: an answer in two parts mustn't wait for the first one's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def load(name: str) -> Any:
    """What the module's ``application()`` gives."""
    with without_terminal():
        return importlib.import_module(name).application()


def serve(name: str, listener: socket.socket) -> None:
    """Runs the module's application until the process is told to stop."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger
    from gunicorn.workers.gthread import ThreadWorker

    class Application(BaseApplication):  # type: ignore[misc]  # it ships no types
        """What gunicorn asks for its settings and for the application."""

        def load_config(self) -> None:
            for setting, value in (("threads", THREADS), ("worker_class", "gthread"), ("loglevel", "warning")):
                self.cfg.set(setting, value)

        def load(self) -> Any:
            return load(name)

    application = Application()
    ThreadWorker(
        age=1,
        ppid=os.getppid(),
        sockets=[listener],
        app=application,
        timeout=application.cfg.timeout / 2,
        cfg=application.cfg,
        log=Logger(application.cfg),
    ).init_process()


if __name__ == "__main__":
    sys.exit(main())

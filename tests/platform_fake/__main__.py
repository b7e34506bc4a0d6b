"""``python -m tests.platform_fake --port N --intake URL --data DIR``: serves the small platforms until it is stopped."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from .app import serve
from .platforms import Platforms


def main() -> int:
    """Exit status 0 once it was told to stop."""
    arguments = _arguments()
    platforms = Platforms(arguments.intake, arguments.data, factor=arguments.factor)
    platforms.set_limits(strangers=arguments.strangers)
    server = serve(platforms, arguments.intake, arguments.port)
    told = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    platforms.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The rehearsal's platforms are at http://127.0.0.1:{server.server_port}/", flush=True)  # noqa: T201
    told.wait()
    server.shutdown()
    platforms.stop()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.platform_fake", description="The platforms in small, for rehearsals.")
    parser.add_argument("--port", type=int, default=8084, help="where they listen, on loopback")
    parser.add_argument("--intake", default="http://127.0.0.1:8081", help="where Signpost takes webhooks")
    parser.add_argument("--data", type=Path, help="folder for the journal, platforms.jsonl")
    parser.add_argument("--factor", type=float, default=1.0, help="how many times as fast they wait before a retry")
    parser.add_argument(
        "--strangers", action="store_true", help="takes sends to people and from accounts unknown to them"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""Each process carries what it works with and nothing else: memory decides on which machine a force can run this."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from signpost.log.database import migrate, open_engine
from signpost.processes import environment
from signpost.secrets import with_secrets
from signpost.settings import Settings

PROJECT = Path(__file__).parents[2]
NOBODYS = {"alembic", "authlib", "joserfc", "mako", "pygments", "rich", "twitter_text", "wcwidth"}
"""What commands and a few installations need, and no process of an installation as it comes."""
RASAS = {"matplotlib", "numpy", "onnxruntime", "pandas", "presidio_analyzer", "rasa", "scipy", "sklearn", "spacy"}
OTHERS = {
    "alembic",
    "asyncio",
    "cryptography",
    "email",
    "flask",
    "http",
    "httpx",
    "sqlalchemy",
    "ssl",
    "structlog",
    "yaml",
}
DESK = """
from signpost.lean import without_terminal
with without_terminal():
    import signpost.desk.worker
    from signpost.desk.opening import open_desk
from signpost.secrets import with_secrets
from signpost.settings import Settings
open_desk(with_secrets(Settings.from_environment(), may_make=False))
"""
SERVED = """
import signpost.serving
signpost.serving.load("signpost.{}.app")
"""
PROCESSES = {
    "signpost up": (
        "import signpost.cli, signpost.apart, signpost.rehearsal, signpost.up",
        NOBODYS | RASAS | OTHERS,
    ),
    "desk": (DESK, NOBODYS | RASAS | {"flask", "gunicorn", "werkzeug"}),
    "intake": (SERVED.format("intake"), NOBODYS | RASAS | {"httpx"}),
    "console": (SERVED.format("console"), NOBODYS | RASAS),
}
"""What each process loads, and what it must not."""


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of the processes of an installation that is ready to start."""
    folder = tmp_path_factory.mktemp("installation")
    settings = replace(Settings.from_environment({}), data_folder=folder, force_folder=PROJECT / "force")
    complete = with_secrets(settings, may_make=True)
    engine = open_engine(complete.record_url)
    migrate(engine)
    engine.dispose()
    return {**environment(complete), "SIGNPOST_FORCE": str(PROJECT / "force")}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_loads_nothing_that_it_does_not_use(given, name):
    code, unwanted = PROCESSES[name]
    tell = "\nimport json, sys\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code + tell],
        env={**os.environ, **given},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(unwanted & set(json.loads(done.stdout.splitlines()[-1]))) == []


def test_what_is_hidden_while_a_process_is_loaded_is_there_afterwards():
    code = (
        "import sys\nfrom signpost.lean import without_terminal\n"
        "with without_terminal():\n    import structlog, httpx\n"
        "assert 'rich' not in sys.modules\n"
        "import rich.console\n"
        "with without_terminal():\n    import rich.table\n"
        "structlog.get_logger().info('it works without', error=1)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "it works without" in done.stdout

"""Settings come from the environment, are checked once, and are told in sentences when they won't do."""

from dataclasses import fields
from pathlib import Path

import pytest

from signpost.mistakes import Mistake
from signpost.settings import Settings, documented


def test_with_nothing_set_everything_has_its_default():
    settings = Settings.from_environment({})
    assert (settings.data_folder, settings.models_folder, settings.force_folder) == (
        Path("var"),
        Path("models"),
        Path("force"),
    )
    assert (settings.port_base, settings.desk_workers, settings.log_level) == (8080, 4, "info")
    assert (settings.encryption_key, settings.assistant_token, settings.session_secret) == ("", "", "")


def test_a_variable_that_is_empty_counts_as_not_set():
    everything_empty = {field.metadata["variable"]: "" for field in fields(Settings)}
    assert Settings.from_environment(everything_empty) == Settings.from_environment({})


GIVEN = {
    "SIGNPOST_PORT_BASE": "9080",
    "SIGNPOST_DESK_WORKERS": "8",
    "SIGNPOST_DESK_CARRIERS": "3",
    "SIGNPOST_PROXIES": "1",
    "SIGNPOST_REHEARSAL": "1",
    "SIGNPOST_GRAPH_VERSION": "v26.0",
    "SIGNPOST_GRAPH_URL": "https://graph.example",
    "SIGNPOST_INSTAGRAM_URL": "https://instagram.example",
    "SIGNPOST_X_URL": "https://x.example",
    "SIGNPOST_SESSION_IDLE_MINUTES": "45",
    "SIGNPOST_SESSION_HOURS": "12",
    "SIGNPOST_LOCAL_SIGN_IN": "0",
    "SIGNPOST_OIDC_ISSUER": "https://login.example",
    "SIGNPOST_ALERT_WEBHOOK_SHAPE": "slack",
    "SIGNPOST_ALERT_REPEAT_MINUTES": "30",
    "SIGNPOST_KEEP_ORIGINAL_DAYS": "14",
    "SIGNPOST_KEEP_MESSAGE_DAYS": "60",
    "SIGNPOST_KEEP_RECORD_MONTHS": "12",
    "SIGNPOST_KEEP_ALERT_DAYS": "90",
    "SIGNPOST_KEEP_SESSION_DAYS": "7",
    "SIGNPOST_KEEP_AUDIT_YEARS": "7",
    "SIGNPOST_CONSOLE_HOSTS": "signpost.example.police.uk, console.example",
    "SIGNPOST_CONSOLE_PROXIES": "1",
    "SIGNPOST_OFFICE_HOURS": "Mon-Sat 07:30-19:00",
    "SIGNPOST_LOG_LEVEL": "debug",
}
"""Variables that take no text of any kind."""


def test_every_variable_that_is_set_is_used():
    given = {one.metadata["variable"]: f"value of {one.name}" for one in fields(Settings)} | GIVEN
    settings = Settings.from_environment(given)
    assert {one.metadata["variable"]: str(getattr(settings, one.name)) for one in fields(Settings)} == given


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SIGNPOST_GRAPH_URL", "http://graph.facebook.com"),
        ("SIGNPOST_X_URL", "http://127.0.0.1:8084/x"),
        ("SIGNPOST_GRAPH_VERSION", "25"),
        ("SIGNPOST_PROXIES", "-1"),
        ("SIGNPOST_REHEARSAL", "2"),
        ("SIGNPOST_DESK_CARRIERS", "0"),
        ("SIGNPOST_SESSION_IDLE_MINUTES", "0"),
        ("SIGNPOST_SESSION_HOURS", "25"),
        ("SIGNPOST_LOCAL_SIGN_IN", "2"),
        ("SIGNPOST_LOCAL_SIGN_IN", "0"),
        ("SIGNPOST_OIDC_ISSUER", "http://login.example"),
        ("SIGNPOST_OIDC_ISSUER", "https://login.example"),
        ("SIGNPOST_CONSOLE_PROXIES", "6"),
    ],
)
def test_a_value_that_would_do_harm_is_refused_with_its_name(variable, value):
    with pytest.raises(Mistake, match=variable):
        Settings.from_environment({variable: value})


def test_only_a_rehearsal_talks_to_platforms_of_this_machine():
    given = {"SIGNPOST_REHEARSAL": "1", "SIGNPOST_X_URL": "http://127.0.0.1:8084/x"}
    assert Settings.from_environment(given).x_url == "http://127.0.0.1:8084/x"


def test_the_environment_of_the_process_is_read_when_no_other_is_given(monkeypatch):
    monkeypatch.setenv("SIGNPOST_DESK_WORKERS", "7")
    assert Settings.from_environment().desk_workers == 7


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("SIGNPOST_PORT_BASE", "eighty", "SIGNPOST_PORT_BASE is 'eighty'; it must be a whole number."),
        ("SIGNPOST_PORT_BASE", "80.5", "SIGNPOST_PORT_BASE is '80.5'; it must be a whole number."),
        ("SIGNPOST_PORT_BASE", " ", "SIGNPOST_PORT_BASE is ' '; it must be a whole number."),
        ("SIGNPOST_PORT_BASE", "0", "SIGNPOST_PORT_BASE is 0; it must lie between 1 and 65500."),
        ("SIGNPOST_PORT_BASE", "-1", "SIGNPOST_PORT_BASE is -1; it must lie between 1 and 65500."),
        ("SIGNPOST_PORT_BASE", "65501", "SIGNPOST_PORT_BASE is 65501; it must lie between 1 and 65500."),
        ("SIGNPOST_DESK_WORKERS", "0", "SIGNPOST_DESK_WORKERS is 0; it must lie between 1 and 64."),
        ("SIGNPOST_DESK_WORKERS", "65", "SIGNPOST_DESK_WORKERS is 65; it must lie between 1 and 64."),
        ("SIGNPOST_DESK_WORKERS", "many", "SIGNPOST_DESK_WORKERS is 'many'; it must be a whole number."),
        (
            "SIGNPOST_LOG_LEVEL",
            "loud",
            "SIGNPOST_LOG_LEVEL is 'loud'; it must be debug, info, warning or error.",
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_told_with_its_variable_and_what_would_do(variable, value, sentence):
    with pytest.raises(Mistake) as refusal:
        Settings.from_environment({variable: value})
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize("base", ["1", "65500"])
def test_the_outermost_port_bases_leave_every_port_a_port(base):
    settings = Settings.from_environment({"SIGNPOST_PORT_BASE": base})
    ports = [settings.console_port, settings.assistant_port, settings.actions_port]
    assert all(0 < port < 65_536 for port in ports)
    assert len(set(ports)) == 3


def test_the_ports_lie_beside_each_other():
    settings = Settings.from_environment({"SIGNPOST_PORT_BASE": "9080"})
    assert (settings.console_port, settings.assistant_port, settings.actions_port) == (9080, 9082, 9083)


def test_the_databases_are_files_in_the_data_folder_wherever_a_process_is_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"SIGNPOST_DATA": "data"})
    assert settings.record_url == f"sqlite:///{tmp_path}/data/signpost.db"
    assert settings.conversations_url == f"sqlite:///{tmp_path}/data/conversations.db"
    assert settings.secrets_file == Path("data/secrets.env")
    assert settings.model_file == Path("models/signpost.tar.gz")


def test_a_database_of_ones_own_is_used_as_given():
    settings = Settings.from_environment(
        {"SIGNPOST_DATABASE_URL": "postgresql://db/one", "SIGNPOST_TRACKER_URL": "postgresql://db/two"}
    )
    assert (settings.record_url, settings.conversations_url) == ("postgresql://db/one", "postgresql://db/two")


def test_every_setting_is_documented_in_a_sentence():
    rows = documented()
    assert [variable for variable, _default, _about in rows] == [f.metadata["variable"] for f in fields(Settings)]
    assert all(variable.startswith("SIGNPOST_") for variable, _default, _about in rows)
    assert len({variable for variable, _default, _about in rows}) == len(rows)
    assert all(about.endswith(".") for _variable, _default, about in rows)


def test_the_table_in_the_guide_is_that_of_the_code():
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `SIGNPOST_") and "<KEY>" not in line]
    assert rows == [
        f"| `{name}` | {f'`{default}`' if default else ''} | {about} |" for name, default, about in documented()
    ]


def test_the_documented_default_is_the_default():
    given = {variable: default for variable, default, _about in documented()}
    assert Settings.from_environment(given) == Settings.from_environment({})


def test_public_names_of_the_console_need_the_number_of_proxies():
    with pytest.raises(Mistake, match="set SIGNPOST_CONSOLE_PROXIES"):
        Settings.from_environment({"SIGNPOST_CONSOLE_HOSTS": "signpost.example"})


def test_public_names_of_the_console_are_read_one_by_one():
    given = {"SIGNPOST_CONSOLE_HOSTS": " Signpost.Example.Police.UK, console ,", "SIGNPOST_CONSOLE_PROXIES": "2"}
    assert Settings.from_environment(given).public_hosts == {"signpost.example.police.uk", "console"}


@pytest.mark.parametrize(
    "names",
    [
        "https://signpost.example",
        "signpost.example:8443",
        "signpost.example, localhost",
        "127.0.0.1",
        "*.example",
        "-a.uk",
    ],
)
def test_what_is_no_public_name_is_refused(names):
    with pytest.raises(Mistake, match="it must be a name such as"):
        Settings.from_environment({"SIGNPOST_CONSOLE_HOSTS": names, "SIGNPOST_CONSOLE_PROXIES": "1"})

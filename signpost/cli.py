"""The command ``signpost``: the group of all commands."""

import click

from signpost import __version__
from signpost.commands import alerts, assistant, bench, models, platforms, records, running, training

COMMANDS: tuple[click.Command, ...] = (
    running.up,
    running.status,
    assistant.check,
    assistant.train,
    assistant.classify,
    assistant.converse,
    assistant.evaluate,
    assistant.corpus,
    models.models,
    models.compare,
    models.promote,
    models.roll_back,
    models.jobs,
    training.test,
    training.coverage,
    training.shell,
    training.draw,
    running.settings,
    platforms.replay,
    platforms.send_test,
    platforms.accounts,
    records.staff,
    records.retention,
    records.verify_log,
    records.export,
    alerts.alerts,
    bench.bench,
    assistant.rasa,
    running.process,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="signpost")
def main() -> None:
    """Tells people who report crime on a force's social media where to report it, and keeps the record."""


for one in COMMANDS:
    main.add_command(one)


if __name__ == "__main__":
    main()

"""Commands about alerts: whether people would be told."""

import sys
from pathlib import Path

import click

from signpost.commands.base import DATA, says_mistakes, settings_from


@click.group()
@says_mistakes
def alerts() -> None:
    """How people are told of emergencies and failures.

    Example: signpost alerts test
    """


@alerts.command("test")
@DATA
@says_mistakes
def test_alerts(data: Path | None) -> None:
    """Send a test notice by every way that is set up, and say what came of each; exit status 1 when one failed.

    Example: signpost alerts test --data /srv/signpost
    """
    from signpost.alerts.testing import tell_test
    from signpost.alerts.ways import telling_of
    from signpost.log.clock import utc_now
    from signpost.secrets import with_known_secrets

    telling = telling_of(with_known_secrets(settings_from(data)))
    if not telling.ways:
        click.echo(telling.why_nobody, err=True)
        sys.exit(1)
    outcomes = tell_test(telling, utc_now())
    for outcome in outcomes:
        click.echo(outcome.sentence, err=not outcome.worked)
    sys.exit(0 if all(outcome.worked for outcome in outcomes) else 1)

"""Commands about the platforms: webhooks sent again, a first text, and what the accounts still need."""

import sys
from pathlib import Path

import click

from signpost.commands.base import DATA, PORTS, new_table, out, says_mistakes, settings_from


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--platform",
    type=click.Choice(["messenger", "facebook", "instagram", "x"]),
    required=True,
    help="Whose signature the bodies get, and which address they go to.",
)
@click.option("--repeat", type=click.IntRange(1, 1000), default=1, show_default=True, help="How often each is sent.")
@click.option("--url", help="Address of the intake. Default: what runs in the data folder, else http://127.0.0.1:8081")
@DATA
@PORTS
@says_mistakes
def replay(  # noqa: PLR0913  # one for each option
    *, files: tuple[Path, ...], platform: str, repeat: int, url: str | None, data: Path | None, port_base: int | None
) -> None:
    """Sign raw webhook bodies and post them to a running intake; the last line counts them, in JSON.

    A FILE is one body, a folder with *.json in it and below, or a .jsonl with a body a line. Exit status 1 when
    something went wrong beyond a refusal.

    Example: signpost replay --platform messenger payloads/ --repeat 2
    """
    import json
    from dataclasses import asdict

    import httpx

    from signpost.replay_address import address_of, running
    from signpost.replaying import SECONDS
    from signpost.replaying import replay as replay_files

    settings = running(settings_from(data, port_base), data=data, port_base=port_base, url=url)
    address = address_of(settings, platform, url)
    with httpx.Client(timeout=SECONDS, trust_env=False) as client:
        summary = replay_files(address, files, client, lambda line: click.echo(line, err=True), repeat=repeat)
    click.echo(json.dumps(asdict(summary)))
    sys.exit(1 if summary.errors else 0)


@click.command("send-test")
@click.argument("account", metavar="ACCOUNT")
@click.option("--to", default="", metavar="PERSON_ID", help="Whom to write to in private, by the platform's id.")
@click.option("--channel", help="Which of the account's channels. Default: its private one")
@click.option("--reply-to", default="", metavar="ID", help="Which comment or post to answer in public.")
@click.option("--dry-run", is_flag=True, help="Show the request, without the token; send nothing.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@DATA
@says_mistakes
def send_test(  # noqa: PLR0913  # one for each option
    *, account: str, to: str, channel: str | None, reply_to: str, dry_run: bool, yes: bool, data: Path | None
) -> None:
    """Send one harmless text from an account, and say what came of it; exit status 1 when it wasn't taken.

    ACCOUNT is a key in the accounts' file.

    Example: signpost send-test county_page --to 7000000000000001 --dry-run
    """
    import httpx

    from signpost.desk.sending import transports
    from signpost.force.accounts import load_accounts
    from signpost.live_check import TEXT, Transports, account_named, described, send, text_for
    from signpost.log.clock import utc_now
    from signpost.secrets import with_known_secrets
    from signpost.tokens import credentials_of

    settings = with_known_secrets(settings_from(data))
    ours = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    sender = account_named(ours, account)
    delivery = text_for(sender, to=to, channel=channel, reply_to=reply_to)

    def over(client: httpx.Client) -> Transports:
        return transports(settings, ours, client, lambda one: credentials_of(one, settings), utc_now)

    if dry_run:
        click.echo(described(delivery, over))
        return
    if not yes:
        click.confirm(f'Send "{TEXT}" as {sender.name} to {to or reply_to} ({delivery.channel})?', abort=True)
    with httpx.Client() as client:
        verdict = send(delivery, over(client))
    click.echo(verdict.sentence, err=not verdict.taken)
    sys.exit(0 if verdict.taken else 1)


@click.group()
@says_mistakes
def accounts() -> None:
    """The force's accounts on the platforms: what they still need.

    Example: signpost accounts check
    """


@accounts.command("check")
@DATA
@says_mistakes
def accounts_check(data: Path | None) -> None:
    """Say of each account whether it is on and what is missing; exit status 1 when something is.

    Example: signpost accounts check --data /srv/signpost
    """
    from signpost.accounts_check import look
    from signpost.force.accounts import load_accounts
    from signpost.secrets import with_known_secrets
    from signpost.tokens import credentials_of

    settings = with_known_secrets(settings_from(data))
    found = load_accounts(settings.accounts, rehearsal=bool(settings.rehearsal))
    if not found.all:
        click.echo(f"{settings.accounts} lists no account. docs/connecting.md says how to connect one.")
        return
    report = look(settings, found, lambda account: credentials_of(account, settings))
    for names, rows in (
        (("account", "platform", "channels", "state"), report.accounts),
        (("setting", "what for", "state"), report.needed),
    ):
        table = new_table()
        for name in names:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*row)
        out().print(table)
        out().print()
    for sentence in report.off:
        click.echo(sentence)
    if not report.complete:
        click.echo("Something is missing: docs/connecting.md says where each thing comes from.", err=True)
        sys.exit(1)

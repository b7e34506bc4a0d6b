"""The command that measures this product and stock Rasa side by side."""

import json
import signal
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import click

from signpost.bench.measures import GROUPS
from signpost.commands.base import out, says_mistakes, settings_from

TITLES = ", ".join(GROUPS)


@click.command()
@click.option("--quick", is_flag=True, help="Few messages and rounds, and no large record: shows that all works.")
@click.option("--rounds", type=click.IntRange(1, 50), help="How often both are measured in turn. Default: 5, quick 2")
@click.option("--only", multiple=True, type=click.Choice(list(GROUPS)), help="Only this; may be given several times.")
@click.option("--json", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write all figures there, too.")
@click.option(
    "--keep", metavar="FOLDER", type=click.Path(path_type=Path), help="Keep the measured data and logs there."
)
@click.option(
    "--cache", metavar="FOLDER", type=click.Path(path_type=Path), help="What takes long to make. Default: var/bench"
)
@click.option(
    "--stock-epochs",
    type=click.IntRange(1, 100),
    default=100,
    show_default=True,
    help="Of stock's DIET. Fewer train sooner and answer as fast; the time of all is then reckoned.",
)
@click.option("--train-again", is_flag=True, help="Time stock's training once more, though its model is there.")
@click.option("--port-base", type=click.IntRange(1, 65_500), help="First of ten ports. Default: any that are free")
@says_mistakes
def bench(  # noqa: PLR0913  # each is an option
    *,
    quick: bool,
    rounds: int | None,
    only: tuple[str, ...],
    target: Path | None,
    keep: Path | None,
    cache: Path | None,
    stock_epochs: int,
    train_again: bool,
    port_base: int | None,
) -> None:
    """Measure this product and stock Rasa side by side, in one run on this machine.

    The first run installs stock Rasa (2.5 GB) and trains it, which takes long. docs/benchmarks.md says how to read it.

    Example: signpost bench --quick --only throughput --json bench.json
    """
    from signpost.bench.cache import Cache
    from signpost.bench.machine import machine
    from signpost.bench.plan import plan_for
    from signpost.bench.report import as_json, faults, table
    from signpost.bench.running import Bench, free_ports, work_folder
    from signpost.jobs import progress_bar, stderr_console
    from signpost.jsonl import write_target
    from signpost.processes import need_rasa
    from signpost.training import need_model

    need_rasa()
    settings = settings_from()
    warning = need_model(settings)
    if target is not None:
        write_target(target)
    kept, console = Cache(cache or settings.data_folder / "bench", click.echo), stderr_console()
    plan, bar = plan_for(quick=quick, rounds=rounds, only=only), progress_bar(console)
    task = bar.add_task("Beginning", total=None)

    def tell(what: str, done: int, total: int) -> None:
        bar.update(task, description=what, completed=done, total=total or None)

    signal.signal(signal.SIGTERM, _interrupt)
    with work_folder(kept.folder, keep) as work, bar:
        kept = Cache(kept.folder, bar.console.print)
        where = machine(work)
        run = Bench(
            settings=settings,
            plan=plan,
            cache=kept,
            work=work,
            port_base=port_base or free_ports(),
            say=bar.console.print,
            tell=tell,
            epochs=stock_epochs,
            train_again=train_again,
        )
        run.notes += [warning] if warning else []
        run.notes += _about(where)
        figures = run.run()
    notes = [*run.notes, *faults(figures)]
    out().print(table(figures))
    for note in notes:
        click.echo(f"Note: {note}")
    if target is not None:
        told = {"machine": where, "plan": {**asdict(plan), "wanted": sorted(plan.wanted)}, "notes": notes}
        target.write_text(json.dumps({**told, "measures": as_json(figures)}, indent=1) + "\n", "utf-8")


def _about(where: dict[str, object]) -> list[str]:
    said = []
    if where["file_system"] in {"tmpfs", "ramfs"}:
        said.append("The data lies in memory, where a commit costs nothing. Give --cache a folder on a disk.")
    if float(str(where["load_before"])) > int(str(where["cores"])) / 2:
        said.append(f"The machine was busy before it began (load {where['load_before']}): ratios hold, times don't.")
    return said


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """A SIGTERM ends all processes that were started, as Ctrl+C does."""
    raise KeyboardInterrupt

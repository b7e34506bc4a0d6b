"""The whole of a bench: what isn't there is made first, then both products are visited in turn, round after round."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from signpost.bench import floors
from signpost.bench.cache import Cache
from signpost.bench.figures import OWN, STOCK, Figures
from signpost.bench.installing import own_environment, own_megabytes, stock_environment
from signpost.bench.large import own_record, stock_record
from signpost.bench.measures import FLOORS, LARGE, SIZE, TRAINING, VISITED
from signpost.bench.own import Own
from signpost.bench.plan import Plan
from signpost.bench.product import Product
from signpost.bench.sizes import megabytes
from signpost.bench.stock.model import EPOCHS, StockModel
from signpost.bench.stock.running import Stock
from signpost.bench.training_time import own_seconds
from signpost.bench.visit import Tell, running, visit, visit_large
from signpost.launch import is_free
from signpost.mistakes import Mistake
from signpost.settings import Settings

FIRST_BASE, LAST_BASE, PORTS = 21_000, 24_000, 10
STOCK_PORTS, ECHO_PORT = 5, 9
"""Where in the ports stock's begin, and the bare server's."""
COMPARED = (*VISITED, LARGE, TRAINING, SIZE)
"""What needs stock; the floors don't."""


@dataclass
class Bench:
    """One run. ``work``: a folder on a real disk for what is measured; ``say`` takes lines, ``tell`` progress."""

    settings: Settings
    plan: Plan
    cache: Cache
    work: Path
    port_base: int
    say: Callable[[str], None]
    tell: Tell
    epochs: int = EPOCHS
    train_again: bool = False
    figures: Figures = field(default_factory=Figures)
    notes: list[str] = field(default_factory=list)

    def run(self) -> Figures:
        """Measures what the plan wants. Raises :class:`Mistake`."""
        stock = None
        if self.plan.wants(*COMPARED):
            stock = StockModel(self.cache, stock_environment(self.cache), self.epochs)
            # First, since everything else would wait for it.
            stock.trained()
            self._once(stock)
        if self.plan.wants(FLOORS):
            self._floors()
        if self.plan.wants(*VISITED, LARGE, FLOORS):
            self._visits(stock)
        self._held_to_floors()
        return self.figures

    def _once(self, stock: StockModel) -> None:
        if self.plan.wants(TRAINING):
            self._training(stock)
        if self.plan.wants(SIZE):
            self._size(stock)

    def _visits(self, stock: StockModel | None) -> None:
        pairs: list[tuple[str, Product, bool]] = [
            (OWN, Own(self.settings, self.work / "signpost", self.port_base), False)
        ]
        if stock is not None:
            pairs.append((STOCK, self._stock(stock, self._folder("stock")), False))
        if stock is not None and self.plan.wants(LARGE):
            rows = self.plan.rows
            large = f"{rows:,} rows"
            pairs += [
                (OWN, Own(self.settings, own_record(self.cache, rows), self.port_base, f"Signpost, {large}"), True),
                (STOCK, self._stock(stock, stock_record(self.cache, rows), f"stock Rasa, {large}"), True),
            ]
        for _key, product, _is_large in pairs:
            # Once beforehand: tables and compiled files are made, and what is read from the disk is in memory for both alike.
            self.tell(f"{product.name}: a first start", 0, 0)
            with running(product):
                pass
        for number in range(self.plan.rounds):
            self.say(f"Round {number + 1} of {self.plan.rounds}")
            for key, product, is_large in pairs:
                self.tell(f"{product.name}: starting", 0, 0)
                (visit_large if is_large else visit)(product, self.plan, self.figures, key, self.tell)

    def _stock(self, stock: StockModel, folder: Path, name: str = "stock Rasa") -> Stock:
        stock.copy_project(folder)
        return Stock(stock.python, folder, stock.trained()[0], self.port_base + STOCK_PORTS, name)

    def _training(self, stock: StockModel) -> None:
        self.tell("Training Signpost's model", 0, 0)
        whole, again = own_seconds(self._folder("training"))
        self.figures.add("training", OWN, whole)
        self.figures.add("training_again", OWN, again)
        noted = stock.train_again(self._folder("stock-training")) if self.train_again else stock.trained()[1]
        self.figures.add("training", STOCK, float(noted["whole_seconds"]))
        self.figures.add("training_again", STOCK, float(noted["whole_seconds"]))
        when = (
            "just now"
            if self.train_again
            else f"when its model was made (load then: {noted['machine']['load_before']})"
        )
        self.notes.append(f"Stock's training was timed {when}, on {noted['machine']['processor']}.")
        if noted["epochs"] != EPOCHS:
            self.notes.append(
                f"Stock's training took {noted['seconds']:.0f} s with {noted['epochs']} epochs of DIET; its time is reckoned "
                f"for {EPOCHS} from those."
            )

    def _size(self, stock: StockModel) -> None:
        self.tell("Counting what is installed", 0, 0)
        own_model, stock_model = megabytes(self.settings.model_file), stock.megabytes_of(stock.trained()[0])
        self.figures.add("size", OWN, own_megabytes(own_environment(self.cache)) + own_model)
        self.figures.add("size", STOCK, megabytes(stock.python.parents[1]) + stock_model)
        self.figures.add("size_model", OWN, own_model)
        self.figures.add("size_model", STOCK, stock_model)

    def _floors(self) -> None:
        times = self.plan.floor_times
        for _ in range(self.plan.rounds):
            self.tell("The machine's own floors", 0, 0)
            one, rate = floors.echo(self.work, self.port_base + ECHO_PORT, times)
            self.figures.add("floor_echo", OWN, one)
            self.figures.add("floor_echo_rate", OWN, rate)
            self.figures.add("floor_encoder", OWN, floors.encoder_milliseconds(self.work, times))
            self.figures.add("floor_commit", OWN, floors.commit_milliseconds(self.work, times))

    def _held_to_floors(self) -> None:
        turns, alone = self.figures.of("p50_1", OWN), self.figures.of("floor_encoder", OWN)
        for turn, encoder in zip(turns, alone, strict=False):
            self.figures.add("floor_turn", OWN, turn / encoder)

    def _folder(self, name: str) -> Path:
        folder = self.work / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@contextmanager
def work_folder(cache: Path, keep: Path | None) -> Iterator[Path]:
    """Where the products' data goes: ``keep``, which stays, or a folder in the cache, on its disk, that goes at the end."""
    try:
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            if any(keep.iterdir()):
                raise Mistake(f"{keep} isn't empty; give --keep a new folder.", exit_status=2)
            yield keep
            return
        cache.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix="work-", dir=cache, ignore_cleanup_errors=True)
    except OSError as fault:
        raise Mistake(f"{keep or cache} can't be written: {fault.strerror}. Give another folder.") from None
    with folder as name:
        yield Path(name)


def free_ports() -> int:
    """The first of so many free ports."""
    for base in range(FIRST_BASE, LAST_BASE, PORTS):
        if all(is_free(base + number) for number in range(PORTS)):
            return base
    raise Mistake(
        f"No {PORTS} ports beside each other are free between {FIRST_BASE} and {LAST_BASE}; give --port-base."
    )

"""Trains the encoder on ``data/nlu``: ``python -m training.train_encoder`` (about half an hour on two cores)."""

import argparse
import math
import random
from collections.abc import Iterator
from pathlib import Path

import torch
from rich.progress import Progress

from training.corpus import Example, Variation, examples, fingerprint
from training.network import Network

SHUFFLED_TOGETHER = 20


def batches(found: list[Example], size: int, source: random.Random) -> Iterator[list[Example]]:
    """Batches of messages of like length, in random order: padding costs as much as text."""
    shuffled = found[:]
    source.shuffle(shuffled)
    ready: list[list[Example]] = []
    for start in range(0, len(shuffled), size * SHUFFLED_TOGETHER):
        stretch = sorted(shuffled[start : start + size * SHUFFLED_TOGETHER], key=lambda example: len(example.text))
        group = [stretch[k : k + size] for k in range(0, len(stretch), size)]
        source.shuffle(group)
        ready += group
    yield from ready


def train(epochs: int, size: int, rate: float, seed: int, longest: int) -> tuple[Network, str]:
    """The trained network, and the hash of what it was trained on."""
    torch.manual_seed(seed)
    source = random.Random(seed)
    found = examples()
    intents = sorted({example.intent for example in found})
    network = Network(intents, longest)
    places = {name: place for place, name in enumerate(intents)}
    steps = epochs * math.ceil(len(found) / size)
    warm = max(1, int(0.06 * steps))
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in network.encoder.parameters() if p.requires_grad], "lr": rate},
            {"params": network.head.parameters(), "lr": 2e-3},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1, step / warm) * max(0.02, (steps - step) / steps)
    )
    variation = Variation(found, 0.35, source)
    network.train()
    with Progress() as progress:
        task = progress.add_task("Training the encoder", total=steps)
        for _ in range(epochs):
            for batch in batches(list(variation.epoch(found)), size, source):
                wanted = torch.tensor([places[example.intent] for example in batch])
                loss = network.loss(network([example.text for example in batch]), wanted)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                progress.update(task, advance=1, description=f"Training the encoder, loss {loss.item():.2f}")
    return network, fingerprint(found)


def main() -> None:
    """Writes the weights, ``training/out/encoder-SEED.pt`` where nothing else is said."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--batch", type=int, default=32)
    arguments.add_argument("--rate", type=float, default=8e-5)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--longest", type=int, default=192, help="tokens of a message that are read in training")
    arguments.add_argument("--output", type=Path, help="where the weights go")
    chosen = arguments.parse_args()
    output = chosen.output or Path(f"training/out/encoder-{chosen.seed}.pt")
    network, data = train(chosen.epochs, chosen.batch, chosen.rate, chosen.seed, chosen.longest)
    output.parent.mkdir(parents=True, exist_ok=True)
    about = {"data": data, **{name: getattr(chosen, name) for name in ("epochs", "rate", "seed", "batch", "longest")}}
    torch.save({"encoder": network.encoder.state_dict(), "about": about}, output)


if __name__ == "__main__":
    main()

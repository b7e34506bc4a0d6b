"""The training messages' vectors, kept between trainings: only new messages have to be read by the encoder."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot import progress
from bot.nlu.encoder import Encoder, Vectors

VARIABLE = "SIGNPOST_VECTOR_CACHE"
REPORT_EVERY = 50


def vectors_of(encoder: Encoder, texts: list[str]) -> Vectors:
    """One row (384,) a text, in order. A cache that can't be read or written costs time and nothing else."""
    file = os.environ.get(VARIABLE)
    kept = read_kept(Path(file), encoder.version) if file else {}
    keys = [key_of(text) for text in texts]
    new = [place for place, key in enumerate(keys) if key not in kept]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (place, vector) in enumerate(
            zip(new, pool.map(lambda place: encoder.encode(texts[place])[0].vector, new), strict=True), 1
        ):
            kept[keys[place]] = vector
            if done % REPORT_EVERY == 0 or done == len(new):
                progress.report(done, len(new))
    if file and new:
        _write(Path(file), encoder.version, {key: kept[key] for key in keys})
    return np.stack([kept[key] for key in keys])


def key_of(text: str) -> str:
    """What stands for a text among the kept vectors: its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def read_kept(file: Path, version: str) -> dict[str, Vectors]:
    """Each text's vector by its key; none where there are none, or they are another encoder's."""
    try:
        keys, vectors = read_stored(file, version)
        return dict(zip(keys, vectors, strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def read_stored(file: Path, version: str) -> tuple[list[str], Vectors]:
    """The keys and, a row each, the vectors (n, 384). Raises OSError, ValueError or KeyError where these aren't there."""
    try:
        with np.load(file, allow_pickle=False) as stored:
            if str(stored["version"]) != version:
                raise ValueError("the vectors are another encoder's")
            return stored["keys"].tolist(), stored["vectors"]
    except EOFError:
        raise ValueError("the file is empty") from None


def _write(file: Path, version: str, kept: dict[str, Vectors]) -> None:
    part = file.with_suffix(".part.npz")
    try:
        np.savez(part, version=version, keys=np.array(list(kept)), vectors=np.stack(list(kept.values())))
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)

"""Lets a model of the shelf be tried as if it ran, without touching the one that does."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from signpost.settings import Settings
from signpost.workbench.files import put_copy, write_about
from signpost.workbench.shelf import Model, Shelf

VECTORS = "vectors.npz"


@contextlib.contextmanager
def with_model(settings: Settings, model: Model) -> Iterator[Settings]:
    """Settings whose model is this one, from a folder of its own that is gone at the end."""
    with Shelf(settings).making() as folder:
        tried = replace(settings, models_folder=folder)
        put_copy(model.file, tried.model_file)
        write_about(folder / "signpost.json", {"key": model.key, "fingerprint": model.fingerprint})
        vectors = settings.models_folder / VECTORS
        if vectors.is_file():
            put_copy(vectors, folder / VECTORS)
        yield tried

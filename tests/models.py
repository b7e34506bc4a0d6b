"""Models for tests: made of nothing, or of the trained one under another id."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path


def small_model(file: Path, key: str) -> Path:
    """A whole archive that says which model it is, and holds nothing to run."""
    with tarfile.open(file, "w:gz") as archive:
        _put(archive, "metadata.json", json.dumps({"model_id": key}).encode())
        _put(archive, "components/words.json", b"{}" * 1000)
    return file


def twin(model: Path, file: Path, key: str, keep: Callable[[str], bool] = lambda _name: True) -> Path:
    """The same model under another id; ``keep`` says which of its parts it keeps."""
    with tarfile.open(model, "r:gz") as old, tarfile.open(file, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            content = stream.read() if stream else b""
            if member.name == "metadata.json":
                content = json.dumps({**json.loads(content), "model_id": key}).encode()
                member.size = len(content)
            if keep(member.name):
                new.addfile(member, io.BytesIO(content) if stream else None)
    return file


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))

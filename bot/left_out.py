"""Leaves out, in the process that serves, libraries that Rasa imports and this assistant never calls.

Rasa imports every channel, store, broker and learning library that it could be configured for: half of the assistant's
start and a third of its memory. In their place stand names that can be imported and derived from, and that say what to
do when one is used for real. Trainings and Rasa's own commands run with the libraries themselves.
"""

from __future__ import annotations

import sys
import types
from abc import ABCMeta
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

ALWAYS = (
    # Rasa's own channels; ours is the only one that is served.
    *("aiogram", "cachecontrol", "engineio", "fbmessenger", "mattermostwrapper", "requests_toolbelt"),
    *("rocketchat_API", "slack_sdk", "socketio", "twilio", "webexteamssdk"),
    # Questions on a terminal, and Rasa's own way through a model's graph (bot/in_order.py).
    *("dask", "prompt_toolkit", "questionary", "toolz"),
    # Learning and its pictures; what was learnt is numbers, which our components read with numpy.
    *("joblib", "matplotlib", "pycrfsuite", "scipy", "sklearn", "sklearn_crfsuite"),
)
STORES = ("boto3", "botocore", "pymongo", "s3transfer")
BROKERS = ("aio_pika", "aiormq")
OUR_STORE = "bot."


class LibraryLeftOut(RuntimeError):
    """Something called a library that was left out."""


def libraries(endpoints: Mapping[str, Any]) -> tuple[str, ...]:
    """What can be left out with these endpoints (endpoints.yml, as it is written)."""
    store = (endpoints.get("tracker_store") or {}).get("type") or OUR_STORE
    return (
        *ALWAYS,
        *(STORES if store.startswith(OUR_STORE) else ()),
        *(() if endpoints.get("event_broker") else BROKERS),
    )


def leave_out(names: Sequence[str]) -> None:
    """From now on, imports of these libraries and of what is in them cost nothing. Those already imported stay."""
    sys.meta_path.insert(0, _Finder(frozenset(names)))


class _Name(ABCMeta):
    """A class whose every attribute is another such class, so that imports, annotations and bases work."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{cls.__qualname__}.{name}")

    def __getitem__(cls, _item: Any) -> Any:
        return cls

    def __or__(cls, _other: Any) -> Any:
        return cls

    def __ror__(cls, _other: Any) -> Any:
        return cls


class _Placeholder(metaclass=_Name):
    def __new__(cls, *_arguments: Any, **_named_arguments: Any) -> Any:
        raise LibraryLeftOut(
            f"{cls.__qualname__} was called, which the assistant leaves out to start fast: see bot/left_out.py. "
            "If something of yours needs it, take its library from the lists there."
        )


def _named(name: str) -> Any:
    return _Name(name.rpartition(".")[2], (_Placeholder,), {"__qualname__": name, "__module__": __name__})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{self.__name__}.{name}")


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> ModuleSpec | None:
        if fullname.split(".", 1)[0] not in self._names:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module answers every name."""

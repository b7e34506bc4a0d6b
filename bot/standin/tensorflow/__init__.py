"""Stands in TensorFlow's place: Rasa imports it whatever the pipeline, and this project runs no part of it.

Any attribute or submodule can be named, subclassed or used as a decorator at import time; calling one
for real raises :class:`TensorFlowNeeded` with what to do about it.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, NoReturn

__version__ = "2.12.0"

WHAT_TO_DO = (
    "{name} was called, but TensorFlow isn't installed: Signpost's pipeline doesn't use it. "
    "A component in config.yml (DIETClassifier, TEDPolicy or ResponseSelector, say) needs the real one. "
    "Remove that component, or install tensorflow==2.12.0 in an environment of its own."
)


class TensorFlowNeeded(RuntimeError):
    """Something tried to compute with TensorFlow, which isn't there."""


class _Anything(type):
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


class _Placeholder(metaclass=_Anything):
    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        # Decorators (`@tf.function`) get back what they decorate; everything else would be real use.
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        if "TensorSpec" in cls.__qualname__ or cls.__qualname__.endswith("register_keras_serializable"):
            return lambda decorated: decorated
        _raise(cls.__qualname__)


def _raise(name: str) -> NoReturn:
    raise TensorFlowNeeded(WHAT_TO_DO.format(name=name))


def _named(name: str) -> Any:
    return _Anything(name.rsplit(".", 1)[-1], (_Placeholder,), {"__qualname__": name, "__module__": "tensorflow"})


class _Module(types.ModuleType):
    __path__: list = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _named(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.split(".", 1)[0] in {"tensorflow", "keras"} and "." in fullname:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module answers every name."""


sys.meta_path.append(_Finder())


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return _named(f"tensorflow.{name}")

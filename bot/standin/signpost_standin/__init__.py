"""Stands in the place of packages that Rasa imports at its start whatever the project, and that this one never uses.

TensorFlow, for its pipelines; the clients of other services, for its channels and stores. Any attribute or submodule can
be named, subclassed or used as a decorator at import time; using one for real raises :class:`NotInstalled` with what to
do about it. Each package's own module beside this one calls :func:`stand_in`.
"""

import importlib.abc
import importlib.machinery
import re
import sys
import types
from typing import Any, NoReturn

WHAT_TO_DO = {
    "tensorflow": (
        "{name} was called, but TensorFlow isn't installed: Signpost's pipeline doesn't use it. "
        "A component in config.yml (DIETClassifier, TEDPolicy or ResponseSelector, say) needs the real one. "
        "Remove that component, or install tensorflow==2.12.0 in an environment of its own."
    ),
    "": (
        "{name} was called, but {package} isn't installed: nothing of Signpost's uses it. "
        "A channel in credentials.yml or a store in endpoints.yml needs the real one. "
        "Remove it, or install {package} in an environment of its own."
    ),
}
_FAULTS = re.compile(r"(Error|Exception|Failure)$")


class NotInstalled(RuntimeError):
    """Something tried to use a package that isn't there."""


class _Anything(type):
    """A class whose every attribute is another such class, so that imports, annotations and bases work."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return named(f"{cls.__qualname__}.{name}")

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
    package = name.split(".", 1)[0]
    sentence = WHAT_TO_DO["tensorflow" if package == "keras" else package if package in WHAT_TO_DO else ""]
    raise NotInstalled(sentence.format(name=name, package=package))


def named(name: str) -> Any:
    """What stands for this name: a class, or an exception where it is one by its name, since ``except`` takes no other."""
    package, last = name.split(".", 1)[0], name.rsplit(".", 1)[-1]
    if _FAULTS.search(last):
        return type(last, (Exception,), {"__module__": package})
    return _Anything(last, (_Placeholder,), {"__qualname__": name, "__module__": package})


class _Module(types.ModuleType):
    __path__: list = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return named(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves every submodule of a package that is stood in for."""

    def __init__(self, package: str) -> None:
        self._beginning = f"{package}."

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname.startswith(self._beginning):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module answers every name."""


def stand_in(package: str) -> Any:
    """Serves the package's submodules from now on; gives what the package's module needs as its ``__getattr__``."""
    sys.meta_path.append(_Finder(package))

    def answer(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return named(f"{package}.{name}")

    return answer

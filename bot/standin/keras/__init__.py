"""Keras, as far as Rasa's imports look for it beside TensorFlow: see the module ``tensorflow`` next door."""

from tensorflow import _named


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _named(f"keras.{name}")

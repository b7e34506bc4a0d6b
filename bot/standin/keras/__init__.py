"""Keras, as far as Rasa's imports look for it beside TensorFlow: see ``signpost_standin`` next door."""

from signpost_standin import stand_in

__getattr__ = stand_in("keras")

"""TensorFlow, as far as Rasa's imports go: see ``signpost_standin`` next door."""

from signpost_standin import NotInstalled as TensorFlowNeeded
from signpost_standin import stand_in

__all__ = ["TensorFlowNeeded"]
__version__ = "2.12.0"
__getattr__ = stand_in("tensorflow")

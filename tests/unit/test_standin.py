"""The package in TensorFlow's place lets Rasa be imported, and says what to do when it is used."""

import pytest

pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")

pytestmark = pytest.mark.rasa


def test_using_tensorflow_for_real_says_what_to_do():
    import tensorflow as tf

    with pytest.raises(tf.TensorFlowNeeded, match="Remove that component, or install tensorflow"):
        tf.constant([1, 2])


def test_classes_and_decorators_of_tensorflow_can_be_named():
    import tensorflow as tf
    from tensorflow.keras.layers import Layer

    class Mine(Layer):
        pass

    @tf.function
    def plain():
        return 7

    assert issubclass(Mine, Layer)
    assert plain() == 7


def test_a_service_that_is_not_installed_says_what_to_do_when_it_is_used():
    from signpost_standin import NotInstalled
    from twilio.rest import Client

    with pytest.raises(NotInstalled, match=r"Client was called, but twilio isn't installed.*credentials\.yml"):
        Client("account", "token")


def test_a_fault_of_such_a_service_can_be_waited_for():
    import pymongo.errors
    from botocore.exceptions import BotoCoreError

    def asks() -> str:
        try:
            return {}["nothing"]
        except (BotoCoreError, pymongo.errors.ConnectionFailure):
            return "away"

    with pytest.raises(KeyError):
        asks()

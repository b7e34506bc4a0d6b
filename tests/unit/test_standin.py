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

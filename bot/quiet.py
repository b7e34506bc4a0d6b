"""Keeps Rasa's waits short and its logs free of what people write."""

import logging
import warnings

import structlog

ACTION_SECONDS = 1.0
"""How long a turn waits for the action server. Rasa's own limit is 300 s, and the reply would wait with it."""


def bound_action_calls() -> None:
    """Gives up on an action after :data:`ACTION_SECONDS`; the desk writes what the action could not."""
    from rasa.core.actions import action

    action.DEFAULT_REQUEST_TIMEOUT = ACTION_SECONDS


def quieten() -> None:
    """No warnings from 2023's libraries, and only errors of Rasa's, without the text of messages."""
    warnings.filterwarnings("ignore")
    logging.getLogger().setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

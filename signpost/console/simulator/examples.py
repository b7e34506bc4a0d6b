"""Messages to try with one press, and what the simulated pages of the force show. All written for the simulator."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """A message to try, and what it is an example of."""

    about: str
    text: str


EXAMPLES = (
    Example("A crime", "someone has smashed my shop window on Fisherton Street"),
    Example("An emergency", "there's a man trying to force next door's back door, please hurry"),
    Example("Thanks", "thanks for the lovely day at the fair"),
    Example("A question", "does anyone read these messages at night?"),
    Example("A figure of speech", "the warm-up act absolutely murdered it at the City Hall last night"),
    Example("An old case", "any news about the bike I reported stolen on Monday?"),
)

POST = (
    "Our neighbourhood officers will be in Salisbury Market Place this Saturday. Come and say hello, and bring your bike "
    "to have it security marked for free."
)
"""The force's post under which the public comments are shown."""

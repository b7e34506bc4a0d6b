"""Mistakes somebody can put right: each is a sentence that says what is wrong, where, and what to do."""


class Mistake(Exception):
    """Shown to the person as it is, without a traceback. ``exit_status`` is 1 or 2 (2: how the command was called)."""

    def __init__(self, sentence: str, exit_status: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_status = exit_status

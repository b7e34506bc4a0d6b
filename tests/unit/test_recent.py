"""What was found in a text is remembered for a while, bounded, and never under the text itself."""

from bot.nlu.recent import Recent


class Reader:
    def __init__(self) -> None:
        self.now = 0.0
        self.read: list[str] = []

    def __call__(self, text: str) -> str:
        self.read.append(text)
        return text.upper()


def recent(reader: Reader) -> Recent[str]:
    return Recent(most=3, seconds=10, clock=lambda: reader.now)


def test_a_text_that_was_just_read_is_not_read_again():
    reader = Reader()
    kept = recent(reader)
    assert [kept.of(text, reader) for text in ("help", "hello", "help")] == ["HELP", "HELLO", "HELP"]
    assert reader.read == ["help", "hello"]


def test_after_a_while_it_is_forgotten():
    reader = Reader()
    kept = recent(reader)
    kept.of("help", reader)
    reader.now = 9
    kept.of("hello", reader)
    reader.now = 10
    kept.of("hello", reader)
    assert len(kept._kept) == 1
    kept.of("help", reader)
    assert reader.read == ["help", "hello", "help"]


def test_no_more_than_so_many_are_kept():
    reader = Reader()
    kept = recent(reader)
    for text in ("a", "b", "c", "d", "a"):
        kept.of(text, reader)
    assert reader.read == ["a", "b", "c", "d", "a"]
    assert len(kept._kept) == 3


def test_the_text_is_not_kept():
    reader = Reader()
    kept: Recent[int] = Recent()
    kept.of("a secret of somebody's", lambda text: len(reader(text)))
    assert "secret" not in repr(kept._kept)


def test_what_cannot_be_read_is_not_remembered():
    kept = recent(Reader())
    tries: list[str] = []

    def fails_once(text: str) -> str:
        tries.append(text)
        if len(tries) == 1:
            raise ValueError("this time")
        return text

    for _ in range(2):
        try:
            assert kept.of("help", fails_once) == "help"
        except ValueError:
            continue
    assert len(tries) == 2

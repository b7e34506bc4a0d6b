"""The simulator: a page with the look of a phone's messenger, whose messages go exactly the way real ones do."""

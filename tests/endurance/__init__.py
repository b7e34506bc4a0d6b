"""What takes too long for every day: a whole Signpost killed again and again, and one flooded with messages."""

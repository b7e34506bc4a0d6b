"""Sign-in: who is at the other end, and whether they may open what they ask for."""

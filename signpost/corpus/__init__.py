"""Reads the training messages as a whole and says what is the matter with them: `signpost corpus`."""

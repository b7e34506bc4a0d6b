"""How long what is kept, and what was erased."""

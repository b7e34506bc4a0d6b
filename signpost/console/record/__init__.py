"""A record's page: what was said and understood, what became of it, and what reviewers make of it."""

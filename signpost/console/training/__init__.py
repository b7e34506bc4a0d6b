"""Training: a trainer has a new model made, sees it beside the running one, and promotes it, discards it or rolls back."""

"""One record: the conversation, what was understood and why, the reply, and the review."""

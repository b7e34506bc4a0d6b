"""The way in: takes platforms' webhooks, checks that they are real, and acknowledges what is stored."""

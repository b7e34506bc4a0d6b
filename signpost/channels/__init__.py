"""The platforms: reading what they send, sending what is said."""

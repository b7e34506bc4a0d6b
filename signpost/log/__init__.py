"""The record: messages, replies and escalations, and how they are kept."""

"""The workbench: where trainers try messages, see the conversation tests, and record new ones."""

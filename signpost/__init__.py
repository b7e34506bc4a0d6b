"""The service around the assistant: intake, desk, log, console, and the command ``signpost``."""

__version__ = "0.1.0"

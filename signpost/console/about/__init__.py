"""Pages about the service: start, accessibility, privacy, help, offline."""

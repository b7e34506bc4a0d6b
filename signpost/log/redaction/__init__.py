"""Redaction: personal data is taken out of a message before it is stored in the record that staff read."""

from .redactor import Redactor, build_analyzer

__all__ = ["Redactor", "build_analyzer"]

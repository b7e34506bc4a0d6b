"""When the console's accessibility was last looked at, for the statement. docs/accessibility.md says how."""

from datetime import date
from typing import Final

TESTED: Final = date(2026, 11, 22)

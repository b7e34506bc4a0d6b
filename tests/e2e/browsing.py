"""What tests in a browser share: Chromium, and a page that hears every complaint."""

import os
import shutil
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CHROMIUM = shutil.which(os.environ.get("SIGNPOST_TEST_CHROMIUM", "chromium"))
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = PROJECT / "signpost" / "console" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA, and what axe's makers hold to be good practice besides."""


def violations(page: object) -> list[str]:
    """What axe-core finds wrong with the page, a sentence each. The page must have been opened past its CSP."""
    page.evaluate(AXE.read_text("utf-8") + ";0")
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(r => r.violations.map("
        "v => v.id + ': ' + v.help + ' at ' + v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(' | ')))",
        STANDARD,
    )
    return list(found)


def fits(page: object) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))

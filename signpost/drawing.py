"""Draws SVG: shapes and words on a sheet, and a frame that turns figures into places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

INK, SOFT, GRID, PAPER = "#15212d", "#4b5a69", "#dfe4e9", "#ffffff"
BLUE, ORANGE = "#16365f", "#b4540a"
FONT = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
SMALL, NORMAL = 14, 15

Point = tuple[float, float]


@dataclass
class Sheet:
    """A drawing so many units wide and high, the first corner top left. ``name`` makes its ids its own on a page.

    ``title`` and ``description`` are read out to people who can't see it. Colours are hex; words may hold anything.
    """

    name: str
    title: str
    description: str
    width: int
    height: int
    _parts: list[str] = field(default_factory=list)

    def line(self, a: Point, b: Point, *, colour: str = GRID, width: float = 1, dashes: str = "") -> None:
        """A straight line."""
        self.path([a, b], colour=colour, width=width, dashes=dashes)

    def path(self, points: Sequence[Point], *, colour: str, width: float = 2, dashes: str = "") -> None:
        """A line through all points, not filled."""
        through = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._parts.append(
            f'<polyline points="{through}" fill="none" stroke="{colour}" stroke-width="{_n(width)}" '
            f'stroke-linejoin="round"{dashed}/>'
        )

    def box(self, corner: Point, size: Point, *, fill: str, edge: str = "none") -> None:
        """A filled rectangle."""
        place = f'x="{_n(corner[0])}" y="{_n(corner[1])}" width="{_n(size[0])}" height="{_n(size[1])}"'
        self._parts.append(f'<rect {place} fill="{fill}" stroke="{edge}"/>')

    def dot(self, middle: Point, radius: float, *, fill: str) -> None:
        """A filled circle with a white edge, to be seen on any ground."""
        place = f'cx="{_n(middle[0])}" cy="{_n(middle[1])}" r="{_n(radius)}"'
        self._parts.append(f'<circle {place} fill="{fill}" stroke="{PAPER}" stroke-width="1.5"/>')

    def words(  # noqa: PLR0913  # each says how the words stand, and has a usual value
        self,
        place: Point,
        text: str,
        *,
        anchor: str = "start",
        colour: str = INK,
        size: int = NORMAL,
        bold: bool = False,
        upwards: bool = False,
    ) -> None:
        """A line of text; ``anchor`` start, middle or end; ``upwards`` turns it a quarter."""
        x, y = _n(place[0]), _n(place[1])
        turned = f' transform="rotate(-90 {x} {y})"' if upwards else ""
        weight = ' font-weight="600"' if bold else ""
        self._parts.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}" font-size="{size}"{weight}{turned}>'
            f"{escape(text)}</text>"
        )

    def svg(self) -> str:
        """The whole drawing, good as a file and within a page."""
        title, about = f"{self.name}-title", f"{self.name}-about"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-labelledby="{title} {about}" font-family="{FONT}">\n'
            f'<title id="{title}">{escape(self.title)}</title>\n<desc id="{about}">{escape(self.description)}</desc>\n'
            f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>\n'
            + "\n".join(self._parts)
            + "\n</svg>\n"
        )


@dataclass(frozen=True)
class Frame:
    """The part of a sheet that figures are drawn in: x runs from 0 to ``most_x`` rightwards, y from 0 upwards."""

    sheet: Sheet
    left: float
    top: float
    width: float
    height: float
    most_x: float = 1.0
    most_y: float = 1.0

    def at(self, x: float, y: float) -> Point:
        """Where a pair of figures lies on the sheet."""
        return self.left + self.width * x / self.most_x, self.top + self.height * (1 - y / self.most_y)

    def grid(self, across: Sequence[tuple[float, str]], up: Sequence[tuple[float, str]]) -> None:
        """Lines at these figures with their words, below and on the left."""
        bottom = self.top + self.height
        for x, text in across:
            self.sheet.line(self.at(x, 0), self.at(x, self.most_y))
            self.sheet.words((self.at(x, 0)[0], bottom + 19), text, anchor="middle", colour=SOFT, size=SMALL)
        for y, text in up:
            self.sheet.line(self.at(0, y), self.at(self.most_x, y))
            self.sheet.words((self.left - 7, self.at(0, y)[1] + 5), text, anchor="end", colour=SOFT, size=SMALL)
        self.sheet.path([self.at(0, self.most_y), self.at(0, 0), self.at(self.most_x, 0)], colour=SOFT, width=1)

    def names(self, across: str, up: str) -> None:
        """What the two directions stand for."""
        self.sheet.words((self.left + self.width / 2, self.top + self.height + 42), across, anchor="middle")
        self.sheet.words((14, self.top + self.height / 2), up, anchor="middle", upwards=True)


def _n(value: float) -> str:
    """Two digits are finer than any screen, and keep files small."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"

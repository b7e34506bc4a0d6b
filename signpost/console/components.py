"""WTForms' fields as the dictionaries that GOV.UK's components take: what ``form.html`` is written with."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape
from wtforms import Form
from wtforms.fields import Field

from signpost.console.day_field import DayField

HIDDEN = frozenset({"HiddenField", "CSRFTokenField"})


def add_components(app: Flask) -> None:
    """GOV.UK's macros, and what those of ``form.html`` call."""
    components = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    own = app.jinja_loader
    app.jinja_loader = ChoiceLoader([own, components] if own else [components])
    app.jinja_env.globals.update(
        label_of=label_of, legend_of=legend_of, mistake_of=mistake_of, choices_of=choices_of, mistakes_of=mistakes_of
    )
    app.jinja_env.filters["in_one_line"] = in_one_line


def label_of(field: Field, size: str, heading: bool) -> dict[str, Any]:  # noqa: FBT001  # called from templates
    """The label of one field; as the page's heading where ``heading`` says so."""
    return _label(field, "govuk-label", size, heading=heading)


def legend_of(field: Field, size: str, heading: bool) -> dict[str, Any]:  # noqa: FBT001  # called from templates
    """The legend of a group of boxes."""
    return _label(field, "govuk-fieldset__legend", size, heading=heading)


def mistake_of(field: Field) -> dict[str, str] | None:
    """The first thing that is wrong with the field."""
    return {"text": str(field.errors[0])} if field.errors else None


def mistakes_of(form: Form | None) -> list[dict[str, Any]]:
    """What is wrong with the form, a sentence a field, each leading to where it is put right."""
    if form is None:
        return []
    found: list[dict[str, Any]] = [{"text": str(one)} for one in form.form_errors]
    for field in form:
        if field.errors:
            place = {} if field.type in HIDDEN else {"href": f"#{first_id(field)}"}
            found.append({"text": str(_first(field.errors)), **place})
    return found


def first_id(field: Field) -> str:
    """The id of the first box in which the field's mistake can be put right."""
    if isinstance(field, DayField):
        return f"{field.name}-{field.wrong[0] if field.wrong else 'day'}"
    return str(field.name)


def choices_of(
    field: Field, hints: dict[str, str] | None = None, conditional: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """The answers to choose from; ``conditional`` is HTML that belongs under an answer."""
    return [
        {
            "value": str(value),
            "text": str(label),
            "checked": bool(selected),
            "selected": bool(selected),
            "hint": {"text": hints[str(value)]} if hints and str(value) in hints else None,
            "conditional": {"html": conditional[str(value)]} if conditional and str(value) in conditional else None,
        }
        for value, label, selected, *_more in field.iter_choices()
    ]


def in_one_line(text: str) -> Markup:
    """The text for a ``<textarea>``, its line breaks as references.

    The components indent what they wrap, which would add spaces to every line that was typed. A browser drops a line
    break that a text area begins with, so it is given twice.
    """
    plain = text.replace("\r\n", "\n")
    plain = f"\n{plain}" if plain.startswith("\n") else plain
    return Markup(str(escape(plain)).replace("\n", "&#10;"))  # noqa: S704  # escaped just here


def _label(field: Field, block: str, size: str, *, heading: bool) -> dict[str, Any]:
    size = "l" if heading and size == "s" else size
    return {"text": field.label.text, "classes": f"{block}--{size}" if size else "", "isPageHeading": heading}


def _first(errors: Iterable[Any]) -> Any:
    """The first sentence; the errors of nested fields are dictionaries and lists."""
    one = next(iter(errors))
    if isinstance(errors, dict):
        one = errors[one]
    return _first(one) if isinstance(one, (dict, list, tuple)) else one

"""Forms: what is typed comes in clean or is refused with a sentence, and comes back as it was typed."""

import re

import pytest
from flask import Flask, render_template_string
from flask_wtf import CSRFProtect
from test_console_pages import Page
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional

from signpost.console.components import add_components, in_one_line
from signpost.console.day_field import DayField
from signpost.console.form import LONGEST_LINE, LONGEST_TEXT, AtMost, StaffForm

MACROS = '{% from "form.html" import form_start, errors, text, password, textarea, radios, checkboxes, select, date, submit %}'
CHOICES = [("a", "First"), ("b", "Second")]


class Everything(StaffForm):
    name = StringField("Name", validators=[DataRequired("Enter a name")])
    notes = TextAreaField("Notes", validators=[AtMost(40)])
    story = TextAreaField("Story")
    secret = PasswordField("Password")
    one = RadioField("One", choices=CHOICES, validators=[Optional()])
    several = SelectMultipleField("Several", choices=CHOICES)
    listed = SelectField("Listed", choices=CHOICES, validators=[Optional()])
    agreed = BooleanField("I agree")
    since = DayField("The first day", validators=[Optional()])
    version = HiddenField()


class Needed(StaffForm):
    since = DayField("The first day", validators=[DataRequired("Enter the first day")])


@pytest.fixture(scope="module")
def app() -> Flask:
    """No more of the console than forms need."""
    app = Flask("signpost.console")
    app.config.update(SECRET_KEY="signs the forms of these tests", WTF_CSRF_ENABLED=False)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_components(app)
    CSRFProtect(app)
    return app


def sent(app, kind=Everything, **fields: object):
    with app.test_request_context("/", method="POST", base_url="http://127.0.0.1:8080", data=fields):
        form = kind()
        form.validate()
        return form


def shown(app, template: str, kind=Everything, **fields: object) -> Page:
    method = "POST" if fields else "GET"
    with app.test_request_context("/", method=method, base_url="http://127.0.0.1:8080", data=fields or None):
        form = kind()
        if fields:
            form.validate()
        return Page(render_template_string(MACROS + template, form=form))


def test_text_comes_in_tidied_and_a_password_as_it_is(app):
    form = sent(app, name="  Anna \t", notes=" one\r\ntwo\r\n", secret=" a b ")
    assert (form.name.data, form.notes.data, form.secret.data) == ("Anna", "one\ntwo", " a b ")
    assert form.errors == {}


def test_only_spaces_are_nothing(app):
    assert sent(app, name="   ").errors == {"name": ["Enter a name"]}


@pytest.mark.parametrize("text", ["a\0b", "half \ud83d"])
def test_what_no_database_stores_is_refused_with_a_sentence(app, text: str):
    with app.test_request_context("/", method="POST", base_url="http://127.0.0.1:8080"):
        form = Everything(formdata=_Given({"name": [text]}))
        form.validate()
    assert form.errors["name"] == ["Name holds a character that can’t be stored. Delete it or type it again"]


class _Given(dict):
    """A form's fields, as WTForms takes them."""

    def getlist(self, name: str) -> list[str]:
        return self.get(name, [])


@pytest.mark.parametrize(
    ("field", "most", "sentence"),
    [
        ("name", LONGEST_LINE, "Name must be 256 characters or fewer"),
        ("notes", 40, "Notes must be 40 characters or fewer"),
        ("story", LONGEST_TEXT, "Story must be 8,000 characters or fewer"),
        ("secret", LONGEST_LINE, "Password must be 256 characters or fewer"),
    ],
)
def test_text_that_is_too_long_is_refused_with_the_number(app, field: str, most: int, sentence: str):
    longest = "é" * most
    assert field not in sent(app, **{"name": "Anna", field: longest}).errors
    form = sent(app, **{"name": "Anna", field: longest + "x"})
    assert form.errors == {field: [sentence]}
    assert form[field].data == longest + "x", "nothing typed is lost"


def test_an_answer_that_is_not_on_the_list_is_refused_in_our_words(app):
    form = sent(app, name="Anna", one="z", several=["a", "z"], listed="z")
    assert form.errors == {
        "one": ["Choose one of the answers"],
        "several": ["Choose from the answers on the page"],
        "listed": ["Choose one of the answers"],
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("27", "3", "2026"), "2026-03-27"),
        (("1", "01", "2026"), "2026-01-01"),
        ((" 9 ", "sept", "2026"), "2026-09-09"),
        (("29", "February", "2028"), "2028-02-29"),
    ],
)
def test_a_day_is_read_from_its_three_boxes(app, typed: tuple[str, str, str], expected: str):
    form = sent(app, Needed, **_day(typed))
    assert form.errors == {}
    assert form.since.data.isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "sentence", "wrong"),
    [
        (("", "", ""), "Enter the first day", ("day", "month", "year")),
        (("", "3", "2026"), "The first day must include a day", ("day",)),
        (("27", "", ""), "The first day must include a month and a year", ("month", "year")),
        (("30", "2", "2026"), "The first day must be a real day: February 2026 has 28 days", ("day",)),
        (("31", "11", "2026"), "The first day must be a real day: November 2026 has 30 days", ("day",)),
        (("0", "1", "2026"), "The first day must be a real day: January 2026 has 31 days", ("day",)),
        (("x", "1", "2026"), "The first day must be a real day: January 2026 has 31 days", ("day",)),
        (("-1", "1", "2026"), "The first day must be a real day: January 2026 has 31 days", ("day",)),
        (("1", "13", "2026"), "The first day must have a month from 1 to 12, or its name", ("month",)),
        (("1", "ju", "2026"), "The first day must have a month from 1 to 12, or its name", ("month",)),
        (("1", "x", "2026"), "The first day must have a month from 1 to 12, or its name", ("month",)),
        (("1", "1", "0"), "The first day must have a year from 1900 to 2100, in 4 figures", ("year",)),
        (("1", "1", "26"), "The first day must have a year from 1900 to 2100, in 4 figures", ("year",)),
        (
            ("1", "1", "99999999999999999999999"),
            "The first day must have a year from 1900 to 2100, in 4 figures",
            ("year",),
        ),
        (("1", "1", "２０２６"), "The first day must have a year from 1900 to 2100, in 4 figures", ("year",)),
    ],
)
def test_a_day_that_does_not_exist_is_explained_beside_the_right_box(app, typed, sentence, wrong):
    form = sent(app, Needed, **_day(typed))
    assert form.errors == {"since": [sentence]}
    assert form.since.wrong == wrong
    assert form.since.data is None
    assert form.since.typed == typed, "nothing typed is lost"


def test_a_day_may_be_left_out_where_it_is_optional(app):
    form = sent(app, name="Anna", **_day(("", "", "")))
    assert form.errors == {}
    assert form.since.data is None


def _day(typed: tuple[str, str, str]) -> dict[str, str]:
    return {f"since-{part}": text for part, text in zip(("day", "month", "year"), typed, strict=True)}


def test_every_mistake_leads_to_its_field(app):
    template = (
        "{{ errors(form) }}{{ text(form.name) }}{{ textarea(form.notes) }}{{ radios(form.one) }}{{ date(form.since) }}"
    )
    page = shown(app, template, name="", notes="x" * 41, one="z", **_day(("1", "13", "2026")))
    targets = [one["href"] for one in page.all("a")]
    assert targets == ["#name", "#notes", "#one", "#since-month"]
    ids = {one.get("id") for one in page.all("input", "textarea")}
    assert {target[1:] for target in targets} <= ids
    described = " ".join(str(one.get("aria-describedby")) for one in page.all("input", "textarea", "fieldset"))
    for name in ("name", "notes", "one", "since"):
        assert f"{name}-error" in described


def test_without_mistakes_there_is_no_summary(app):
    assert shown(app, "{{ errors(form) }}{{ errors(none) }}").tags == []


def test_further_mistakes_stand_in_the_summary_too(app):
    page = shown(app, '{{ errors(form, [{"text": "Choose another name", "href": "#name"}]) }}')
    assert [one["href"] for one in page.all("a")] == ["#name"]


def test_a_form_carries_its_token_and_its_hidden_fields(app):
    page = shown(app, '{{ form_start(form, "/there") }}</form>', version="7", name="Anna")
    assert page.all("form") == [{"method": "post", "action": "/there", "novalidate": None}]
    assert page.field("csrf_token")
    assert page.field("version") == "7"


@pytest.mark.parametrize(
    "text", ["one\n  two\n\nthree", "two\n\n\nlines between", "</textarea><script>x</script>", "a&#10;b"]
)
def test_a_text_comes_back_just_as_it_was_typed(app, text: str):
    for template in ("{{ textarea(form.notes) }}", "{{ radios(form.one, conditional={'a': textarea(form.notes)}) }}"):
        with app.test_request_context("/", base_url="http://127.0.0.1:8080"):
            form = Everything(formdata=None, notes=text)
            html = render_template_string(MACROS + template, form=form)
        inside = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
        assert inside
        assert "\n" not in inside[1], "indentation would add spaces"
        assert Page(f"<title>{inside[1]}</title>").title == text


def test_a_password_never_comes_back(app):
    template = "{{ password(form.secret, autocomplete='new-password') }}"
    page = shown(app, template, name="Anna", secret="my own secret")
    field = page.all("input")[0]
    assert (field["type"], field["autocomplete"], field.get("value")) == ("password", "new-password", None)
    assert "my own secret" not in page.html
    assert page.all("button")[0]["aria-label"] == "Show password"


def test_answers_that_were_given_are_still_given(app):
    template = (
        "{{ radios(form.one) }}{{ checkboxes(form.several) }}{{ checkboxes(form.agreed) }}{{ select(form.listed) }}"
    )
    page = shown(app, template, name="Anna", one="b", several=["a", "b"], listed="b", agreed="y")
    checked = [(one["name"], one["value"]) for one in page.all("input") if "checked" in one]
    assert checked == [("one", "b"), ("several", "a"), ("several", "b"), ("agreed", "y")]
    assert [one["value"] for one in page.all("option") if "selected" in one] == ["b"]


def test_text_areas_say_how_much_room_there_is(app):
    page = shown(app, "{{ textarea(form.notes) }}{{ textarea(form.story) }}")
    assert [one["data-maxlength"] for one in page.all("div") if "data-maxlength" in one] == ["40", "8000"]
    assert all("maxlength" not in one for one in page.all("textarea")), "what is pasted must not be cut off unseen"


def test_labels_cannot_smuggle_html(app):
    class Odd(StaffForm):
        field = RadioField("<b>One</b>", choices=[("<i>", "<i>a</i>")])

    page = shown(app, "{{ radios(form.field, hint='<u>h</u>') }}", Odd)
    assert not page.all("b", "i", "u")


def test_a_text_may_begin_with_empty_lines():
    assert in_one_line("\r\n  <b>") == "&#10;&#10;  &lt;b&gt;", "a browser drops the first"

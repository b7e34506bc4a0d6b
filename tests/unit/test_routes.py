"""Other routes are said only where they are approved, after the replies they belong to, and as far as there is room."""

import shutil
from pathlib import Path

import pytest
import yaml

from signpost.checking import check_helplines
from signpost.force.guard import guarded
from signpost.force.length import measure
from signpost.force.mandate import load_mandate
from signpost.force.routes import load_routes

FORCE = Path(__file__).parents[2] / "force"
CANNOT_PHONE = "Ask someone you trust to call 101 for you, or 999 in an emergency."
RELAY = "Textphone: 18000 in an emergency, 18001 101 otherwise."


@pytest.fixture
def force(tmp_path):
    shutil.copy(FORCE / "mandate.yml", tmp_path)
    return tmp_path


def approve(force, **helplines) -> None:
    (force / "helplines.yml").write_text(yaml.safe_dump({"helplines": helplines}), "utf-8")


def route(says=RELAY, approved="CCE, 2026-12-01", said_with=("utter_cannot_phone",)):
    return {"name": "A route", "says": says, "approved": approved, "said_with": list(said_with)}


def said(force, response="utter_cannot_phone", channel="messenger", text=CANNOT_PHONE):
    mandate = load_mandate(force)
    (reply,) = guarded(mandate, mandate.channel(channel), "not_report", [(response, text)])
    return reply.text


def test_none_is_approved_as_the_project_comes():
    assert load_routes(FORCE) == {}


def test_every_route_names_the_reply_it_belongs_to():
    helplines = yaml.safe_load((FORCE / "helplines.yml").read_text("utf-8"))["helplines"]
    assert all(one["said_with"] for one in helplines.values())


@pytest.mark.parametrize("approved", [None, "", "  ", True, 1, ["CCE"]])
def test_what_is_not_approved_by_somebody_is_never_said(force, approved):
    approve(force, relay=route(approved=approved))
    assert said(force) == CANNOT_PHONE


def test_an_approved_route_follows_its_reply_and_no_other(force):
    approve(force, relay=route(), form=route("There is a form on our website.", said_with=["utter_cannot_report_here"]))
    assert said(force) == f"{CANNOT_PHONE} {RELAY}"
    assert said(force, "utter_thanks", text="Thank you.") == "Thank you."


def test_an_approved_number_is_no_way_around_the_check_of_the_reply_itself(force):
    approve(force, relay=route())
    assert "18000" not in said(force, text="Call 18000.")


def test_on_x_only_what_fits_beside_the_reference_is_said(force):
    approve(force, long=route("So long. " * 30), relay=route())
    text = said(force, channel="x_dm")
    assert text == f"{CANNOT_PHONE} {RELAY}"
    assert measure(f"{text} Ref ABC-DEF", "weighted") <= 280
    approve(force, exact=route("x" * (280 - len(CANNOT_PHONE) - 1 - 11)))
    assert said(force, channel="x_dm") == CANNOT_PHONE
    approve(force, exact=route("x" * (280 - len(CANNOT_PHONE) - 1 - 12)))
    assert said(force, channel="x_dm") != CANNOT_PHONE


def test_a_force_without_the_file_says_nothing_more(force):
    assert said(force) == CANNOT_PHONE


@pytest.mark.parametrize("contents", ["helplines: [1]", "- a", "a: [", "helplines: {relay: text}"])
def test_nothing_is_said_of_a_file_that_cannot_be_understood(force, contents):
    (force / "helplines.yml").write_text(contents)
    assert said(force) == CANNOT_PHONE


def test_what_is_approved_must_say_something(force):
    approve(force, form=route(says=""))
    assert said(force) == CANNOT_PHONE
    assert ["says nothing" in one for one in check_helplines(force)] == [True]

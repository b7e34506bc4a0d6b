"""A trainer's whole loop in a real browser, through the whole product: from a wrong answer to a model that answers rightly.

It runs in a copy of the project: what is accepted, trained and promoted is the copy's.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from browsing import ARGUMENTS, CHROMIUM, fits
from integration.conftest import Product, running
from sqlalchemy import select

from signpost.console.corrections.reviewed import NAME
from signpost.log.clock import utc_now
from signpost.log.models import AuditEntry, StaffAccount, new_key

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright, from the development dependencies")
if CHROMIUM is None:
    pytest.skip(reason="needs Chromium: apt-get install chromium", allow_module_level=True)
pytestmark = [pytest.mark.rasa, pytest.mark.timeout(1500)]

PROJECT = Path(__file__).parents[2]
NEEDED = (
    *("actions", "bot", "data", "domain", "force", "migrations", "signpost", "tests/detection"),
    *("config.yml", "credentials.yml", "endpoints.yml", "requirements.lock"),
    *("models/signpost.tar.gz", "models/signpost.json", "models/vectors.npz"),
)
A_FEW_CONVERSATIONS = """\
conversations:
- conversation: Somebody reports a theft, and then says thanks
  channels: [messenger]
  turns:
  - says: someone stole my bike from outside the station last night
    label: crime_report
    escalation: yes
  - says: thank you
    label: not_report
    escalation: no
"""
"""The project's own take minutes, and have a test of their own."""
PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MESSAGE = "the pigeon on platform two nicked my sausage roll"
"""Near the border: taken for a report with a probability of about 0.4, and for none once it is among the messages."""
SECONDS, TRAINING_SECONDS = 20, 1200


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("rasa", reason="needs Rasa, and so Python 3.10")
    copy = tmp_path_factory.mktemp("project")
    for name in NEEDED:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        elif (PROJECT / name).exists():
            shutil.copy2(PROJECT / name, copy / name)
    (copy / "tests" / "conversation").mkdir()
    (copy / "tests" / "conversation" / "few.yml").write_text(A_FEW_CONVERSATIONS)
    return copy


@pytest.fixture(scope="module")
def product(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("data"), project=project) as one:
        hashed = PasswordHasher().hash(PASSWORD)
        with one.sessions.begin() as session:
            for role in ("reviewer", "trainer"):
                session.add(
                    StaffAccount(
                        key=new_key(),
                        username=role,
                        name=f"The {role}",
                        roles=[role],
                        password_hash=hashed,
                        totp_encrypted=one.vault.encrypt(SECRET),
                        created_at=utc_now(),
                    )
                )
        yield one


@pytest.fixture
def open_page(product: Product) -> Iterator[Callable]:
    """A browser of one person's own; at the end nothing may have been complained of."""
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def open_(path: str) -> object:
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            page.set_default_timeout(SECONDS * 1000)
            page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
            page.on("pageerror", lambda fault: complaints.append(str(fault)))
            page.goto(f"{product.console}{path}")
            return page

        yield open_
        browser.close()
    assert complaints == []


def press(page: object, name: str, role: str = "button") -> None:
    page.get_by_role(role, name=name, exact=True).first.click()


def main(page: object) -> str:
    return page.get_by_role("main").inner_text()


def sign_in(page: object, username: str) -> None:
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Continue")
    page.get_by_label("code").fill(pyotp.TOTP(SECRET).now())
    press(page, "Sign in")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def say(open_page: Callable, text: str) -> str:
    """What Signpost takes it for when somebody new writes it in the simulator."""
    page = open_page("/simulator/")
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    verdict = page.locator("#part-understanding .verdict:not([data-label=waiting])")
    verdict.wait_for()
    label = verdict.get_attribute("data-label")
    page.context.close()
    return label


def overturn(page: object) -> None:
    """The reviewer opens the record that was made, and judges it otherwise."""
    page.goto(page.url)
    page.get_by_role("main").get_by_text("Review the next one").click()
    page.wait_for_url("**/records/**")
    assert MESSAGE in main(page)
    page.get_by_role("group", name="Did Signpost get this message right?").get_by_text("No, or not all").click()
    for question in ("Was it a report?", "Was it an emergency?", "Was the reply right?"):
        page.get_by_role("group", name=question).get_by_text("No", exact=True).click()
    page.get_by_role("group", name="What became of it?").get_by_text("No action").click()
    press(page, "Save")
    page.get_by_text("Reviewed by").first.wait_for()


def accept(page: object) -> None:
    """The trainer accepts the correction, under what the person does in it."""
    page.get_by_role("link", name="Corrections").first.click()
    page.get_by_role("link", name=re.compile(MESSAGE[:20])).click()
    page.get_by_label("What the person does in it").select_option("not_meant_literally")
    press(page, "Accept")
    page.get_by_text("Accepted, and written to").wait_for()


def train(page: object) -> None:
    """Asks for a training, and watches it to its end without touching anything."""
    press(page, "Train with these", "link")
    assert MESSAGE in main(page)
    press(page, "Train a new model")
    page.wait_for_url(re.compile(r"/workbench/training/[0-9a-f-]{36}$"))
    assert page.locator("progress").is_visible()
    page.get_by_role("heading", name="What came of it").wait_for(timeout=TRAINING_SECONDS * 1000)


def promote(page: object) -> None:
    """Reads what came of it, and promotes the model; a person may do so although it misses a figure."""
    shown = main(page)
    assert MESSAGE in shown
    assert "Put right" in shown
    assert fits(page)
    press(page, "Promote this model")
    page.get_by_role("heading", name="What will follow").wait_for()
    if page.get_by_label("Promote it all the same").count():
        page.get_by_label("Promote it all the same").check()
        page.get_by_label("Why it should run all the same").fill("It is the loop itself that is tested here")
    press(page, "Promote this model")
    page.wait_for_url("**/workbench/models")
    assert "Promoted." in main(page)


def wait_until_it_runs(page: object) -> None:
    deadline = time.monotonic() + 2 * SECONDS
    while "It runs this model" not in main(page):
        assert time.monotonic() < deadline, main(page)
        page.wait_for_timeout(500)
        page.reload()


def test_a_correction_becomes_a_model_that_answers_rightly(
    product: Product, project: Path, open_page: Callable
) -> None:
    before = {file: file.read_bytes() for file in (PROJECT / "data" / "nlu").glob("*")}
    model = (PROJECT / "models" / "signpost.tar.gz").stat()
    assert say(open_page, MESSAGE) == "crime_report"

    reviewer = open_page("/sign-in")
    sign_in(reviewer, "reviewer")
    overturn(reviewer)

    trainer = open_page("/sign-in")
    sign_in(trainer, "trainer")
    accept(trainer)
    assert MESSAGE in (project / "data" / "nlu" / NAME).read_text("utf-8")
    train(trainer)
    assert say(open_page, MESSAGE) == "crime_report", "nothing changes before a person promotes the model"
    promote(trainer)
    wait_until_it_runs(trainer)
    assert say(open_page, MESSAGE) == "not_report"

    trainer.get_by_role("link", name="Roll back to this").first.click()
    press(trainer, "Roll back to this model")
    wait_until_it_runs(trainer)
    assert say(open_page, MESSAGE) == "crime_report"
    with product.reads() as session:
        told = session.scalars(select(AuditEntry.event).filter_by(actor="trainer")).all()
    assert {"correction_accepted", "training_asked", "model_promoted", "model_rolled_back"} <= set(told)
    assert {file: file.read_bytes() for file in (PROJECT / "data" / "nlu").glob("*")} == before
    assert (PROJECT / "models" / "signpost.tar.gz").stat() == model

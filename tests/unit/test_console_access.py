"""Who may open what: every address with every method, held to a table that is written by hand."""

from collections.abc import Iterator

import pytest
from console_staff import HOST, Console, console_of
from flask import Flask
from test_console_pages import parts_for

from signpost.console.signin.guard import TOKEN
from signpost.console.signin.sessions import begin

LET_IN, REFUSED, SENT_TO_SIGN_IN = "yes", "no", "->"
WHO = ("nobody", "reviewer", "trainer", "administrator", "auditor")
TABLE = {
    #                                                    nobody  reviewer trainer admin auditor
    # Anybody
    "GET /": "                                             yes     yes     yes     yes     yes",
    "GET /accessibility": "                                yes     yes     yes     yes     yes",
    "GET /health": "                                       yes     yes     yes     yes     yes",
    "GET /help": "                                         yes     yes     yes     yes     yes",
    "GET /offline": "                                      yes     yes     yes     yes     yes",
    "GET /offline-worker.js": "                            yes     yes     yes     yes     yes",
    "GET /privacy": "                                      yes     yes     yes     yes     yes",
    "GET /sign-in": "                                      yes     yes     yes     yes     yes",
    "POST /sign-in": "                                     yes     yes     yes     yes     yes",
    "GET /sign-in/code": "                                 yes     yes     yes     yes     yes",
    "POST /sign-in/code": "                                yes     yes     yes     yes     yes",
    "GET /sign-in/code-app": "                             yes     yes     yes     yes     yes",
    "POST /sign-in/code-app": "                            yes     yes     yes     yes     yes",
    "GET /sign-in/new-password": "                         yes     yes     yes     yes     yes",
    "POST /sign-in/new-password": "                        yes     yes     yes     yes     yes",
    "GET /sign-in/provider": "                             yes     yes     yes     yes     yes",
    "GET /sign-in/provider/out": "                         yes     yes     yes     yes     yes",
    "GET /sign-in/return": "                               yes     yes     yes     yes     yes",
    "GET /sign-in/signed-out": "                           yes     yes     yes     yes     yes",
    "POST /sign-out": "                                    yes     yes     yes     yes     yes",
    "GET /static/<path:filename>": "                       yes     yes     yes     yes     yes",
    # The simulator: anybody, but only on the machine it runs on (test_console_protection.py)
    "GET /simulator/": "                                   yes     yes     yes     yes     yes",
    "GET /simulator/channels/<key>": "                     yes     yes     yes     yes     yes",
    "GET /simulator/channels/<key>/state": "               yes     yes     yes     yes     yes",
    "GET /simulator/conversations/<uuid:key>": "           yes     yes     yes     yes     yes",
    "GET /simulator/conversations/<uuid:key>/state": "     yes     yes     yes     yes     yes",
    "POST /simulator/channel": "                           yes     yes     yes     yes     yes",
    "POST /simulator/messages": "                          yes     yes     yes     yes     yes",
    "POST /simulator/person": "                            yes     yes     yes     yes     yes",
    # Whoever is signed in
    "GET /account": "                                      ->      yes     yes     yes     yes",
    "GET /account/code-app": "                             ->      yes     yes     yes     yes",
    "POST /account/code-app": "                            ->      yes     yes     yes     yes",
    "GET /account/password": "                             ->      yes     yes     yes     yes",
    "POST /account/password": "                            ->      yes     yes     yes     yes",
    "POST /account/sign-out-everywhere": "                 ->      yes     yes     yes     yes",
    "GET /sign-in/kept/<uuid:key>": "                      ->      yes     yes     yes     yes",
    "POST /sign-in/kept/<uuid:key>/drop": "                ->      yes     yes     yes     yes",
    # The queue and its records
    "GET /queue": "                                        ->      yes     no      no      no",
    "GET /queue/changes": "                                ->      yes     no      no      no",
    "GET /queue/next": "                                   ->      yes     no      no      no",
    "GET /queue/search": "                                 ->      yes     no      no      no",
    "POST /queue/search": "                                ->      yes     no      no      no",
    "GET /queue/views": "                                  ->      yes     no      no      no",
    "POST /queue/views": "                                 ->      yes     no      no      no",
    "POST /queue/views/<int(max=2147483647):view_id>/delete": "->  yes     no      no      no",
    "POST /queue/views/<int(max=2147483647):view_id>/rename": "->  yes     no      no      no",
    "GET /records/<reference>": "                          ->      yes     no      no      no",
    "GET /records/<reference>/hold": "                     ->      yes     no      no      no",
    "POST /records/<reference>/hold": "                    ->      yes     no      no      no",
    "GET /records/<reference>/original": "                 ->      yes     no      no      no",
    "POST /records/<reference>/original": "                ->      yes     no      no      no",
    "GET /records/<reference>/review": "                   ->      yes     no      no      no",
    "POST /records/<reference>/review": "                  ->      yes     no      no      no",
    # Corrections
    "GET /corrections": "                                  ->      no      yes     no      no",
    "GET /corrections/<int(max=2147483647):correction_id>": " ->   no      yes     no      no",
    "POST /corrections/<int(max=2147483647):correction_id>": "->   no      yes     no      no",
    # The workbench
    "GET /workbench": "                                    ->      no      yes     no      no",
    "GET /workbench/try": "                                ->      no      yes     no      no",
    "POST /workbench/try": "                               ->      no      yes     no      no",
    "GET /workbench/example": "                            ->      no      yes     no      no",
    "POST /workbench/example": "                           ->      no      yes     no      no",
    "POST /workbench/example/begin": "                     ->      no      yes     no      no",
    "GET /workbench/conversations": "                      ->      no      yes     no      no",
    "GET /workbench/conversations/state": "                ->      no      yes     no      no",
    "POST /workbench/conversations/run": "                 ->      no      yes     no      no",
    "POST /workbench/conversations/stop": "                ->      no      yes     no      no",
    "GET /workbench/conversations/<key>": "                ->      no      yes     no      no",
    "GET /workbench/conversations/record/<uuid:key>": "    ->      no      yes     no      no",
    "POST /workbench/conversations/record/<uuid:key>": "   ->      no      yes     no      no",
    "GET /workbench/models": "                             ->      no      yes     no      no",
    "GET /workbench/models/<model>/discard": "             ->      no      yes     no      no",
    "POST /workbench/models/<model>/discard": "            ->      no      yes     no      no",
    "GET /workbench/models/<model>/promote": "             ->      no      yes     no      no",
    "POST /workbench/models/<model>/promote": "            ->      no      yes     no      no",
    "GET /workbench/models/<model>/roll-back": "           ->      no      yes     no      no",
    "POST /workbench/models/<model>/roll-back": "          ->      no      yes     no      no",
    "GET /workbench/training": "                           ->      no      yes     no      no",
    "POST /workbench/training": "                          ->      no      yes     no      no",
    "GET /workbench/training/<uuid:key>": "                ->      no      yes     no      no",
    "GET /workbench/training/<uuid:key>/state": "          ->      no      yes     no      no",
    "POST /workbench/training/<uuid:key>/stop": "          ->      no      yes     no      no",
    # Alerts
    "GET /alerts": "                                       ->      yes     no      yes     no",
    "POST /alerts/acknowledge": "                          ->      yes     no      yes     no",
    "POST /alerts/<uuid:key>/acknowledge": "               ->      yes     no      yes     no",
    # Reports and exports
    "GET /reports": "                                      ->      yes     yes     yes     no",
    "GET /reports.csv": "                                  ->      yes     yes     yes     no",
    "GET /exports": "                                      ->      yes     no      yes     no",
    "POST /exports": "                                     ->      yes     no      yes     no",
    "GET /requests": "                                     ->      no      no      yes     no",
    "GET /requests/erasure": "                             ->      no      no      yes     no",
    "POST /requests/erasure": "                            ->      no      no      yes     no",
    "GET /requests/foi": "                                 ->      no      no      yes     no",
    "POST /requests/foi": "                                ->      no      no      yes     no",
    "GET /requests/subject-access": "                      ->      no      no      yes     no",
    "POST /requests/subject-access": "                     ->      no      no      yes     no",
    # The audit log
    "GET /audit": "                                        ->      no      no      yes     yes",
    "POST /audit": "                                       ->      no      no      yes     yes",
    "GET /audit/chain": "                                  ->      no      no      yes     yes",
    "POST /audit/chain": "                                 ->      no      no      yes     yes",
    # Retention and staff
    "GET /retention": "                                    ->      no      no      yes     no",
    "GET /staff": "                                        ->      no      no      yes     no",
    "GET /staff/new": "                                    ->      no      no      yes     no",
    "POST /staff/new": "                                   ->      no      no      yes     no",
    "GET /staff/<uuid:key>": "                             ->      no      no      yes     no",
    "POST /staff/<uuid:key>": "                            ->      no      no      yes     no",
    "GET /staff/<uuid:key>/reset": "                       ->      no      no      yes     no",
    "POST /staff/<uuid:key>/reset": "                      ->      no      no      yes     no",
    "POST /staff/<uuid:key>/disable": "                    ->      no      no      yes     no",
    "POST /staff/<uuid:key>/enable": "                     ->      no      no      yes     no",
}
VALUES = {
    "key": "00000000-0000-4000-8000-000000000000",
    "reference": "ABCD-2345",
    "filename": "simulator.css",
    "view_id": 1,
    "correction_id": 1,
    "model": "0123456789abcdef0123456789abcdef",
}
LOOKING = ("HEAD", "OPTIONS")
"""Methods that Flask adds to each rule by itself."""


@pytest.fixture
def console(record, mandate) -> Console:
    return console_of(parts_for(record, mandate))


def rules(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every (method, rule, address with something in the place of its variables)."""
    adapter = app.url_map.bind("127.0.0.1:8080")
    for rule in app.url_map.iter_rules():
        values = {name: VALUES[name] for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {*LOOKING}):
            yield method, rule.rule, adapter.build(rule.endpoint, values, method=method)


def outcome(console: Console, who: str, method: str, address: str) -> str:
    """What comes of it when somebody in this role, freshly signed in, asks for the address."""
    client = console.client()
    if who != "nobody":
        with console.parts.sessions.begin() as session:
            token = begin(session, console.people[who], console.parts.clock())
        with client.session_transaction(base_url="http://127.0.0.1:8080") as cookie:
            cookie[TOKEN] = token
    response = client.open(address, method=method, headers=HOST)
    if response.status_code == 403:
        return REFUSED
    to = response.headers.get("Location", "")
    asked = to.startswith("/sign-in?next=") if method != "POST" else to == "/sign-in"
    return SENT_TO_SIGN_IN if asked else LET_IN


@pytest.fixture
def staffed(console) -> Console:
    console.people = {role: console.staff(role).id for role in WHO[1:]}
    return console


def test_no_address_is_missing_from_the_table_and_none_in_it_is_gone(console) -> None:
    assert {f"{method} {rule}" for method, rule, _address in rules(console.app)} == set(TABLE)


def test_every_row_says_something_of_everybody() -> None:
    for row in TABLE.values():
        assert len(row.split()) == len(WHO)
        assert set(row.split()) <= {LET_IN, REFUSED, SENT_TO_SIGN_IN}


@pytest.mark.parametrize("who", WHO)
def test_each_role_gets_where_the_table_says_and_nowhere_else(staffed, who) -> None:
    expected = {row: outcomes.split()[WHO.index(who)] for row, outcomes in TABLE.items()}
    found = {f"{method} {rule}": outcome(staffed, who, method, address) for method, rule, address in rules(staffed.app)}
    assert {row: came for row, came in found.items() if came != expected.get(row)} == {}


@pytest.mark.parametrize("method", LOOKING)
def test_a_method_that_only_looks_opens_no_more_than_the_others(staffed, method) -> None:
    closed = {row.split(" ", 1)[1] for row, outcomes in TABLE.items() if outcomes.split()[0] == SENT_TO_SIGN_IN}
    open_too = {row.split(" ", 1)[1] for row, outcomes in TABLE.items() if outcomes.split()[0] == LET_IN}
    known = [(asked, address) for asked, rule, address in rules(staffed.app) if rule in closed - open_too]
    tried = [address for asked, address in known if asked == "GET" or method == "OPTIONS"]
    assert len(tried) > 20
    assert {address for address in tried if outcome(staffed, "nobody", method, address) == LET_IN} == set()
    # An auditor reads the audit log and nothing else.
    refused = [one for one in tried if not one.startswith(("/audit", "/account", "/sign-in"))]
    assert {one for one in refused if outcome(staffed, "auditor", method, one) != REFUSED} == set()

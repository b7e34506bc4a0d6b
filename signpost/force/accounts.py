"""The force's accounts on the platforms: what ``force/accounts.yml`` holds, checked.

Tokens never stand in that file: each account's are in the environment or in ``secrets.env``, under names made of its key.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from signpost.mistakes import Mistake

PLATFORMS: dict[str, tuple[str, ...]] = {
    "facebook": ("messenger", "facebook_comment"),
    "instagram": ("instagram_dm", "instagram_comment"),
    "x": ("x_dm", "x_mention"),
}
"""Each platform's channels."""
LOGINS = ("facebook", "instagram")
ANY = "any"
"""In place of an id: whatever account a payload names. For rehearsals only."""
LONGEST_PAUSE_HOURS = 24 * 30
_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_RESERVED = "secret_"
_ID = re.compile(r"[0-9]{1,32}")
_FIELDS = {
    "platform", "id", "name", "channels", "public_reply", "private_reply", "staff_pause_hours", "quiet_alert_hours",
    "login", "approval",
}  # fmt: skip


def platform_of(channel: str) -> str:
    """The platform a channel belongs to; the channel's own name where none does (the simulator's)."""
    return next((platform for platform, channels in PLATFORMS.items() if channel in channels), channel)


@dataclass(frozen=True)
class Account:
    """One page or profile.

    ``public_reply`` and ``private_reply``: how a report under a post is answered, with either or both.
    ``staff_pause_hours``: how long Signpost keeps out of a conversation after a member of staff wrote in it.
    ``quiet_alert_hours``: after how long without any event an alert is raised; 0: never.
    ``login``: Instagram only: which of Meta's two logins the token comes from.
    ``approval``: X only: where its written approval is recorded; without it the account is off.
    """

    key: str
    platform: str
    id: str
    name: str
    channels: tuple[str, ...]
    public_reply: bool = True
    private_reply: bool = True
    staff_pause_hours: float = 12.0
    quiet_alert_hours: float = 24.0
    login: str = "facebook"
    approval: str = ""

    @property
    def token_variable(self) -> str:
        """The environment variable that holds its access token."""
        return f"SIGNPOST_TOKEN_{self.key.upper()}"

    @property
    def token_secret_variable(self) -> str:
        """X only: the environment variable that holds its access token's secret."""
        return f"SIGNPOST_TOKEN_SECRET_{self.key.upper()}"

    @property
    def off(self) -> str:
        """Why nothing is taken from this account or sent to it; empty when it is on."""
        if self.platform == "x" and not self.approval:
            return (
                f"{self.name} on X is off: X's developer terms ask for its written approval, and force/accounts.yml "
                "records none (approval)"
            )
        return ""


@dataclass(frozen=True)
class Accounts:
    """All accounts of the force."""

    all: tuple[Account, ...] = ()

    def on_channel(self, channel: str, account_id: str) -> Account | None:
        """The account that receives on this channel under this id, if it is ours, uses the channel and is on."""
        for account in self.all:
            if channel in account.channels and account.id in (account_id, ANY) and not account.off:
                return account
        return None

    def of_id(self, account_id: str) -> Account | None:
        """The account with this id, on whatever platform."""
        return next((account for account in self.all if account.id == account_id), None)


def load_accounts(file: Path, *, rehearsal: bool = False) -> Accounts:
    """Reads the accounts; no file means no accounts. ``any`` as an id is for rehearsals.

    Raises :class:`Mistake` with every fault, a sentence each.
    """
    faults, accounts = [], []
    for key, entry in _entries(file).items():
        wrong = list(_faults(key, entry, rehearsal=rehearsal))
        faults += [f"{file}: account {key}: {fault}." for fault in wrong]
        if not wrong:
            accounts.append(_account(key, entry))
    seen: dict[tuple[str, str], str] = {}
    for account in accounts:
        twin = seen.setdefault((account.platform, account.id), account.key)
        if twin != account.key:
            faults.append(f"{file}: {twin} and {account.key} have the same id; one account stands here once.")
    if faults:
        raise Mistake(" ".join(faults))
    return Accounts(tuple(accounts))


class _Twice(Exception):
    """A key that stands twice in one mapping."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key = key
        self.line = line


class _OnceEach(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping: YAML would drop the first account of the two without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML's own signature
        seen: set[str] = set()
        for key, _value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _Twice(key.value, key.start_mark.line + 1)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


def _entries(file: Path) -> dict[Any, Any]:
    """What stands under ``accounts``, unchecked. Raises :class:`Mistake` for a file that can't be read as YAML."""
    try:
        contents = yaml.load(file.read_text("utf-8"), _OnceEach)  # noqa: S506  # it is the safe loader, and stricter
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise Mistake(f"{file} can't be read: {fault.strerror}.") from None
    except _Twice as twice:
        raise Mistake(f"{file}, line {twice.line}: {twice.key} stands there twice; keep one.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        # ValueError: bytes that aren't UTF-8, and dates that don't exist.
        where = getattr(fault, "problem_mark", None)
        raise Mistake(f"{file}{f', line {where.line + 1}' if where else ''}: this isn't valid YAML.") from None
    if contents is None:
        return {}
    entries = contents.get("accounts") if isinstance(contents, dict) else None
    if not isinstance(contents, dict) or contents.keys() - {"accounts"} or not isinstance(entries, (dict, type(None))):
        raise Mistake(
            f"{file}: it should hold one mapping, named accounts, and nothing else; the one in the repository shows "
            "the form."
        )
    return entries or {}


def _account(key: str, entry: dict[str, Any]) -> Account:
    platform = entry["platform"]
    given = {name: entry[name] for name in _FIELDS & entry.keys() if name not in ("platform", "id", "name", "channels")}
    given["approval"] = str(given.get("approval") or "").strip()
    channels = tuple(entry.get("channels") or PLATFORMS[platform])
    return Account(key, platform, str(entry["id"]), str(entry.get("name") or key), channels, **given)


def _faults(key: Any, entry: Any, *, rehearsal: bool) -> Iterator[str]:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield "its key must be small letters, figures and underscores, beginning with a letter"
    elif key.startswith(_RESERVED):
        # Its token's variable would be that of another account's token secret.
        yield f"its key must not begin with {_RESERVED}"
    if not isinstance(entry, dict):
        yield "it should hold platform, id and name"
        return
    for unknown in sorted(map(str, entry.keys() - _FIELDS)):
        yield f"{unknown} is no field of an account; there are {', '.join(sorted(_FIELDS))}"
    platform = entry.get("platform")
    if not isinstance(platform, str) or platform not in PLATFORMS:
        yield f"platform must be one of {', '.join(PLATFORMS)}"
        return
    if not _ID.fullmatch(str(entry.get("id"))) and not (rehearsal and entry.get("id") == ANY):
        yield "id must be the platform's id of the account, figures only"
    channels = entry.get("channels", PLATFORMS[platform])
    if not isinstance(channels, (list, tuple)) or not channels or not set(map(str, channels)) <= {*PLATFORMS[platform]}:
        yield f"channels must be a list out of {', '.join(PLATFORMS[platform])}, or be left out for all of them"
    name = entry.get("name")
    if name is not None and (not isinstance(name, str) or not name.strip()):
        yield "name must be a text; in quotes where it is a number"
    yield from _option_faults(entry)


def _option_faults(entry: dict[str, Any]) -> Iterator[str]:
    for name in ("public_reply", "private_reply"):
        if not isinstance(entry.get(name, True), bool):
            yield f"{name} must be true or false"
    for name in ("staff_pause_hours", "quiet_alert_hours"):
        hours = entry.get(name, 1)
        if isinstance(hours, bool) or not isinstance(hours, (int, float)) or not 0 <= hours <= LONGEST_PAUSE_HOURS:
            yield f"{name} must be a number of hours from 0 to {LONGEST_PAUSE_HOURS}"
    if entry.get("login", "facebook") not in LOGINS or ("login" in entry and entry["platform"] != "instagram"):
        yield "login is for Instagram, and must be facebook or instagram"
    approval = entry.get("approval")
    if approval is not None and (entry["platform"] != "x" or not isinstance(approval, (str, date))):
        yield "approval is for X, and must name the approval, for instance its date and reference"

"""How long what is kept: the limits of the settings, and from when on each kind of data is due to be erased."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from signpost.mistakes import Mistake
from signpost.settings import Settings

LONDON = ZoneInfo("Europe/London")
NEVER = "never"
ORIGINALS, MESSAGES, RECORDS, CONVERSATIONS = "originals", "messages", "records", "conversations"
ALERTS, SIGN_INS, DIALOGUES, AUDIT = "alerts", "sign_ins", "dialogues", "audit"
KINDS = (ORIGINALS, MESSAGES, RECORDS, CONVERSATIONS, ALERTS, SIGN_INS, DIALOGUES, AUDIT)
"""In the order in which a run goes through them."""
NAMES = {
    ORIGINALS: "What people wrote, word for word",
    MESSAGES: "Messages that led to no record, with our replies",
    RECORDS: "Records, with their messages and replies",
    CONVERSATIONS: "Conversations without a message",
    ALERTS: "Alerts that are over",
    SIGN_INS: "Sign-ins that are over",
    DIALOGUES: "Dialogues of the assistant, which hold no text",
    AUDIT: "Audit entries",
}
_YEAR = 12
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True)
class Limits:
    """How long each kind is kept, and when retention runs each day (UK time; none: only by hand)."""

    original_days: int = 28
    message_days: int = 90
    record_months: int = 24
    alert_days: int = 365
    session_days: int = 30
    audit_years: int = 6
    runs_at: time | None = time(3, 30)

    def cutoff(self, kind: str, now: datetime) -> datetime:
        """What is older than this is due. ``now`` and the answer are UTC without a zone."""
        if kind in {RECORDS, AUDIT}:
            return _months_before(now, self.record_months if kind == RECORDS else self.audit_years * _YEAR)
        days = {
            ORIGINALS: self.original_days,
            MESSAGES: self.message_days,
            # Nobody wrote in them, so they are held by a colleague's pause alone, which lasts hours.
            CONVERSATIONS: 1,
            ALERTS: self.alert_days,
            SIGN_INS: self.session_days,
            DIALOGUES: self.original_days,
        }
        return now - timedelta(days=days[kind])

    def in_words(self, kind: str) -> str:
        """How long that kind is kept, such as 28 days."""
        number, unit = {
            ORIGINALS: (self.original_days, "day"),
            MESSAGES: (self.message_days, "day"),
            RECORDS: (self.record_months, "month"),
            CONVERSATIONS: (1, "day"),
            ALERTS: (self.alert_days, "day"),
            SIGN_INS: (self.session_days, "day"),
            DIALOGUES: (self.original_days, "day"),
            AUDIT: (self.audit_years, "year"),
        }[kind]
        return f"{number} {unit}{'' if number == 1 else 's'}"

    def next_run(self, now: datetime) -> datetime | None:
        """When retention runs next by the clocks of Great Britain; none when it runs only by hand."""
        if self.runs_at is None:
            return None
        today = now.replace(tzinfo=timezone.utc).astimezone(LONDON).date()
        for days in range(3):
            local = datetime.combine(today + timedelta(days=days), self.runs_at, LONDON)
            moment = local.astimezone(timezone.utc).replace(tzinfo=None)
            if moment > now:
                return moment
        raise AssertionError("a time of day comes every day")


def limits_of(settings: Settings) -> Limits:
    """The limits of the settings. Raises :class:`Mistake` when SIGNPOST_RETENTION_AT is no time of day."""
    return Limits(
        original_days=settings.keep_original_days,
        message_days=settings.keep_message_days,
        record_months=settings.keep_record_months,
        alert_days=settings.keep_alert_days,
        session_days=settings.keep_session_days,
        audit_years=settings.keep_audit_years,
        runs_at=_time_of_day(settings.retention_at),
    )


def _time_of_day(setting: str) -> time | None:
    if setting.strip().lower() == NEVER:
        return None
    found = _CLOCK.fullmatch(setting.strip())
    if not found:
        raise Mistake(f"SIGNPOST_RETENTION_AT is {setting!r}; it must be a time such as 03:30, or {NEVER}.")
    return time(int(found[1]), int(found[2]))


def _months_before(now: datetime, months: int) -> datetime:
    """The same day so many months earlier; the month's last day where it has no such day."""
    month = now.year * 12 + now.month - 1 - months
    year, month = divmod(month, 12)
    first_of_next = datetime(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)  # noqa: DTZ001  # UTC without a zone
    last_day = (first_of_next - timedelta(days=1)).day
    return now.replace(year=year, month=month + 1, day=min(now.day, last_day))

"""Plain words for what the record keeps as codes."""

from typing import Final

LABELS: Final = {
    "emergency": "Emergency",
    "crime_report": "Report of a crime",
    "not_report": "Not a report",
}
NO_LABEL: Final = "Not understood"

INTENTS: Final = {
    "report_emergency": "tells of a crime happening now, or of someone in danger now",
    "report_crime": "tells of an incident that appears to be a crime",
    "risk_to_life": "tells of suicide, self-harm or a missing person",
    "ask_case_update": "asks about something already reported",
    "past_or_settled_crime": "mentions a crime that is over and dealt with",
    "give_praise_or_thanks": "thanks or praises",
    "complain_about_police": "complains about the force or an officer",
    "ask_general_policing": "asks about the law or how policing works",
    "ask_jobs_or_events": "asks about jobs or events",
    "respond_to_appeal": "comments on an appeal by the force",
    "ask_if_monitored": "asks whether somebody reads the messages",
    "ask_can_report_here": "asks whether a crime can be reported here",
    "ask_what_101_is": "asks what 101 is",
    "ask_if_secure": "asks whether messages are secure",
    "ask_if_bot": "asks whether this is automatic",
    "cannot_phone": "says that they can't phone",
    "council_or_other_agency": "writes about something for the council or another agency",
    "lost_or_found": "writes about something lost or found",
    "opinion_or_news": "gives an opinion or talks about the news",
    "not_meant_literally": "jokes, or doesn't mean it literally",
    "everyday_talk": "chats about everyday things",
    "abuse": "is abusive",
    "spam": "sends spam",
    "greet": "says hello",
    "goodbye": "says goodbye",
    "affirm": "says yes",
    "deny": "says no",
    "stop": "asks for the replies to stop",
    "other_language": "writes in another language",
    "nlu_fallback": "can't be placed with enough certainty",
}

KINDS: Final = {
    "guidance": "Guidance, with all four statements",
    "emergency_guidance": "Emergency guidance, with 999 first and all four statements",
    "reminder": "Reminder, as the guidance was given within the hour",
    "emergency_reminder": "Emergency reminder, as the guidance was given within the hour",
    "answer": "Short answer",
}

ENDS: Final = {
    "answered": "Answered",
    "silent": "Silent by rule",
    "failed": "Failed",
}

DELIVERIES: Final = {
    "waiting": "Waiting",
    "delivered": "Delivered",
    "failed": "Not delivered",
}

# The spelling alphabet, as it is used on the telephone and the radio.
_LETTERS: Final = (
    "Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo "
    "Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
)
_DIGITS: Final = "zero one two three four five six seven eight nine"
_SPOKEN: Final = {word[0]: word for word in _LETTERS.split()} | {str(n): word for n, word in enumerate(_DIGITS.split())}


def words_for(table: dict[str, str], code: str) -> str:
    """The words for a code, or the code itself with spaces: a new code must not break the page."""
    return table.get(code, code.replace("_", " "))


def spoken(reference: str) -> str:
    """A reference as one says it on the telephone."""
    halves = (" ".join(_SPOKEN.get(letter, letter) for letter in half.upper()) for half in reference.split("-"))
    return ", ".join(halves)

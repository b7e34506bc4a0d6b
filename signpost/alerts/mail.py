"""Notices by e-mail: over SMTP, encrypted and with the server's certificate verified wherever it is another machine's."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timezone
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from signpost.alerts.notice import Notice, NotTold
from signpost.alerts.wording import most_pressing, subject, text

SECONDS = 10.0
STARTTLS, TLS, PLAIN = "smtp+starttls", "smtps", "smtp"
MOST_IDS = 20


@dataclass(frozen=True)
class MailServer:
    """Where the mail is handed in, and as whom."""

    security: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Mail:
    """Tells people by e-mail, all of them in one message."""

    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    context: ssl.SSLContext
    name: str = "e-mail"

    def tell(self, notice: Notice) -> str:
        """Hands the notice in, and says what the server did. Raises :class:`NotTold`."""
        message = message_of(notice, self.sender, self.recipients)
        server = f"The mail server {self.server.host}"
        with _told_in_sentences(server), self._connected() as smtp:
            if self.server.security == STARTTLS:
                smtp.starttls(context=self.context)
            if self.server.user:
                smtp.login(self.server.user, self.server.password)
            refused = smtp.send_message(message, self.sender, self.recipients)
        taken = len(self.recipients) - len(refused)
        return f"{server} took it for {taken} of {len(self.recipients)} addresses."

    def _connected(self) -> smtplib.SMTP:
        # The name we greet with: the machine's own may take long to look up, and is nobody's business.
        name = self.sender.rpartition("@")[2]
        host, port = self.server.host, self.server.port
        if self.server.security == TLS:
            return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=SECONDS, context=self.context)
        return smtplib.SMTP(host, port, local_hostname=name, timeout=SECONDS)


def message_of(notice: Notice, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The notice as a message. Its id is the same for the same alerts told the same time."""
    # The library refuses a line break in any header; and nothing in one comes from outside the force.
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = subject(notice)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Date"] = format_datetime(notice.now.replace(tzinfo=timezone.utc))
    message["Message-ID"] = f"<{notice.mark}.alerts@{sender.rpartition('@')[2]}>"
    # So that no absence note answers it.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if notice.urgent:
        message["Importance"] = "high"
        message["X-Priority"] = "1"
    ids = [f"{one.id}/{one.number}" for one in most_pressing(notice)[:MOST_IDS]]
    if ids:
        message["X-Signpost-Alerts"] = ", ".join(ids)
    message.set_content(text(notice))
    return message


@contextmanager
def _told_in_sentences(server: str) -> Iterator[None]:
    """What went wrong, in a sentence. The server's own words may be anybody's, so they aren't repeated."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise NotTold(f"{server} shows a certificate that this machine doesn't trust.") from None
    except smtplib.SMTPNotSupportedError:
        raise NotTold(f"{server} doesn't offer what is asked of it: encryption (STARTTLS) or the sign-in.") from None
    except smtplib.SMTPAuthenticationError:
        raise NotTold(f"{server} doesn't take the user and SIGNPOST_SMTP_PASSWORD.") from None
    except smtplib.SMTPRecipientsRefused:
        raise NotTold(f"{server} takes none of the addresses in SIGNPOST_ALERT_TO.") from None
    except smtplib.SMTPSenderRefused:
        raise NotTold(f"{server} doesn't take SIGNPOST_ALERT_FROM as a sender.") from None
    except smtplib.SMTPResponseException as fault:
        raise NotTold(f"{server} answered {fault.smtp_code}.") from None
    except (OSError, smtplib.SMTPException) as fault:
        raise NotTold(f"{server} could not be reached ({type(fault).__name__}).") from None

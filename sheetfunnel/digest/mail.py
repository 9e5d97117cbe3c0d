"""A digest on its way: by SMTP, or through apprise to wherever a person reads."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import Final

from sheetfunnel.digest.letter import Digest
from sheetfunnel.digest.page import as_page
from sheetfunnel.digest.settings import MailSettings, Security
from sheetfunnel.digest.text import as_text
from sheetfunnel.errors import Busy, NoAccess, SheetfunnelError

#: Seconds after which a mail server that does not answer is given up.
_PATIENCE: Final = 30
_WIDTH: Final = 72


def send(digest: Digest, settings: MailSettings) -> tuple[str, ...]:
    """Send a digest; return to whom it went.

    Raises:
        Busy: the server cannot be reached, or says to try later.
        NoAccess: it does not accept the user or the password.
        SheetfunnelError: it refuses the mail, or a part that is needed is not installed.

    """
    return _notify(digest, settings) if settings.notify else _mail(digest, settings)


def message(digest: Digest, settings: MailSettings) -> EmailMessage:
    """Return the mail: the text, and the page for those who see it.

    Raises:
        SheetfunnelError: an address is none.

    """
    for address in (settings.sender, *settings.to):
        if "@" not in parseaddr(address)[1] or set("\r\n") & set(address):
            raise SheetfunnelError(
                f"“{' '.join(address.split())}” is not an address of mail.",
                hint="Write it as name@example.org.",
            )
    made = EmailMessage()
    made["Subject"] = digest.subject
    made["From"] = settings.sender
    made["To"] = ", ".join(settings.to)
    made["Date"] = formatdate(localtime=True)
    made["Message-ID"] = make_msgid(domain=parseaddr(settings.sender)[1].rpartition("@")[2])
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(as_text(digest, _WIDTH), cte="quoted-printable")
    made.add_alternative(as_page(digest), subtype="html", cte="quoted-printable")
    return made


def _mail(digest: Digest, settings: MailSettings) -> tuple[str, ...]:
    made, place = message(digest, settings), f"{settings.host}:{settings.port}"
    try:
        with _connected(settings) as server:
            if settings.user:
                server.login(settings.user, settings.password)
            refused = server.send_message(made)
    except smtplib.SMTPAuthenticationError:
        raise NoAccess(
            f"“{place}” does not accept the user “{settings.user}” or the password; nothing was sent.",
            hint="Correct them in the settings; some providers want a password made for programs.",
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise SheetfunnelError(
            f"“{place}” does not offer what the settings ask for (starttls, or a login); nothing was sent.",
            hint='Try security = "tls" and port = 465, or leave out user and password.',
        ) from None
    except smtplib.SMTPResponseException as error:
        raise _answered(place, error.smtp_code) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _answered(place, max(codes, default=0)) from None
    except ssl.SSLError as error:
        raise SheetfunnelError(
            f"“{place}” does not prove who it is ({error.reason or 'no certificate'}); nothing was sent.",
            hint="Check host, port and security in the settings.",
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise Busy(
            f"“{place}” cannot be reached ({said}); nothing was sent.",
            hint="Check host and port in the settings and whether this machine is online, then try again.",
        ) from None
    return tuple(address for address in settings.to if address not in refused)


def _connected(settings: MailSettings) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.security is Security.TLS:
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=_PATIENCE)
    if settings.security is Security.STARTTLS:
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


_LATER: Final = range(400, 500)


def _answered(place: str, code: int) -> SheetfunnelError:
    if code in _LATER:
        return Busy(f"“{place}” says to try later ({code}); nothing was sent.", hint="Try again in a while.")
    return SheetfunnelError(
        f"“{place}” refused the mail ({code}); nothing was sent.",
        hint="Check sender and to in the settings: the server may send only from your own address.",
    )


def _notify(digest: Digest, settings: MailSettings) -> tuple[str, ...]:
    try:
        import apprise
    except ImportError:
        raise SheetfunnelError(
            "The settings name addresses of apprise, which is not installed.",
            hint="Install it with the program: pip install 'sheetfunnel[notify]'. Or send by mail: host, "
            "sender, to.",
        ) from None
    sender = apprise.Apprise()
    known = [sender.add(address) for address in settings.notify]
    if not all(known):
        raise SheetfunnelError(
            f"Address {known.index(False) + 1} of “notify” is none that apprise knows; nothing was sent.",
            hint="Look at the list of its addresses, such as mailtos://user:password@example.org.",
        )
    sent = sender.notify(
        title=digest.subject, body=as_page(digest), body_format=apprise.NotifyFormat.HTML, tag=None
    )
    if not sent:
        raise Busy(
            "Not every address of “notify” took the digest.",
            hint="Check the addresses in the settings and whether this machine is online, then try again.",
        )
    return tuple(f"notify {number}" for number, _ in enumerate(settings.notify, start=1))

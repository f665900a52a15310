"""Where mail goes, for all who send any."""

from __future__ import annotations

from collections.abc import Mapping

from activities.smtp import MailSettings


def mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """Read where mail goes and in whose name; by default a server on this machine."""
    url = environment.get("SMTP_URL", "smtp://127.0.0.1:25")
    sender = environment.get("POLDER_MAIL_FROM", "Polder <polder@localhost>")
    return MailSettings.read(url, sender)

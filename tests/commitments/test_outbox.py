"""The mail that is owed: late if it must, never twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from commitments import outbox
from commitments.models import OutgoingMail
from tests.factories import make_signature, make_user

pytestmark = pytest.mark.django_db


class DownBackend(EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


class SecondSenderBackend(EmailBackend):
    """While one sender hands a mail over, another one looks at the outbox."""

    def send_messages(self, messages):
        outbox.send_due()
        return super().send_messages(messages)


SECOND_SENDER = f"{__name__}.SecondSenderBackend"
DOWN = f"{__name__}.DownBackend"


def test_c39_a_mail_server_down_for_a_day_delays_mail_and_stops_nobody(settings):
    make_user("reviewer")
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = DOWN
    make_signature()
    owed = OutgoingMail.objects.count()
    assert owed == 2  # the invitation, and the word to the reviewer
    for _ in range(len(outbox.PAUSES) - 1):
        OutgoingMail.objects.update(not_before=None)
        outbox.send_due()
    assert [row.state for row in OutgoingMail.objects.all()] == ["waiting"] * owed
    assert {row.last_error for row in OutgoingMail.objects.all()} == {"ConnectionRefusedError"}
    assert outbox.send_due() == (0, 0)  # not before its pause is over

    settings.EMAIL_BACKEND = working
    OutgoingMail.objects.update(not_before=timezone.now())
    assert [outbox.send_due(), outbox.send_due()] == [(owed, 0), (0, 0)]

    assert len(mail.outbox) == owed
    assert [row.state for row in OutgoingMail.objects.all()] == ["sent"] * owed


def test_the_pauses_together_outlast_a_day():
    assert sum(pause.total_seconds() for pause in outbox.PAUSES) > 24 * 3600


def test_a_mail_whose_sender_was_killed_is_never_sent_by_itself_but_shown(settings):
    make_user("reviewer")
    make_signature()
    OutgoingMail.objects.update(state="sending", created_at=timezone.now() - timedelta(hours=2))
    assert outbox.send_due() == (0, 0)
    assert outbox.held() == 2
    assert outbox.release(OutgoingMail.objects.first())
    assert outbox.send_due() == (1, 0)


def test_after_the_last_try_a_mail_is_stuck(settings):
    settings.EMAIL_BACKEND = DOWN
    make_signature()
    for _ in range(len(outbox.PAUSES) + 2):
        OutgoingMail.objects.update(not_before=None)
        outbox.send_due()
    row = OutgoingMail.objects.first()
    assert (row.state, row.attempts) == ("stuck", len(outbox.PAUSES) + 1)
    assert outbox.held() == OutgoingMail.objects.count()


def test_c61_markup_and_line_breaks_stay_text_in_a_mail(settings):
    make_user("reviewer")
    signature = make_signature()
    declaration = signature.signatory.declaration
    from commitments import notifications

    signature.position_title = "Kepala <b>Dinas</b> & 'Contoh'\nBcc: siapa@contoh.example"
    signature.pk = 999
    notifications.signed(signature)
    row = OutgoingMail.objects.get(dedup_key="signed:999")
    assert "<b>Dinas</b> & 'Contoh'" in row.body
    assert "\n" not in row.subject
    assert row.declaration == declaration


def test_two_senders_at_once_send_each_mail_once(settings):
    settings.EMAIL_BACKEND = SECOND_SENDER
    make_signature()
    owed = OutgoingMail.objects.count()
    assert owed == 2
    outbox.send_due()
    assert len(mail.outbox) == owed
    assert [row.attempts for row in OutgoingMail.objects.all()] == [1] * owed


def test_c37_held_mail_is_shown_to_an_administrator(client):
    make_signature()
    client.force_login(make_user("admin"))
    assert "surat tertahan" not in client.get(reverse("admin:index")).text
    OutgoingMail.objects.update(state="stuck")
    page = client.get(reverse("admin:index")).text
    assert f"{OutgoingMail.objects.count()} surat tertahan." in page
    assert reverse("admin:commitments_outgoingmail_changelist") + "?state__exact=stuck" in page


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("NobodyToSendTo", "belum ada alamat yang dapat dikirimi"),
        ("ConnectionRefusedError", "server surat tidak dapat dihubungi"),
        ("ZeroDivisionError", "kesalahan lain"),
        ("dilepas kembali", "dilepas kembali"),
    ],
)
def test_an_administrator_reads_why_a_mail_is_held_and_no_name_of_an_exception(client, kept, told):
    make_signature()
    OutgoingMail.objects.update(state="stuck", last_error=kept)
    client.force_login(make_user("admin"))
    one = OutgoingMail.objects.first().pk
    addresses = [
        reverse("admin:commitments_outgoingmail_changelist"),
        reverse("admin:commitments_outgoingmail_change", args=[one]),
    ]
    for page in [client.get(address).text for address in addresses]:
        assert told in page
        assert (kept in page) == (kept == told)

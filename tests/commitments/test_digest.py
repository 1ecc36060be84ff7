"""Reminders of the follow-through: one mail an office and day at most, none when nothing is owed."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from commitments import dates
from commitments.models import OutgoingMail
from commitments.reminding.offices import remind_offices
from commitments.states import Completion
from tests.factories import make_action, make_evidence, make_membership, make_plan, make_report

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(dates, "today", lambda: TODAY)


@pytest.fixture
def plan():
    plan = make_plan()
    for _number in range(2):
        make_membership(agency=plan.agency)
    return plan


def after(days):
    return TODAY + timedelta(days=days)


def test_c59_one_mail_tells_an_office_all_it_owes(plan):
    make_action(plan=plan, title="Terlambat", due_on=after(-1))
    make_action(plan=plan, title="Segera", due_on=after(7))
    make_action(plan=plan, title="Nanti", due_on=after(8))
    make_report(make_action(plan=plan, title="Kembali laporan", due_on=after(90)), state="needs_work")
    make_evidence(make_action(plan=plan, title="Kembali bukti", due_on=after(90)), state="needs_work")
    assert remind_offices() == 1
    mail = OutgoingMail.objects.get()
    assert mail.to.split("\n") == sorted(one.user.email for one in plan.agency.memberships.all())
    parts = mail.body.split("\n\n")
    told = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}
    assert told["Lewat batas waktu:"] == "- Terlambat (batas 29 Juni 2026)"
    assert told["Jatuh tempo dalam tujuh hari:"] == "- Segera (batas 7 Juli 2026)"
    assert sorted(told["Dikembalikan untuk diperbaiki:"].split("\n")) == [
        "- Kembali bukti",
        "- Kembali laporan",
    ]
    assert "Nanti" not in mail.body
    assert f"/tindak-lanjut/{plan.pk}/" in mail.body


def test_c59_run_twice_it_is_sent_once_and_the_next_day_again(plan, monkeypatch, capsys):
    make_action(plan=plan, due_on=after(-1))
    for _time in range(2):
        call_command("send_reminders")
    assert capsys.readouterr().out.split("\n")[:2] == [
        "1 surat ringkasan disiapkan.",
        "0 surat ringkasan disiapkan.",
    ]
    assert OutgoingMail.objects.count() == 1
    monkeypatch.setattr(dates, "today", lambda: after(1))
    call_command("send_reminders")
    assert OutgoingMail.objects.count() == 2


def test_c59_no_mail_when_all_is_done(plan):
    done = make_action(plan=plan, due_on=after(-1))
    make_report(done, state="accepted", claimed=Completion.COMPLETE)
    make_report(
        make_action(plan=plan, due_on=after(3)), state="accepted", quarter=2, claimed=Completion.COMPLETE
    )
    claimed = make_action(plan=plan, due_on=after(-1))
    make_report(claimed, state="submitted", quarter=2, claimed=Completion.COMPLETE)  # DPPPA's turn
    make_report(claimed, state="needs_work", quarter=1)
    make_action(plan=make_plan(agency=plan.agency, year=2024), due_on=date(2024, 3, 1))  # long ago
    assert remind_offices() == 0
    assert not OutgoingMail.objects.exists()


def test_c59_what_was_due_in_december_is_told_in_january_in_the_same_mail(plan, monkeypatch):
    make_action(plan=plan, title="Tahun lalu", due_on=date(2026, 12, 31))
    later = make_plan(agency=plan.agency, year=2027)
    make_action(plan=later, title="Tahun ini", due_on=date(2027, 1, 1))
    monkeypatch.setattr(dates, "today", lambda: date(2027, 1, 2))
    assert remind_offices() == 1
    mail = OutgoingMail.objects.get()
    assert ("Tahun lalu" in mail.body, "Tahun ini" in mail.body) == (True, True)
    assert f"/tindak-lanjut/{later.pk}/" in mail.body


def test_c59_a_digest_that_did_not_get_out_gives_way_to_that_of_the_next_day(plan, monkeypatch):
    make_action(plan=plan, due_on=after(-1))
    remind_offices()
    monkeypatch.setattr(dates, "today", lambda: after(1))
    remind_offices()
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "waiting"]


def test_c59_an_office_without_an_address_counts_as_not_told():
    make_action(due_on=after(-1))
    assert remind_offices() == 0
    assert not OutgoingMail.objects.exists()


def test_c61_a_title_with_markup_stays_text_and_one_line(plan):
    make_action(plan=plan, title="<b>Baris</b>", due_on=after(-1))
    remind_offices()
    mail = OutgoingMail.objects.get()
    assert "- <b>Baris</b> (batas" in mail.body
    assert "\n" not in mail.subject

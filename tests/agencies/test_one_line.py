"""Names and titles have one line, however they are sent: they stand in subjects of mails and in lines of papers."""

import pytest
from django.db import models
from django.urls import reverse

from agencies.models import Agency, Official, Position, User
from agencies.one_line import one_line
from commitments.models import Declaration, Letterhead, OutgoingMail
from commitments.publishing.forms import LetterheadForm
from tests.factories import (
    make_declaration,
    make_official,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db
BREAKS = ["\n", "\r\n", "\r", "\n\n", " \n ", "\u2028", "\x0b"]


@pytest.mark.parametrize("between", BREAKS)
def test_every_kind_of_line_break_becomes_one_blank(between):
    assert one_line(f"Nama{between}Bcc: x") == "Nama Bcc: x"


def test_a_text_of_one_line_stays_as_it_is():
    assert one_line(" Nama  Orang ") == " Nama  Orang "


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Agency, {"name": "Dinas\nBcc: x", "abbreviation": "DPP\nPA"}),
        (Position, {"title": "Kepala\r\nBcc: x"}),
        (Official, {"name": "Nama\nBcc: x", "title_before": "Dr.\nX", "title_after": "S.Sos.\nX"}),
        (User, {"first_name": "Nama\nBcc: x", "last_name": "Orang\rX"}),
        (Declaration, {"title": "Komitmen\nBcc: x", "place": "Kota\nBekasi", "venue": "Aula\nX"}),
        (Letterhead, {"line1": "Pemerintah\nX", "line2": "Dinas\nX", "address": "Jalan\nX"}),
    ],
)
def test_what_every_form_asks_of_a_model_joins_the_lines(model, fields):
    row = model(**fields)
    others = {field.name for field in model._meta.fields if field.name not in fields}
    row.clean_fields(exclude=others)
    if model is User:
        row.clean()
    kept = {name: getattr(row, name) for name in fields}
    assert kept == {name: one_line(text) for name, text in fields.items()}
    assert not any("\n" in text or "\r" in text for text in kept.values())


def test_an_official_sent_to_the_admin_by_hand_has_a_name_of_one_line(client):
    client.force_login(make_user("admin", is_staff=True))
    data = {"name": "Nama\nBcc: x", "nip_absent_reason": "bukan ASN", "sex": "P"}
    assert client.post(reverse("admin:agencies_official_add"), data).status_code == 302
    assert Official.objects.get().name == "Nama Bcc: x"


def test_a_letterhead_sent_by_hand_has_lines_of_one_line():
    form = LetterheadForm({"name": "Kop\nX", "line1": "Satu\nX", "line2": "Dua\nX"})
    assert form.is_valid()
    kept = form.save()
    assert (kept.name, kept.line1, kept.line2) == ("Kop X", "Satu X", "Dua X")


def test_it_is_a_column_like_any_other():
    assert Official._meta.get_field("name").deconstruct()[1] == f"{models.__name__}.CharField"


def test_a_title_of_two_lines_from_before_is_not_split_between_subject_and_text():
    tenure = make_tenure(official=make_official(email="pejabat@contoh.example"))
    make_declaration(positions=[tenure.position], title="Komitmen\n\nBcc: x")
    mail = OutgoingMail.objects.get(kind="invited")
    assert mail.subject == "Mohon tanda tangan: Komitmen Bcc: x"
    assert mail.body.startswith("Yth.")

"""Chasing the missing signatures, and the calendar of what is open."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Tenure
from commitments import dates, outbox
from commitments.models import OutgoingMail
from commitments.publishing import verbs as publishing
from commitments.publishing.checks import Fact
from commitments.signing import verbs as signing
from tests.factories import (
    holder_of,
    make_declaration,
    make_official,
    make_position,
    make_signature,
    make_tenure,
    make_user,
)
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user)
    return user


def page(declaration):
    return reverse("commitments:remind", args=[declaration.pk])


def reminders():
    return OutgoingMail.objects.filter(kind="reminded").order_by("pk")


def slots_of(declaration):
    return list(declaration.signatories.in_protocol_order())


def declaration_in_every_state():
    """Posts that wait, were returned, signed, were accepted, declined, were excused; without address; vacant."""
    positions = [make_tenure().position for _ in range(6)]  # protocol order is the order of making
    positions += [make_tenure(official=make_official()).position, make_position()]
    declaration = make_declaration(positions=positions)
    slots = slots_of(declaration)
    returned, signed, accepted, declined, excused = slots[1:6]
    make_signature(returned, state="returned")
    make_signature(signed)
    make_signature(accepted, state="accepted")
    type(declined).objects.filter(pk=declined.pk).update(state="declined", reason="Berhalangan tetap.")
    publishing.excuse(excused, reason="Jabatan dihapus.", by=make_user("admin"))
    return declaration, slots


def test_the_page_sorts_the_missing_by_what_can_be_done(client, admin):
    declaration, slots = declaration_in_every_state()
    waiting, returned, _signed, _accepted, declined, _excused, silent, vacant = slots
    missing = client.get(page(declaration)).context["missing"]
    assert missing.slots == [waiting, returned, declined, silent, vacant]
    assert missing.reachable == [waiting, returned, declined]
    assert missing.without_address == [silent]
    assert missing.vacant == [vacant]


def test_reminding_sends_to_those_chosen_and_to_nobody_else(client, admin, mailoutbox):
    declaration, (_waiting, returned, *_others) = declaration_in_every_state()
    with as_owner():
        OutgoingMail.objects.all().delete()
    client.post(page(declaration), {"chosen": [returned.pk]})
    outbox.send_due()
    (mail,) = mailoutbox
    assert mail.to == [holder_of(returned).email]
    assert f"/tanda-tangan/{returned.pk}/" in mail.body
    assert mail.subject.startswith("Pengingat: ")


def test_who_cannot_sign_yet_stands_apart_and_may_be_reminded(client, admin):
    declaration, (waiting, returned, _signed, _accepted, declined, *_rest) = declaration_in_every_state()
    answer = client.get(page(declaration))
    assert answer.context["missing"].by_mail == [(False, [waiting, returned]), (True, [declined])]
    assert "Menyatakan belum dapat (1)" in answer.text
    assert "Berhalangan tetap." in answer.text
    assert answer.context["form"].ticked == {waiting.pk, returned.pk}  # by hand only
    client.post(page(declaration), {"chosen": [declined.pk]})
    assert [mail.signatory for mail in reminders()] == [declined]


def test_who_cannot_sign_yet_stands_last_whatever_the_protocol_says(client, admin):
    declaration = make_declaration(slots=3)
    first, second, third = slots_of(declaration)
    signing.decline(second, reason="Sedang cuti.", by=holder_of(second))
    missing = client.get(page(declaration)).context["missing"]
    assert missing.by_mail == [(False, [first, third]), (True, [second])]


def test_the_reason_of_who_has_no_address_is_told_too(client, admin):
    silent = make_tenure(official=make_official(user=make_user(email="")))
    declaration = make_declaration(positions=[silent.position])
    (slot,) = slots_of(declaration)
    signing.decline(slot, reason="Sedang cuti.", by=silent.official.user)
    answer = client.get(page(declaration))
    assert answer.context["missing"].without_address == [slot]
    assert "Menyatakan belum dapat: Sedang cuti." in answer.text


def test_reminding_twice_a_day_sends_one_mail_and_says_so(client, admin):
    declaration = make_declaration()
    (slot,) = slots_of(declaration)
    client.post(page(declaration), {"chosen": [slot.pk]})
    answer = client.post(page(declaration), {"chosen": [slot.pk]}, follow=True)
    assert reminders().count() == 1
    assert "sudah diingatkan hari ini dan tidak dikirimi lagi" in answer.text
    assert answer.context["form"].ticked == set()  # not ticked again by itself


def test_the_next_day_may_be_reminded_again(client, admin):
    declaration = make_declaration()
    (slot,) = slots_of(declaration)
    client.post(page(declaration), {"chosen": [slot.pk]})
    yesterday = timezone.now() - timedelta(days=1)
    reminders().update(created_at=yesterday, dedup_key="reminded:yesterday")
    answer = client.get(page(declaration))
    assert answer.context["form"].ticked == {slot.pk}
    assert f"terakhir diingatkan {dates.long_date(yesterday)}" in answer.text
    client.post(page(declaration), {"chosen": [slot.pk]})
    assert reminders().count() == 2


def test_a_post_that_signed_meanwhile_is_not_reminded(client, admin):
    declaration = make_declaration(slots=2)
    signed, waiting = slots_of(declaration)
    make_signature(signed)
    answer = client.post(page(declaration), {"chosen": [signed.pk, waiting.pk]})
    assert answer.status_code == 422
    assert "baru saja menandatangani" in answer.text
    assert reminders().count() == 0
    assert answer.context["form"].ticked >= {waiting.pk}  # the choice is kept


@pytest.mark.parametrize("chosen", [[], ["x"], ["\u0663"], ["-1"], ["9" * 40]])
def test_a_wrong_choice_is_explained(client, admin, chosen):
    declaration = make_declaration()
    answer = client.post(page(declaration), {"chosen": chosen})
    assert answer.status_code == 422
    assert reminders().count() == 0


def test_only_an_open_declaration_is_chased(client, admin):
    assert client.get(page(make_declaration(state="draft"))).status_code == 404
    assert client.get(page(make_declaration(state="withdrawn"))).status_code == 404


def test_ready_texts_name_posts_and_carry_no_secret(client, admin):
    declaration, (waiting, returned, signed, *_others, silent, vacant) = declaration_in_every_state()
    answer = client.get(page(declaration))
    text = answer.context["missing"].group_text
    assert [slot.position.title in text for slot in (waiting, returned, signed, silent, vacant)] == [
        True, True, False, True, True,
    ]  # fmt: skip
    assert "dikembalikan, mohon tanda tangan ulang" in text
    assert text.count("http") == 1
    assert answer.context["missing"].without_address[0].text in answer.text.replace("&quot;", '"')


def test_publishing_warns_of_those_without_an_address(client, admin):
    silent = make_tenure(official=make_official()).position
    declaration = make_declaration(state="draft", positions=[silent, make_tenure().position])
    answer = client.get(reverse("commitments:declaration_publish", args=[declaration.pk]))
    assert Fact("Pejabat tanpa pos-el:", (str(silent),)) in answer.context["facts"]


@pytest.mark.parametrize("posts", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_posts(client, admin, posts, django_assert_num_queries):
    positions = [make_tenure(official=make_official()).position for _ in range(posts)]
    positions += [make_tenure().position for _ in range(posts)] + [make_position() for _ in range(posts)]
    declaration = make_declaration(positions=positions)
    # session, user, roles, the declaration, its slots, their holders, the count in the frame, offices of the user
    with django_assert_num_queries(8):
        assert len(client.get(page(declaration)).context["missing"].slots) == 3 * posts


# --- Calendar


def calendar_lines(client):
    months = client.get(reverse("commitments:calendar")).context["months"]
    return [(day.on, day.what, day.about, day.late) for _month, days in months for day in days]


def test_the_calendar_shows_what_is_open_and_what_is_late(client, admin):
    yesterday, tomorrow = dates.today() - timedelta(days=1), dates.today() + timedelta(days=1)
    late = make_declaration(title="Deklarasi Terlambat", sign_by=yesterday, date=yesterday)
    make_declaration(title="Deklarasi Konsep", state="draft", sign_by=tomorrow)
    make_declaration(title="Deklarasi Dicabut", state="withdrawn", sign_by=tomorrow)
    about = f"Deklarasi Terlambat {late.year}"
    assert calendar_lines(client) == [
        (yesterday, "Batas waktu tanda tangan", about, True),
        (yesterday, "Tanggal deklarasi", about, False),
    ]


def test_a_deadline_that_everybody_kept_is_not_late(client, admin):
    yesterday = dates.today() - timedelta(days=1)
    declaration = make_declaration(sign_by=yesterday, date=yesterday)
    make_signature(declaration.signatories.get())
    assert {late for _on, _what, _about, late in calendar_lines(client)} == {False}


def test_the_calendar_of_a_signer_has_only_what_concerns_the_signer(client):
    mine, _other = make_declaration(title="Punya saya"), make_declaration(title="Punya orang lain")
    client.force_login(holder_of(mine.signatories.get()))
    assert {about for _on, _what, about, _late in calendar_lines(client)} == {f"Punya saya {mine.year}"}


def test_the_calendar_warns_of_a_tenure_that_ends_before_its_signature(client, admin):
    acting = make_tenure(capacity="plt")
    declaration = make_declaration(positions=[acting.position, make_tenure(capacity="plh").position])
    make_signature(slots_of(declaration)[1])
    ends = Tenure.objects.get(pk=acting.pk).ends_on
    lines = [line for line in calendar_lines(client) if line[1] == "Masa jabatan berakhir"]
    assert lines == [(ends, "Masa jabatan berakhir", f"Plt. {acting.position.title}", False)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_calendar_costs_the_same_for_any_length(client, admin, rows, django_assert_num_queries):
    for _ in range(rows):
        make_declaration(positions=[make_tenure(capacity="plt").position], sign_by=dates.today())
    # session, user, roles, declarations, tenures, the count in the frame, offices of the user
    with django_assert_num_queries(7):
        assert len(calendar_lines(client)) == 3 * rows

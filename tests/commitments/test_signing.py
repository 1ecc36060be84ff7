"""Signing and declining: the verbs. The pages are in test_signing_views.py."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agencies.models import Tenure
from commitments.models import OutgoingMail, Signatory, Signature
from commitments.moves import MoveError
from commitments.publishing import verbs as publishing
from commitments.signing import verbs
from tests.factories import (
    CONSENT,
    drawn,
    holder_of,
    make_declaration,
    make_official,
    make_signature,
    make_slot,
    make_tenure,
    make_user,
)

pytestmark = pytest.mark.django_db


def sign(slot, **values):
    by = values.pop("by", None) or holder_of(slot)
    values = {"mark": drawn(), "consent": CONSENT, "key": uuid4()} | values
    return verbs.sign(slot, by=by, **values)


def test_a_signature_keeps_who_as_what_and_which_text():
    make_user("reviewer")
    slot = make_slot()
    holder = slot.holder
    signature = sign(slot)

    official = holder.official
    assert (signature.full_name, signature.nip, signature.rank) == (
        official.full_name,
        official.nip,
        official.rank,
    )
    assert (signature.position_title, signature.agency_name) == (
        slot.position.title,
        slot.position.agency.name,
    )
    assert signature.text_digest == slot.declaration.compute_digest()
    assert Signatory.objects.get(pk=slot.pk).current_signature == signature
    assert slot.declaration.ledger.filter(kind="signed").count() == 1


def test_c44_later_changes_of_name_title_and_office_do_not_reach_a_signature():
    signature = make_signature()
    before = signature.record()
    official, position = signature.official, signature.signatory.position
    official.name, official.title_after = "Nama Lain", ""
    official.user.is_active = False
    official.user.save()
    official.save()
    position.title, position.agency.name = "Jabatan Lain", "Dinas Lain"
    position.agency.save()
    position.save()

    again = Signature.objects.get(pk=signature.pk)
    assert again.record() == before
    assert (again.full_name, again.position_title) == (signature.full_name, signature.position_title)


def test_c03_the_same_key_again_gives_the_same_receipt_and_nothing_new():
    make_user("reviewer")
    slot, key = make_slot(), uuid4()
    first = sign(slot, key=key)
    again = sign(slot, key=key)
    assert again.number == first.number
    assert (Signature.objects.count(), slot.declaration.ledger.count()) == (1, 2)
    assert OutgoingMail.objects.filter(dedup_key__startswith="signed:").count() == 1


def test_a_second_signature_with_another_key_is_refused():
    slot = make_slot()
    sign(slot)
    slot.refresh_from_db()
    with pytest.raises(MoveError):
        sign(slot)
    assert Signature.objects.count() == 1


def test_c43_a_second_signature_after_a_return_adds_and_the_first_stays():
    first = make_signature(state="returned")
    slot = Signatory.objects.get(pk=first.signatory_id)
    second = sign(slot)

    assert list(slot.signatures.order_by("pk")) == [first, second]
    assert Signatory.objects.get(pk=slot.pk).current_signature == second
    assert first.reviews.get().reason == "Goresan tidak terbaca."


@pytest.mark.parametrize("days", [(-30, -1), (1, 30)])
def test_c27_nothing_is_signed_outside_the_holders_days(days):
    slot = make_slot()
    user, today = holder_of(slot), timezone.localdate()
    starts, ends = (today + timedelta(days=day) for day in days)
    Tenure.objects.filter(position=slot.position).update(starts_on=starts, ends_on=ends)
    with pytest.raises(MoveError, match="tidak memegang jabatan ini"):
        sign(slot, by=user)
    assert Signature.objects.count() == 0


def test_c27_the_last_day_of_a_tenure_is_a_day_in_wib():
    slot = make_slot()
    user, last = holder_of(slot), timezone.localdate()
    Tenure.objects.filter(position=slot.position).update(ends_on=last)
    midnight = timezone.make_aware(datetime(last.year, last.month, last.day) + timedelta(days=1))
    with pytest.raises(MoveError):
        sign(slot, by=user, at=midnight)
    assert sign(slot, by=user, at=midnight - timedelta(seconds=1)).signed_at == midnight - timedelta(
        seconds=1
    )


def test_the_slot_follows_the_post_when_the_holder_changes_before_signing():
    slot = make_slot()
    old, today = holder_of(slot), timezone.localdate()
    Tenure.objects.filter(position=slot.position).update(ends_on=today - timedelta(days=1))
    new = make_tenure(position=slot.position, official=make_official(user=make_user()), starts_on=today)
    with pytest.raises(MoveError):
        sign(slot, by=old)
    assert sign(slot, by=new.official.user).official == new.official


def test_somebody_with_two_posts_signs_once_for_each():
    head = make_tenure()
    acting = make_tenure(official=head.official, capacity="plt")
    declaration = make_declaration(positions=[head.position, acting.position])
    signatures = [sign(slot) for slot in declaration.signatories.in_protocol_order()]
    assert [signature.label for signature in signatures] == ["", "Plt."]
    assert [signature.basis for signature in signatures] == ["", "SP/1/CONTOH"]


def test_c41_only_the_slots_own_signer_declines():
    slot = make_slot()
    for stranger in (make_user(), make_user("admin"), make_user("reviewer")):
        with pytest.raises(MoveError):
            verbs.decline(slot, reason="Tidak sempat.", by=stranger)
    verbs.decline(slot, reason="Sedang cuti.", by=holder_of(slot))
    assert Signatory.objects.get(pk=slot.pk).reason == "Sedang cuti."


def test_declining_needs_a_reason_and_may_be_followed_by_signing():
    slot = make_slot()
    with pytest.raises(MoveError, match="alasan"):
        verbs.decline(slot, reason="  ", by=holder_of(slot))
    verbs.decline(slot, reason="Sedang cuti.", by=holder_of(slot))
    slot.refresh_from_db()
    sign(slot)
    assert (Signatory.objects.get(pk=slot.pk).state, Signatory.objects.get(pk=slot.pk).reason) == (
        "signed",
        "",
    )


@pytest.mark.parametrize("end", ["closed", "withdrawn"])
def test_nothing_is_signed_once_the_declaration_is_over(end):
    slot = make_slot()
    if end == "closed":
        publishing.close(slot.declaration, by=slot.declaration.created_by)
    else:
        publishing.withdraw(slot.declaration, reason="Keliru.", by=slot.declaration.created_by)
    with pytest.raises(MoveError, match="tidak sedang dibuka"):
        sign(slot)
    assert Signature.objects.count() == 0

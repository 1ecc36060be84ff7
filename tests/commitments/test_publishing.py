"""From a draft to a published, closed, withdrawn or superseded declaration."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from agencies.models import Position
from commitments import dates
from commitments.models import Declaration, OutgoingMail
from commitments.moves import MoveError
from commitments.publishing import checks, texts, verbs
from tests.factories import make_declaration, make_position, make_signature, make_tenure

pytestmark = pytest.mark.django_db


def kinds(declaration):
    return list(declaration.ledger.order_by("sequence").values_list("kind", flat=True))


def test_a_draft_keeps_points_in_order_and_replaces_slots():
    draft = make_declaration(state="draft", slots=2)
    first, _second = Position.objects.in_protocol_order()
    kept = draft.signatories.get(position=first)
    third = make_position()

    points = [{"text": "b", "sub_points": ["1", "2"]}, {"text": "a"}]
    verbs.save_draft(draft, points=points, basis=["x", "y"], positions=[first, third], by=draft.created_by)

    assert [(point.text, point.sub_points) for point in draft.points.all()] == [("b", ["1", "2"]), ("a", [])]
    assert [row.text for row in draft.legal_basis.all()] == ["x", "y"]
    assert set(draft.signatories.values_list("position", flat=True)) == {first.pk, third.pk}
    assert draft.signatories.get(position=first) == kept
    assert kinds(draft) == []


def test_the_posts_by_rule():
    camat, head = make_position(category="camat"), make_position(category="kepala")
    sekda, gone = make_position(category="sekda"), make_position(category="kepala", valid_to="2020-01-01")
    aide = make_position(category="asisten")

    assert list(verbs.positions_by_rule(heads=True)) == [head]
    assert list(verbs.positions_by_rule(camat=True, named=[aide])) == [camat, aide]
    assert list(verbs.positions_by_rule(city=True)) == [sekda, aide]
    assert gone not in verbs.positions_by_rule(heads=True, camat=True, city=True)


def test_publishing_freezes_the_text_and_invites_those_with_an_address():
    reached, unreached = make_tenure(), make_tenure()
    unreached.official.user.email = ""
    unreached.official.user.save()
    vacant = make_position()
    draft = make_declaration(state="draft", positions=[reached.position, unreached.position, vacant])

    verbs.publish(draft, by=draft.created_by)

    draft.refresh_from_db()
    assert (draft.state, draft.text_digest) == ("open", draft.compute_digest())
    assert kinds(draft) == ["published"]
    (invitation,) = OutgoingMail.objects.filter(kind="invited")
    assert invitation.to == reached.official.user.email
    assert f"/tanda-tangan/{draft.signatories.get(position=reached.position).pk}/" in invitation.body


@pytest.mark.parametrize("missing", ["points", "signatories"])
def test_an_unfinished_draft_is_not_published(missing):
    draft = make_declaration(state="draft", slots=1)
    getattr(draft, missing).all().delete()
    with pytest.raises(MoveError):
        verbs.publish(draft, by=draft.created_by)
    assert Declaration.objects.get(pk=draft.pk).state == "draft"


def test_c15_a_correction_is_a_new_version_that_asks_for_new_signatures():
    old = make_declaration(slots=1)
    make_signature(old.signatories.get(), state="accepted")
    with pytest.raises(MoveError, match="Buat versi baru"):
        verbs.save_draft(old, points=[], basis=[], positions=[], by=old.created_by)

    new = verbs.revise(old, by=old.created_by)
    assert (new.version, new.state, new.previous) == (2, "draft", old)
    assert [point.text for point in new.points.all()] == [point.text for point in old.points.all()]
    verbs.publish(new, by=old.created_by)

    old.refresh_from_db()
    assert (old.state, old.end_reason) == ("superseded", "Digantikan oleh versi 2")
    assert [slot.state for slot in new.signatories.all()] == ["waiting"]
    assert kinds(old) == ["published", "signed", "accepted", "superseded"]
    with pytest.raises(MoveError, match="sudah ada"):
        verbs.revise(old, by=old.created_by)


def test_c15_number_and_late_slots_are_ledger_events_until_close():
    declaration, other = make_declaration(slots=1), make_declaration(slots=1)
    verbs.set_number(declaration, number="800/1/Setda", by=declaration.created_by)
    late = verbs.add_slot(declaration, position=make_tenure().position, by=declaration.created_by)
    assert kinds(declaration) == ["published", "number_set", "slot_added"]
    with pytest.raises(MoveError, match="sudah dipakai"):
        verbs.set_number(other, number="800/1/Setda", by=declaration.created_by)
    with pytest.raises(MoveError, match="sudah ada"):
        verbs.add_slot(declaration, position=late.position, by=declaration.created_by)

    verbs.close(declaration, by=declaration.created_by)

    for late_change in (
        lambda: verbs.set_number(declaration, number="2", by=declaration.created_by),
        lambda: verbs.add_slot(declaration, position=make_position(), by=declaration.created_by),
        lambda: verbs.excuse(late, reason="Cuti.", by=declaration.created_by),
    ):
        with pytest.raises(MoveError, match="tidak sedang dibuka"):
            late_change()
    assert kinds(declaration) == ["published", "number_set", "slot_added", "closed"]


def test_a_close_that_this_page_has_not_seen_ends_number_and_late_slots_too():
    declaration = make_declaration(slots=1)
    seen_open = Declaration.objects.get(pk=declaration.pk)
    verbs.close(declaration, by=declaration.created_by)
    for late_change in (
        lambda: verbs.set_number(seen_open, number="2", by=declaration.created_by),
        lambda: verbs.add_slot(seen_open, position=make_position(), by=declaration.created_by),
    ):
        with pytest.raises(MoveError, match="tidak sedang dibuka"):
            late_change()
    assert kinds(declaration) == ["published", "closed"]
    assert (declaration.signatories.count(), Declaration.objects.get().number) == (1, "")


def test_a_declaration_closes_only_when_nothing_waits_for_review():
    declaration = make_declaration(slots=2)
    make_signature(declaration.signatories.first())
    with pytest.raises(MoveError, match="1 tanda tangan masih menunggu"):
        verbs.close(declaration, by=declaration.created_by)
    declaration.refresh_from_db()
    assert (declaration.state, kinds(declaration)) == ("open", ["published", "signed"])


def test_withdrawing_and_excusing_need_a_reason():
    declaration = make_declaration(slots=1)
    slot = declaration.signatories.get()
    for attempt in (verbs.withdraw, verbs.excuse):
        with pytest.raises(MoveError, match="Tulis alasannya"):
            attempt(declaration if attempt is verbs.withdraw else slot, reason=" ", by=declaration.created_by)
    verbs.excuse(slot, reason="Jabatan dihapus.", by=declaration.created_by)
    verbs.withdraw(declaration, reason="Naskah keliru.", by=declaration.created_by)
    declaration.refresh_from_db()
    assert (declaration.state, declaration.end_reason) == ("withdrawn", "Naskah keliru.")
    assert kinds(declaration) == ["published", "excused", "withdrawn"]


def test_a_copy_for_another_year_starts_anew():
    old = make_declaration(slots=2, number="800/1/Setda", year=2025)
    new = verbs.copy_year(old, year=2026, by=old.created_by)
    assert (new.year, new.version, new.number, new.previous, new.state) == (2026, 1, "", None, "draft")
    assert new.text() == old.text()
    assert new.signatories.count() == 2
    assert new.code != old.code


def test_a_copy_is_dated_in_its_year_and_so_is_an_opening_nobody_wrote():
    venue, day = "Aula Nonon Sonthanie", date(2024, 2, 29)
    usual = make_declaration(year=2024, date=day, venue=venue, opening=texts.opening_for(day, venue))
    own = make_declaration(year=2024, date=day, venue=venue, opening="Pembuka sendiri.")

    copy = verbs.copy_year(usual, year=2025, by=usual.created_by)
    assert (copy.date, copy.opening) == (date(2025, 2, 28), texts.opening_for(date(2025, 2, 28), venue))
    assert verbs.copy_year(own, year=2028, by=own.created_by).opening == "Pembuka sendiri."


def test_what_looks_odd_in_a_draft_is_named():
    day = dates.today()
    right = {"year": day.year, "date": day, "sign_by": day, "opening": texts.opening_for(day, "")}
    assert checks.odd_in(make_declaration(state="draft", **right)) == []
    Declaration.objects.all().delete()

    wrong = make_declaration(state="draft", **right | {"year": 2031, "sign_by": day - timedelta(days=1)})
    wrong.date = date(2022, 5, 11)
    told = " ".join(checks.odd_in(wrong))
    for words in ("tidak sama dengan tanggal pada pembuka", "Tahun naskah (2031) lain", "sudah lewat"):
        assert words in told
    empty = make_declaration(state="draft", **right | {"year": 2031, "sign_by": None})
    told = " ".join(checks.odd_in(empty))
    for words in ("belum diisi", "Sudah ada deklarasi lain untuk tahun 2031"):
        assert words in told


@pytest.mark.parametrize("state", ["draft", "open", "closed", "withdrawn"])
def test_a_second_declaration_is_one_of_the_same_year_that_is_in_force(state):
    make_declaration(state=state, year=2031)
    assert checks.has_twin(make_declaration(state="draft", year=2031)) == (state != "withdrawn")
    assert not checks.has_twin(make_declaration(state="draft", year=2032))


def test_a_new_version_is_no_second_declaration_of_the_year():
    old = make_declaration(slots=1)
    assert not checks.has_twin(verbs.revise(old, by=old.created_by))


@pytest.mark.parametrize(
    "opening", ["Pada hari ini 11 Mei 2022 kami", "tanggal Dua bulan Mei tahun Dua Ribu"]
)
def test_an_opening_somebody_wrote_is_compared_too(opening):
    assert "pembuka" in " ".join(checks.odd_in(make_declaration(state="draft", opening=opening)))
    assert "pembuka" not in " ".join(
        checks.odd_in(make_declaration(state="draft", opening="25 November 2026,"))
    )


def test_an_opening_is_compared_in_its_own_language():
    values = {"year": 2026, "date": date(2026, 5, 11), "sign_by": dates.today()}
    draft = make_declaration(state="draft", opening="Pada hari ini, 11 Mei 2026, kami", **values)
    with translation.override("en"):
        assert checks.odd_in(draft) == []


def test_only_a_draft_is_thrown_away():
    published, draft = make_declaration(slots=1), make_declaration(state="draft", slots=1)
    with pytest.raises(MoveError):
        verbs.discard(published, by=published.created_by)
    verbs.discard(draft, by=draft.created_by)
    assert list(Declaration.objects.all()) == [published]

"""Three cities for the table of pages: one that has nothing yet, one with all that a page may have to hold, and one
whose seal has not been made.

A scene gives `people`, the logins, `ids`, what stands in the addresses, and `files`, what may be sent: the names the
table uses.
"""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.urls import reverse
from django.utils.http import int_to_base36

from agencies import logins
from agencies.kinds import LoginStep
from agencies.models import Agency, Position, SubDistrict, User, Village
from commitments import dates
from commitments.documents.declaration import declaration_pdf
from commitments.documents.stored import content_of
from commitments.doors import Door
from commitments.inviting import verbs as inviting
from commitments.models import Action, Declaration, Document, OutgoingMail, PaperJob, Signatory
from commitments.printing import verbs as printing
from commitments.proving import verbs as proving
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from commitments.states import JobState, MailState, SignatoryState
from tests.client import Client
from tests.factories import (
    PASSWORD,
    holder_of,
    make_action,
    make_agency,
    make_criterion,
    make_declaration,
    make_document,
    make_evidence,
    make_focal_point,
    make_framework,
    make_letterhead,
    make_membership,
    make_official,
    make_plan,
    make_position,
    make_report,
    make_signature,
    make_sub_district,
    make_tenure,
    make_totp,
    make_user,
    make_verifier,
)
from tests.logins import Asking, Half
from tests.owner import as_owner
from tests.passkeys import make_passkey

SLOTS = 45  # one of every kind, and a history of more than one page
# As long as the fields allow or nearly so, with markup that has to stay text, and a word that no line can hold.
WORD = "Pemberdayaanperempuandanperlindungananakterpadu"
NAME = f"Raden Ajeng <b>Siti</b> & “Nur” D'Angelo {WORD} Kusumaningrat Djojohadikoesoemo"
OFFICE = (
    f"Dinas {WORD}, Pengendalian Penduduk & Keluarga Berencana <i>serta</i> Kesejahteraan Sosial Kota Bekasi"
)
TITLE = f"Deklarasi <script>alert(1)</script> Komitmen Bersama & {WORD} " + "Pengarusutamaan Gender " * 8
REASON = (
    f"Goresan <u>terpotong</u> di tepi & {WORD}; "
    + "mohon menandatangani ulang di tempat yang lebih lapang, " * 5
)


@dataclass(frozen=True)
class Scene:
    people: dict[str, Any]  # a login, or None for nobody
    ids: dict[str, list]
    files: dict[str, bytes] = field(default_factory=dict)


def _logins() -> dict[str, Any]:
    staff = {role: make_user(role) for role in ("monitor", "reviewer", "admin")}
    return {"nobody": None, "stranger": make_user(), **staff}


def _protected() -> dict[str, Any]:
    """One with every second factor and failed logins, one whose only factor must stay, one who has none yet."""
    protected, bound = make_user(first_name=WORD), make_user("reviewer")
    make_totp(protected), make_totp(bound)
    make_passkey(protected, WORD)
    RecoveryCodes.activate(protected)
    for step in LoginStep:
        logins.record_failure(step, user=protected, device=WORD)
    open_twice = make_user()
    for agent in ("Mozilla/5.0 (Linux; Android 14) Chrome/131.0", WORD * 4):
        Client(headers={"user-agent": agent}).post(
            reverse("account_login"), {"login": open_twice.username, "password": PASSWORD}
        )
    return {
        "protected": protected,
        "bound": bound,
        "open": open_twice,
        "without": Half(make_user("reviewer"), logged_in=True),
        "halfway": Half(protected),
        "asking": Asking(f"{WORD}@contoh.example"),
    }


def empty() -> Scene:
    people = _logins()
    return Scene(people, {"admin_user": [people["admin"].pk]})


def _post(number: int) -> Position:
    """Every fifth has names of the longest kind; there are acting holders, and posts nobody holds."""
    long = number % 5 == 0
    agency = make_agency(name=f"{OFFICE} {number}") if long else make_agency()
    values = {"agency": agency, "title": f"Kepala {OFFICE} {number}"} if long else {"agency": agency}
    position = make_position(**values)
    if number % 30 == 29:
        return position
    official = make_official(user=make_user(), **({"name": f"{NAME} {number}"} if long else {}))
    make_tenure(position=position, official=official, capacity="plt" if number % 10 == 0 else "definitif")
    return position


def full() -> Scene:
    people = _logins()
    admin = people["admin"]
    letterhead = make_letterhead(name=f"Kop <b>{WORD}</b>"[:80], line2=OFFICE, address=OFFICE)
    positions = [_post(number) for number in range(SLOTS)]
    long: dict[str, Any] = {
        "title": TITLE[:300],
        "letterhead": letterhead,
        "venue": OFFICE[:150],
        "note": OFFICE,
    }
    days = dates.today() + timedelta(days=9)
    opened = make_declaration(positions=positions, by=admin, sign_by=days, **long)
    publishing.set_number(opened, number="100.3.4/123/DPPPA/" + "X" * 40, by=admin)
    slots = list(opened.signatories.in_protocol_order())
    _sign_most_of(slots, admin)
    place = _place()
    drafts: dict[str, Any] = {"positions": positions[:12], "by": admin} | long
    closed = make_declaration(positions=positions[:3], by=admin, year=2025, state="closed", **long)
    printing.issue_final(closed, by=admin)
    old = make_declaration(positions=positions[:2], by=admin, year=2024)
    new = publishing.revise(old, by=admin)
    publishing.publish(new, by=admin)
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.first().pk).update(
        state=MailState.STUCK, last_error=REASON[:200], attempts=8
    )
    signatures = [
        slot.current_signature for slot in Signatory.objects.filter(declaration=opened).order_by("pk")
    ]
    link = inviting.make_link(Signatory.objects.get(pk=slots[26].pk), by=people["reviewer"])
    people |= _protected() | {
        "before_code": Door(link=link.pk),
        "by_link": Door(link=link.pk, opened=True),
        "hosted": Door(host=admin.pk, proof=admin.get_session_auth_hash(), slot=slots[5].pk),
        "done": Door(signature=signatures[2].pk),
        "signer": holder_of(slots[0]),  # returned, with a long name
        "accepted": holder_of(slots[1]),
        "waiting": holder_of(slots[5]),
        "decliner": holder_of(slots[15]),
        "operator": make_membership(agency=slots[0].position.agency).user,
    }
    make_membership(user=people["operator"], agency=slots[15].position.agency)
    token = default_token_generator.make_token(people["stranger"])
    ids: dict[str, list] = {
        "opened": [opened.pk],
        "draft": [make_declaration(state="draft", year=2027, **drafts).pk],
        "closed": [closed.pk],
        "unissued": [make_declaration(positions=positions[:1], by=admin, state="closed", year=2023).pk],
        "withdrawn": [make_declaration(positions=positions[:1], by=admin, state="withdrawn", year=2022).pk],
        "superseded": [old.pk],
        "open_code": [opened.code],
        "closed_code": [closed.code],
        "withdrawn_code": [Declaration.objects.get(state="withdrawn").code],
        "superseded_code": [old.code],
        "returned_slot": [slots[0].pk],
        "waiting_slot": [slots[5].pk],
        "declined_slot": [slots[15].pk],
        "invited_slot": [slots[26].pk],
        "vacant_slot": [slots[29].pk],
        "letter": [opened.code, slots[5].pk],
        "excusable": [opened.pk, slots[5].pk],
        "returned": [signatures[0].pk],
        "accepted": [signatures[1].pk],
        "drawn": [signatures[2].pk],
        "typed": [signatures[10].pk],
        "letterhead": [letterhead.pk],
        "place": [place.code],
        "admin_user": [admin.pk],
        "without_mail": [make_user(email="").pk],
        "passkey": [Authenticator.objects.get(user=people["protected"], type="webauthn").pk],
        "reset": [int_to_base36(people["stranger"].pk), token],
    }
    papers = _papers(positions[:2], admin)
    issued = content_of(Document.objects.get(declaration=closed))
    _what_is_asked(positions[0])
    proofs = _proofs(slots[0].position.agency, people["operator"])
    return Scene(people, ids | papers | proofs, _files(opened, issued))


def _what_is_asked(position: Position) -> None:
    """A framework and a criterion with long names, a verifier and a focal point."""
    framework = make_framework(name=f"{NAME} {OFFICE}"[:200], source=OFFICE)
    make_criterion(framework=framework, name=TITLE[:200], evidence_needed=REASON)
    make_verifier(agency=position.agency)
    make_focal_point(agency=position.agency, name=NAME)


def _papers(positions: list[Position], admin: User) -> dict[str, list]:
    """Closed ones whose final paper is not what one hopes for, and one whose history does not fit."""

    def closed(year: int, **job: Any) -> Declaration:
        declaration = make_declaration(positions=positions, by=admin, state="closed", year=year)
        PaperJob.objects.filter(declaration=declaration).update(**job)
        return declaration

    hour = timedelta(hours=1)
    late = {"attempts": 2, "not_before": dates.now() + hour}
    jobs = {
        "working": closed(2010, state=JobState.WORKING, claimed_until=dates.now() + hour, attempts=1),
        "no_time": closed(2011, last_error="TimestampFailed", **late),
        "failed": closed(2012, last_error="MemoryError", **late),
        "stuck": closed(2013, state=JobState.STUCK, last_error="MemoryError", attempts=4),
        "not_asked": closed(2014),
    }
    with as_owner():  # closed before there were jobs
        PaperJob.objects.filter(declaration=jobs["not_asked"]).delete()
    unsealed = closed(2015)
    printing.issue_final(unsealed, by=admin, unsealed=True)
    damaged = make_document(make_declaration(positions=positions, by=admin, year=2016))
    Path(damaged.file.path).write_bytes(b"%PDF")
    tampered = make_declaration(positions=positions, by=admin, year=2017)
    tampered.signatories.update(state=SignatoryState.EXCUSED, reason=REASON[:500])
    found = jobs | {"unsealed": unsealed, "damaged": damaged.declaration, "tampered": tampered}
    return {name: [declaration.pk] for name, declaration in found.items()}


def _proofs(agency: Agency, operator: User) -> dict[str, list]:
    """An action with evidence in every state and of two versions, and one that has none."""
    make_action(plan=make_plan(agency=agency, year=2025), by=operator)
    plan = make_plan(agency=agency)
    criteria = [make_criterion(name=OFFICE[:200]) for _ in range(2)]
    for _ in range(6):  # wider than a phone
        make_criterion(name="Partisipasi masyarakat (jejaring)")
    many = make_framework(code="lembar-kerja", name="Lembar kerja")
    for _ in range(24):  # wider than a desk
        make_criterion(framework=many)
    proven = make_action(*criteria, plan=plan, title=OFFICE[:200], by=operator)
    unproven = make_action(plan=plan, title="Belum ada buktinya", by=operator)
    ids = {"proven": [proven.pk], "unproven": [unproven.pk], "plan": [plan.pk], "planned_office": [agency.pk]}
    ids |= _reports(proven, unproven, operator)
    focal = {"agency": agency, "name": f"{NAME} {OFFICE}"[:200], "decree_number": OFFICE[:100]}
    make_focal_point(**focal)
    make_focal_point(**focal, kind="pokja", expires_on=date(2026, 1, 31))
    for state in ("draft", "submitted", "needs_work", "accepted"):
        name = f"{NAME} {state}.txt"
        evidence = make_evidence(proven, state=state, name=name, by=operator)
        ids[f"proof_{state}"] = [evidence.pk]
        if state == "needs_work":
            proving.replace(evidence, proving.Upload(name, b"Versi kedua."), by=operator)
    return ids


def _reports(many: Action, none: Action, operator: User) -> dict[str, list]:
    """A report in every state; the longest words that fit."""
    words = {"narrative": REASON, "hindrance": REASON, "next_step": REASON}
    states = ("accepted", "needs_work", "submitted", "draft")
    reports = {
        f"report_{state}": make_report(many, quarter=quarter, state=state, by=operator, **words)
        for quarter, state in enumerate(states, start=1)
    }
    unsplit = {"men": None, "women": None, "unsplit": 7, "unsplit_reason": REASON}
    reports["report_unsplit"] = make_report(
        make_action(plan=many.plan, due_on=date(2026, 1, 2)), state="submitted", by=operator, **unsplit
    )
    decided = {f"{name}_decision": [report.pk] for name, report in reports.items()}
    quarters = {name: [report.action_id, report.quarter] for name, report in reports.items()}
    return decided | quarters | {"report_none": [none.pk, 1], "city": [2026], "city_empty": [2031]}


def _files(opened: Declaration, issued: bytes) -> dict[str, bytes]:
    """What somebody may hold against the record."""

    def saved(*, pages: int = 0, **how: Any) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(issued)) as pdf:
            for _ in range(pages):
                pdf.add_blank_page()
            pdf.save(out, **how)
        return out.getvalue()

    blank = io.BytesIO()
    strange = pikepdf.new()
    strange.add_blank_page()
    strange.save(blank)
    return {
        "exact": issued,
        "resaved": saved(),
        "changed": saved(pages=1),
        "damaged": issued[:-2000] + b"x" * 2000,
        "locked": saved(encryption=pikepdf.Encryption(owner="x", user="x")),
        "draft": declaration_pdf(opened, final=False, page_size=opened.page_size).content,
        "strange": blank.getvalue(),
        "unreadable": b"bukan pdf",
    }


def no_seal() -> Scene:
    """Nobody has made a seal; one declaration is being signed, and one has been closed."""
    settings.SEAL_DIR = Path(settings.MEDIA_ROOT) / "no-seal"
    people = _logins()
    opened = make_declaration(slots=2, by=people["admin"])
    positions = [slot.position for slot in opened.signatories.in_protocol_order()]
    closed = make_declaration(positions=positions, by=people["admin"], state="closed", year=2025)
    return Scene(people, {"opened": [opened.pk], "closed": [closed.pk], "admin_user": [people["admin"].pk]})


def _sign_most_of(slots: list[Signatory], admin: User) -> None:
    """In turn: returned, accepted, waiting for review, one nobody has signed; one declines, one is excused."""
    for number, slot in enumerate(slots):
        if number % 30 == 29:
            continue  # nobody holds the post
        if number == 15:
            signing.decline(slot, reason=REASON[:500], by=holder_of(slot))
        elif number == 20:
            publishing.excuse(slot, reason=REASON[:500], by=admin)
        elif number == 0:
            _return(slot)
        elif number % 7 == 5:
            continue
        else:
            state = ("signed", "accepted", "signed", "accepted", "returned")[number % 5]
            make_signature(slot, state=state, typed=number % 10 == 0)


def _return(slot: Signatory) -> None:
    signature = make_signature(slot)
    reviewing.give_back(signature, reason=REASON[:500], by=make_user("reviewer"))


def _place() -> SubDistrict:
    place = make_sub_district(name=WORD[:40])
    for number in range(12):
        Village.objects.create(
            sub_district=place, code=f"{place.code}.{number:04d}"[:13], name=f"Kelurahan {number}"
        )
    office = make_agency(kind="kecamatan", name=OFFICE, sub_district=place)
    make_tenure(position=make_position(agency=office, category="camat", title=f"Camat {WORD}"))
    return place


SCENES = {"empty": empty, "full": full, "no_seal": no_seal}

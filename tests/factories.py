"""Plain make_* functions: each makes one row with sensible values, and whatever that row needs."""

import hashlib
import io
import itertools
import time
from datetime import date, timedelta
from typing import cast
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from agencies.models import Agency, Membership, Official, Position, SubDistrict, Tenure, User
from agencies.roles import ADMINISTRATOR, MONITOR, REVIEWER
from commitments import chain
from commitments.models import (
    Action,
    Criterion,
    Declaration,
    Document,
    Evidence,
    FocalPoint,
    Framework,
    LedgerHead,
    Letterhead,
    Plan,
    Report,
    Signatory,
    Signature,
    Verifier,
)
from commitments.planning import verbs as planning
from commitments.proving import verbs as proving
from commitments.publishing import verbs as publishing
from commitments.reporting import verbs as reporting
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from commitments.signing.marks import Drawn, Scanned, Typed
from commitments.signing.ways import Hosted
from commitments.states import Completion, DocumentKind, EntryKind
from pug_bekasi.identity import keys

_counter = itertools.count(1)
ROLES = {"admin": ADMINISTRATOR, "reviewer": REVIEWER, "monitor": MONITOR}
PASSWORD = "sandi-contoh-yang-panjang"
CONSENT = "Saya telah membaca naskah ini dan menandatanganinya atas nama jabatan saya."
# Two strokes on a canvas of 600 x 200 CSS pixels, as Signature.strokes documents.
STROKES = {
    "width": 600,
    "height": 200,
    "strokes": [
        [[6000, 15000, 0, 500], [12000, 4000, 40, 700], [18000, 15000, 80, 500]],
        [[20000, 9000, 200, 500], [34000, 9500, 260, 400]],
    ],
}


def number_from_one():
    global _counter
    _counter = itertools.count(1)


def make_user(role: str | None = None, **values) -> User:
    number = next(_counter)
    values = {"username": f"pengguna{number}", "email": f"pengguna{number}@contoh.example"} | values
    user = User.objects.create_user(password=PASSWORD, **values)
    if role:
        user.groups.add(Group.objects.get_or_create(name=ROLES[role])[0])
    return user


def make_totp(user: User) -> Authenticator:
    """A second factor as an app on the phone keeps it; `current_code` is what the app shows."""
    return totp.TOTP.activate(user, totp.generate_totp_secret()).instance


def current_code(factor: Authenticator, *, later: int = 0) -> str:
    """The code of now, or of `later` half minutes from now: a code is good once."""
    secret = keys.decrypt(factor.data["secret"])
    counter = int(time.time()) // settings.MFA_TOTP_PERIOD + later
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def make_sub_district(**values) -> SubDistrict:
    number = next(_counter)
    return SubDistrict.objects.create(
        **({"code": f"99.{number:05d}"[:8], "name": f"Contoh {number}"} | values)
    )


def make_agency(**values) -> Agency:
    number = next(_counter)
    return Agency.objects.create(
        **({"abbreviation": f"Dinas{number}", "name": f"Dinas Contoh {number}", "kind": "dinas"} | values)
    )


def make_position(**values) -> Position:
    number = next(_counter)
    values = {
        "title": f"Kepala Dinas Contoh {number}",
        "category": "kepala",
        "protocol_rank": number,
    } | values
    if "agency" not in values:
        values["agency"] = make_agency()
    return Position.objects.create(**values)


def make_official(**values) -> Official:
    number = next(_counter)
    name = f"Pejabat Contoh {number:02d}"
    values = {"name": name, "title_after": "S.Sos., M.Si.", "sex": "P", "rank": "IV/c"} | values
    if "nip" not in values and "nip_absent_reason" not in values:
        born = 1960 + number // 999 % 36
        values["nip"] = f"{born}0101{born + 25}032{number % 999 + 1:03d}"
    return Official.objects.create(**values)


def make_tenure(**values) -> Tenure:
    values = {"starts_on": date(2020, 1, 1)} | values
    if "position" not in values:
        values["position"] = make_position()
    if "official" not in values:
        values["official"] = make_official(user=make_user())
    if values.get("capacity", "definitif") != "definitif":
        today = timezone.localdate()
        acting = {"basis_letter": "SP/1/CONTOH", "basis_date": today, "ends_on": today + timedelta(days=60)}
        values = acting | values
    return Tenure.objects.create(**values)


def make_membership(**values) -> Membership:
    if "user" not in values:
        values["user"] = make_user()
    if "agency" not in values:
        values["agency"] = make_agency()
    return Membership.objects.create(**values)


def make_letterhead(**values) -> Letterhead:
    number = next(_counter)
    return Letterhead.objects.create(**({"name": f"Kop {number}", "line2": "Sekretariat Daerah"} | values))


def make_declaration(
    *,
    state: str = "open",
    slots: int = 1,
    positions: list[Position] | None = None,
    by: User | None = None,
    **values,
) -> Declaration:
    """A declaration in that state with this many slots, each held by an official with a login."""
    by = by or make_user("admin")
    if positions is None:
        positions = [make_tenure().position for _ in range(slots)]
    values = {
        "year": 2026,
        "title": "Deklarasi Komitmen Bersama Pelaksanaan PUG di Kota Bekasi",
        "opening": "Pada hari ini kami yang bertanda tangan di bawah ini menyatakan komitmen bersama untuk:",
        "closing": "Demikian komitmen bersama ini dibuat dengan sebenarnya.",
        "date": date(2026, 11, 25),
    } | values
    if "letterhead" not in values:
        values["letterhead"] = make_letterhead()
    points: list[dict] = [
        {"text": "menyediakan data terpilah;"},
        {"text": "melaksanakan arahan, yaitu:", "sub_points": ["satu;", "dua."]},
    ]
    declaration = Declaration(**values)
    publishing.save_draft(
        declaration, points=points, basis=["Undang-Undang Contoh;"], positions=positions, by=by
    )
    if state != "draft":
        publishing.publish(declaration, by=by)
    if state == "closed":
        publishing.close(declaration, by=by)
    if state == "withdrawn":
        publishing.withdraw(declaration, reason="Naskah keliru.", by=by)
    return declaration


def make_slot(**values) -> Signatory:
    """The one slot of a new open declaration, or of `declaration`."""
    declaration = values.pop("declaration", None) or make_declaration(**values)
    return declaration.signatories.get()


def holder_of(slot: Signatory) -> User:
    """The login of the person who holds the slot's post today."""
    slot = Signatory.objects.get(pk=slot.pk)
    assert slot.holder, "the slot's post is vacant"
    assert slot.holder.official.user
    return slot.holder.official.user


def drawn() -> Drawn:
    return Drawn(strokes=STROKES)


def make_signature(
    slot: Signatory | None = None, *, state: str = "signed", typed: bool = False, **values
) -> Signature:
    """A signature on the slot, and the review that brings it to `state` (signed, accepted or returned)."""
    slot = Signatory.objects.get(pk=(slot or make_slot()).pk)
    by = values.pop("by", None) or holder_of(slot)
    mark = Typed(name=slot.holder.full_name) if typed else drawn()
    values = {"mark": mark, "consent": CONSENT, "key": uuid4(), "by": by} | values
    signature = signing.sign(slot, **values)
    if state == "accepted":
        reviewing.accept(signature, by=make_user("reviewer"))
    if state == "returned":
        reviewing.give_back(signature, reason="Goresan tidak terbaca.", by=make_user("reviewer"))
    return signature


def make_scan(slot: Signatory, host: User | None = None) -> Signature:
    """An accepted signature in ink, which somebody of the office has scanned."""
    slot = Signatory.objects.get(pk=slot.pk)
    picture = io.BytesIO()
    Image.new("L", (60, 20), 0).save(picture, format="PNG")
    by = Hosted(host or make_user("reviewer", first_name="Pendamping", last_name="Contoh"))
    scan = signing.sign(slot, mark=Scanned(picture.getvalue()), consent=CONSENT, key=uuid4(), by=by)
    reviewing.accept(scan, by=make_user("reviewer"))
    return scan


def make_document(declaration: Declaration, content: bytes = b"%PDF-1.7 contoh", **values) -> Document:
    """Closes the declaration and records a final paper with these bytes, without printing one."""
    by = make_user("admin")
    if declaration.state == "open":
        publishing.close(declaration, by=by)
    head = LedgerHead.objects.get(declaration=declaration)
    values = {
        "kind": DocumentKind.DECLARATION,
        "page_size": declaration.page_size,
        "file": default_storage.save(f"documents/{declaration.code}-contoh.pdf", ContentFile(content)),
        "size": len(content),
        "pages": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "head_sequence": head.sequence,
        "head_hash": head.hash,
        "issued_by": by,
        "issued_at": timezone.now(),
    } | values
    document = Document.objects.create(declaration=declaration, **values)
    chain.append(declaration, EntryKind.DOCUMENT_ISSUED, actor=by, about=[document], document=document.pk)
    return document


def make_framework(**values) -> Framework:
    number = next(_counter)
    values = {"code": f"kerangka-{number}", "name": f"Kerangka Contoh {number}", "year": 2026} | values
    return Framework.objects.create(**values)


def make_criterion(**values) -> Criterion:
    number = next(_counter)
    values.setdefault("framework", Framework.objects.first() or make_framework())
    values = {
        "code": f"kriteria-{number}",
        "number": str(number),
        "name": f"Kriteria Contoh {number}",
    } | values
    return Criterion.objects.create(**values)


def make_verifier(**values) -> Verifier:
    if "user" not in values:
        values["user"] = make_user()
    if "agency" not in values:
        values["agency"] = make_agency()
    return Verifier.objects.create(**values)


def make_focal_point(**values) -> FocalPoint:
    if "agency" not in values:
        values["agency"] = make_agency()
    values = {
        "name": f"Focal Contoh {next(_counter)}",
        "sex": "P",
        "decree_number": "SK/1/CONTOH",
        "decree_date": date(2026, 1, 5),
    } | values
    return FocalPoint.objects.create(**values)


def make_plan(**values) -> Plan:
    values.setdefault("agency", None)
    values["agency"] = values["agency"] or make_agency()
    return Plan.objects.create(**{"year": 2026} | values)


def make_action(*criteria: Criterion, by: User | None = None, **values) -> Action:
    number = next(_counter)
    plan = values.pop("plan", None) or make_plan()
    values = {
        "title": f"Pelatihan Contoh {number}",
        "indicator": "Orang yang dilatih",
        "unit": "orang",
        "target_4": 60,
        "person_in_charge": "Bidang Contoh",
        "due_on": date(plan.year, 12, 15),
    } | values
    return planning.save(Action(plan=plan, **values), criteria, by=by or make_user())


def make_report(
    action: Action | None = None, *, state: str = "draft", by: User | None = None, **values
) -> Report:
    """A report in that state; whoever decides is a reviewer of DPPPA."""
    action = action or make_action()
    values = {
        "quarter": 1,
        "reached": 15,
        "men": 5,
        "women": 10,
        "narrative": "Contoh.",
        "claimed": "limited",
    } | values
    report = reporting.save(Report(action=action, **values), by=by or make_user())
    if state != "draft":
        reporting.submit(report, by=cast(User, report.reported_by))
    if state == "accepted":
        reporting.accept(report, found=Completion(report.claimed), by=make_user("reviewer"))
    if state == "needs_work":
        reporting.give_back(report, note="Lengkapi angkanya.", by=make_user("reviewer"))
    return report


def make_evidence(
    action: Action | None = None,
    *,
    state: str = "draft",
    content: bytes | None = None,
    name: str = "",
    by: User | None = None,
) -> Evidence:
    """A piece in that state, a text of its own if no content is given; whoever decides is a reviewer of DPPPA."""
    number = next(_counter)
    upload = proving.Upload(name or f"Bukti {number}.txt", content or f"Contoh bukti {number}.".encode())
    by = by or make_user()
    evidence = proving.add(action or make_action(), upload, by=by)
    if state != "draft":
        proving.submit(evidence, by=by)
    if state == "accepted":
        proving.accept(evidence, version=1, by=make_user("reviewer"))
    if state == "needs_work":
        proving.give_back(evidence, version=1, note="Lengkapi tanda tangannya.", by=make_user("reviewer"))
    return evidence

"""The demo's follow-through: each office's actions of this year, what it reported, and evidence in every state.

Offices are real; what they do, the figures and the files are made up, and the files say so.
"""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle

from django.db import transaction
from PIL import Image, ImageDraw
from simple_history.utils import bulk_create_with_history

from agencies.kinds import Sex
from agencies.models import Agency, User
from commitments import dates
from commitments.management import sample_texts as texts
from commitments.models import Action, Criterion, Declaration, Evidence, FocalPoint, Report, Verifier
from commitments.planning import verbs as planning
from commitments.proving import verbs as proving
from commitments.proving.verbs import Judged, Upload
from commitments.reporting import verbs as reporting
from commitments.states import Completion

PIECES = 3  # of evidence an action
STEPS = (Completion.NOT_STARTED, Completion.LIMITED, Completion.SUBSTANTIAL, Completion.COMPLETE)


def make() -> None:
    """Seven actions for each office of today, four quarters, three pieces of evidence an action.

    An office at a time, for the demo is in use meanwhile; those that are there already are left alone.
    """
    operator, reviewer = (User.objects.get(username=name) for name in ("operator", "peninjau"))
    writer, _made = User.objects.get_or_create(
        username="perencana", defaults={"first_name": "Perencana Contoh", "is_active": False}
    )
    own = Agency.objects.get(memberships__user=operator)
    files = [proving.judge(upload) for upload in _uploads()]
    offices = Agency.objects.in_force().order_by("pk").exclude(plans__year=dates.today().year)
    for agency in [own, *offices.exclude(pk=own.pk)]:
        with transaction.atomic():
            _fill(agency, files, by=operator if agency == own else writer, reviewer=reviewer)
    _register()
    neighbour = Agency.objects.in_force().exclude(pk=own.pk).order_by("pk")[0]
    Verifier.objects.get_or_create(user=operator, agency=neighbour)


def _register() -> None:
    """A focal point or two in most offices; some decrees have ended, some people are not trained yet."""
    if FocalPoint.objects.exists():
        return
    today, people = dates.today(), []
    for agency in Agency.objects.in_force().order_by("pk"):
        for place in range(agency.pk % 3):
            number = agency.pk * 2 + place
            decree = date(today.year - 2 + number % 3, 1, 15)
            person = FocalPoint(
                agency=agency,
                name=f"Focal Point Contoh {number}",
                sex=Sex.MALE if number // 3 % 3 == 0 else Sex.FEMALE,
                decree_number=f"{number}/SK-CONTOH/{decree.year}",
                decree_date=decree,
                expires_on=None if number % 4 == 0 else date(decree.year + 1, 12, 31),
                trained_on=date(decree.year, 6, 10) if number % 5 < 3 and decree.year < today.year else None,
            )
            people.append(person)
    bulk_create_with_history(people, FocalPoint)


def _fill(agency: Agency, files: list[Judged], *, by: User, reviewer: User) -> None:
    today, number = dates.today(), agency.pk
    plan = planning.plan_of(agency, today.year)
    if plan.actions.exists():
        return
    points = list(_promise().points.order_by("order"))
    criteria = list(Criterion.objects.filter(framework__year=today.year, framework__in_use=True))
    for place, text in enumerate(texts.ACTIONS):
        chosen = [criteria[(place + step * 7) % len(criteria)] for step in range(3)] if criteria else []
        action = _action(plan, text, point=points[place % len(points)], place=place, number=number)
        planning.save(action, chosen, by=by)
        _reports(action, number + place, by=by, reviewer=reviewer, today=today)
        _evidence(action, number + place, files, by=by, reviewer=reviewer)


def _promise() -> Declaration:
    return Declaration.objects.published().order_by("-year", "-pk")[0]


def _action(plan, text: tuple, *, point, place: int, number: int) -> Action:
    title, indicator, unit, target, has_beneficiaries = text
    target += number % 5 * (target // 10)
    return Action(
        plan=plan,
        point=point,
        title=title,
        indicator=indicator,
        unit=unit,
        baseline=target // 3,
        target_1=target // 4,
        target_2=target // 2,
        target_3=target * 3 // 4,
        target_4=target,
        budget=(place + 1) * 12_500_000,
        budget_source="APBD (contoh)",
        person_in_charge=("Sekretariat", "Bidang Perencanaan", "Bidang Pelayanan")[place % 3],
        partner=("", "Pokja PUG", "")[place % 3],
        due_on=date(plan.year, (3, 5, 6, 9, 10, 11, 12)[place], 15),
        has_beneficiaries=has_beneficiaries,
    )


def _reports(action: Action, number: int, *, by: User, reviewer: User, today: date) -> None:
    """The quarters that have begun: those before are verified, the last one is in every state."""
    last = (today.month + 2) // 3
    for quarter in range(1, last + 1):
        step = STEPS[min(3, (quarter + number % 3) * 4 // 5)]
        report = Report(action=action, quarter=quarter, claimed=step, **_figures(action, quarter, number))
        reporting.save(report, by=by)
        if quarter < last or number % 4:
            reporting.submit(report, by=by)
        if quarter < last or number % 4 == 1:
            found = Completion.LIMITED if step == Completion.COMPLETE and number % 3 == 0 else step
            reporting.accept(report, found=found, by=reviewer)
        elif number % 4 == 2:
            reporting.give_back(report, note="Lampirkan daftar hadir yang terpilah.", by=reviewer)


def _figures(action: Action, quarter: int, number: int) -> dict:
    reached = int(action.target_4) * quarter * (80 + number % 5 * 5) // 400
    values = {
        "reached": reached,
        "spent": int(action.budget) * quarter // 5,
        "narrative": "Uraian contoh: kegiatan berjalan sesuai jadwal.",
        "hindrance": "Jadwal bergeser karena kegiatan lain." if number % 3 == 0 else "",
        "next_step": "Melanjutkan ke triwulan berikutnya.",
    }
    if not action.has_beneficiaries:
        return values
    if number % 11 == 0:
        return values | {"unsplit": reached, "unsplit_reason": "Daftar hadir belum memuat jenis kelamin."}
    women = reached * (40 + number % 4 * 8) // 100
    return values | {"men": reached - women, "women": women}


def _evidence(action: Action, number: int, files: list[Judged], *, by: User, reviewer: User) -> None:
    names = cycle(("Daftar hadir", "Laporan kegiatan", "Foto kegiatan", "Surat keputusan"))
    for place, name in zip(range(PIECES), names, strict=False):
        judged = files[(number + place) % len(files)]
        piece = proving.add_judged(action, replace(judged, name=_named(judged, f"{name} {place + 1}")), by=by)
        _decide(piece, (number + place) % 6, by=by, reviewer=reviewer)


def _named(judged: Judged, name: str) -> str:
    return f"{name}.{judged.name.rpartition('.')[2]}"


def _decide(piece: Evidence, turn: int, *, by: User, reviewer: User) -> None:
    """Half are accepted; the rest wait, came back, or are drafts."""
    if turn == 5:
        return
    proving.submit(piece, by=by)
    if turn == 3:
        proving.give_back(
            piece, version=1, note="Belum bertanda tangan. Unggah yang sudah disahkan.", by=reviewer
        )
    elif turn != 4:
        proving.accept(piece, version=1, by=reviewer)


def _uploads() -> Iterator[Upload]:
    for number in range(1, 4):
        yield Upload(f"contoh-{number}.pdf", _pdf(f"Berkas contoh {number}"))
        yield Upload(f"contoh-{number}.png", _picture(f"Foto contoh {number}"))


def _picture(text: str) -> bytes:
    picture = Image.new("RGB", (480, 320), "#e9e2ec")
    ImageDraw.Draw(picture).text((30, 140), text, fill="#42184d", font_size=32)
    out = io.BytesIO()
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue()


def _pdf(text: str) -> bytes:
    """One page with one line, the plainest file that is a PDF (ISO 32000-1, annex H.2)."""
    drawn = f"BT /F1 24 Tf 72 760 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)

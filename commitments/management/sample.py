"""The demo's people and declarations. Offices are real; persons are numbered place-holders with synthetic NIPs."""

from datetime import date, datetime, timedelta
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from agencies.kinds import Capacity, PositionCategory, Sex
from agencies.models import Agency, Membership, Official, Position, Tenure, User
from commitments import dates
from commitments.documents import keys
from commitments.management import sample_texts as texts
from commitments.management.sample_logins import ACTING, OPERATOR_OF, PASSWORD, SECOND_STEP, STAFF
from commitments.management.sample_strokes import sample_drawing
from commitments.models import Declaration, Letterhead, OutgoingMail, Signatory
from commitments.printing import verbs as printing
from commitments.publishing import texts as wording
from commitments.publishing import verbs as publishing
from commitments.reviewing import verbs as reviewing
from commitments.signing import verbs as signing
from commitments.signing.forms import consent_sentence
from commitments.signing.marks import Drawn, Typed
from commitments.states import MailState

SINCE = date(2021, 1, 4)
TITLES = (
    "S.Sos., M.Si.",
    "S.STP., M.Si.",
    "S.H., M.H.",
    "S.E., M.M.",
    "S.K.M., M.Kes.",
    "S.T., M.T.",
    "S.Pd., M.Pd.",
)

# Posts of this year's declaration by their place in protocol order: every second has signed, and these differ.
RETURNED, SIGNED, DECLINED, VACANT = {12, 33}, {6, 15, 22, 30, 41}, {26}, {37}


def _tenure(number: int) -> Tenure:
    """The definitive tenure of the post with that place in protocol order."""
    position = Position.objects.in_protocol_order()[number - 1]
    return position.tenures.select_related("official__user", "position").get(capacity=Capacity.DEFINITIVE)


@transaction.atomic
def make() -> None:
    """Everything the demo shows. Times lie in the past, so they are passed to the verbs."""
    admin, reviewer = _staff()
    _officials()
    _declaration_2022(admin=admin, reviewer=reviewer)
    _vacate_and_act()
    _declaration_now(admin=admin, reviewer=reviewer)
    _addresses()
    _mails_sent()


def _user(username: str, name: str, password: str) -> User:
    return User.objects.create(username=username, first_name=name, password=password)


def _staff() -> tuple[User, User]:
    password = make_password(PASSWORD)
    for name, (role, group) in STAFF.items():
        _user(name, f"{role.split(' (')[0]} Contoh", password).groups.add(Group.objects.get(name=group))
    for name in SECOND_STEP:
        user = User.objects.get(username=name)
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    operator = _user("operator", f"Operator {OPERATOR_OF} Contoh", password)
    Membership.objects.create(user=operator, agency=Agency.objects.get(abbreviation=OPERATOR_OF))
    return User.objects.get(username="admin"), User.objects.get(username="peninjau")


def _officials() -> None:
    password = make_password(PASSWORD)
    for number, position in enumerate(Position.objects.in_protocol_order(), start=1):
        name = f"Pejabat Contoh {number:02d}"
        sex = Sex.FEMALE if number % 5 in (1, 4) else Sex.MALE
        official = Official.objects.create(
            name=name,
            title_after=TITLES[number % len(TITLES)],
            nip=f"19700101199503{2 if sex == Sex.FEMALE else 1}{number:03d}",
            rank="IV/b" if position.category == PositionCategory.CAMAT else "IV/c",
            sex=sex,
            user=_user(f"pejabat{number:02d}", name, password),
            is_sample=True,
        )
        Tenure.objects.create(position=position, official=official, starts_on=SINCE)


def _vacate_and_act() -> None:
    """One post falls vacant and one is led by a Plt. who keeps an office of their own."""
    yesterday = dates.today() - timedelta(days=30)
    for number in (*VACANT, ACTING):
        Tenure.objects.filter(pk=_tenure(number).pk).update(ends_on=yesterday)
    Tenure.objects.create(
        position=Position.objects.in_protocol_order()[ACTING - 1],
        official=_tenure(ACTING - 1).official,
        capacity=Capacity.PLT,
        basis_letter="SP/024/CONTOH/2026",
        basis_date=yesterday,
        starts_on=yesterday + timedelta(days=1),
        ends_on=dates.today() + timedelta(days=60),
    )


def _draft(*, year: int, day: date, points: list, basis: list, by: User, **values) -> Declaration:
    letterhead, _ = Letterhead.objects.get_or_create(
        name="Sekretariat Daerah",
        defaults={
            "line2": "Sekretariat Daerah",
            "address": "Jalan Jenderal Ahmad Yani Nomor 1, Kota Bekasi 17141",
        },
    )
    declaration = Declaration(
        year=year,
        title=wording.TITLE,
        opening=wording.opening_for(day, texts.VENUE),
        closing=wording.CLOSING,
        date=day,
        venue=texts.VENUE,
        letterhead=letterhead,
        is_sample=True,
        **values,
    )
    positions = publishing.positions_by_rule(heads=True, camat=True, city=True)
    return publishing.save_draft(declaration, points=points, basis=basis, positions=positions, by=by)


def _sign(slot: Signatory, number: int, *, at: datetime):
    """By the post's own login; every seventh types the name."""
    official = slot.position.tenures.in_force(dates.wib_date(at)).get().official
    mark = Typed(name=official.full_name) if number % 7 == 0 else Drawn(strokes=sample_drawing(number))
    consent = consent_sentence(slot.declaration)
    return signing.sign(slot, mark=mark, consent=consent, key=uuid4(), by=official.user, at=at)


def _declaration_2022(*, admin: User, reviewer: User) -> None:
    day = date(2022, 5, 11)
    start = datetime(2022, 5, 11, 9, 30, tzinfo=dates.WIB)
    declaration = _draft(
        year=2022,
        day=day,
        points=texts.POINTS_2022,
        basis=texts.BASIS_2022,
        by=admin,
        note="Rekonstruksi, naskah usulan. Tanggal, tempat, dan kelompok penanda tangan dari pemberitaan 2022.",
    )
    publishing.publish(declaration, by=admin, at=start)
    for number, slot in enumerate(_slots(declaration), start=1):
        at = start + timedelta(minutes=32, seconds=41 * number)
        signature = _sign(slot, number, at=at)
        reviewing.accept(signature, by=reviewer, at=at + timedelta(minutes=40))
    publishing.close(declaration, by=admin, at=start + timedelta(hours=4))
    # Sealed by whoever has a key here; its time is now, as no seal can be older than its key.
    printing.issue_final(declaration, by=admin, unsealed=not keys.state().ready)


def _declaration_now(*, admin: User, reviewer: User) -> None:
    now = dates.now()
    declaration = _draft(
        year=dates.today().year,
        day=dates.today(),
        points=texts.POINTS,
        basis=texts.BASIS,
        by=admin,
        sign_by=dates.today() + timedelta(days=6),
    )
    publishing.publish(declaration, by=admin, at=now - timedelta(days=3))
    for number, slot in enumerate(_slots(declaration), start=1):
        at = now - timedelta(hours=50) + timedelta(minutes=37 * number)
        if number in DECLINED:
            official = slot.position.tenures.in_force(dates.wib_date(at)).get().official
            signing.decline(
                slot, reason="Sedang cuti di luar kota sampai akhir bulan.", by=official.user, at=at
            )
        elif number not in VACANT and (number % 2 or number in RETURNED | SIGNED) and number != ACTING - 1:
            _sign_and_review(slot, number, reviewer=reviewer, at=at)


def _sign_and_review(slot: Signatory, number: int, *, reviewer: User, at: datetime) -> None:
    signature = _sign(slot, number, at=at)
    later = at + timedelta(hours=1)
    if number in RETURNED:
        reason = "Goresan tidak terbaca. Mohon tanda tangan ulang."
        reviewing.give_back(signature, reason=reason, by=reviewer, at=later)
    elif number not in SIGNED:
        reviewing.accept(signature, by=reviewer, at=later)


def _slots(declaration: Declaration) -> list[Signatory]:
    return list(declaration.signatories.select_related("position", "declaration").in_protocol_order())


def _addresses() -> None:
    """Given last, so that nobody is owed mail for what happened before the demo began."""
    User.objects.update(email=Concat("username", Value("@contoh.example")))


def _mails_sent() -> None:
    """The demo prints its mail: only what somebody causes now, not the reviewers' of all that came before."""
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING)
    waiting.update(state=MailState.SENT, sent_at=F("created_at"), to="peninjau@contoh.example")

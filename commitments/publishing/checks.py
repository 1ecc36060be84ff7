"""What to know before a draft is frozen, or a signing ended. Nothing here refuses: whoever publishes decides."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.languages import in_indonesian
from commitments import dates
from commitments.models import Declaration, Signatory
from commitments.states import MISSING, DeclarationState, SignatoryState

# A date in words or in figures, as an opening would name it.
DATED = re.compile(
    r"\btanggal\s.{3,40}?\sbulan\s\w+\s+tahun\b|\b\d{1,2}\s+[A-Z][a-z]+\s+\d{4}\b", re.IGNORECASE
)
IN_FORCE = (DeclarationState.DRAFT, DeclarationState.OPEN, DeclarationState.CLOSED)


@dataclass(frozen=True)
class Fact:
    """A sentence, and the posts it speaks of."""

    sentence: str
    posts: tuple[str, ...] = ()


def before_publishing(declaration: Declaration) -> list[Fact]:
    """Who will be asked, and whom the invitation will not reach."""
    slots = list(declaration.signatories.select_related("position").with_addresses().in_protocol_order())
    held = [slot for slot in slots if slot.holder]
    facts = [
        Fact(_asked(len(slots))) if slots else None,
        _posts(_("Jabatan kosong:"), [slot for slot in slots if not slot.holder]),
        _posts(_("Pejabat tanpa akun:"), [slot for slot in held if not slot.holder.official.user_id]),
        _posts(_("Pejabat tanpa pos-el:"), [slot for slot in held if not slot.holder.official.address]),
    ]
    if declaration.previous:
        facts.append(Fact(_("Versi %(n)d digantikan saat itu juga.") % {"n": declaration.previous.version}))
    return [fact for fact in facts if fact]


def before_closing(declaration: Declaration) -> list[Fact]:
    """Who has not signed yet; on paper they are all printed alike, whatever the reason."""
    slots = list(declaration.signatories.select_related("position").in_protocol_order())
    facts = [
        _posts(
            _("Belum menandatangani, dan di naskah final tercetak demikian:"),
            [slot for slot in slots if slot.state in MISSING],
        ),
        _posts(
            _("Di antaranya menyatakan belum dapat:"),
            [slot for slot in slots if slot.state == SignatoryState.DECLINED],
        ),
    ]
    return [fact for fact in facts if fact]


def _asked(posts: int) -> str:
    return ngettext(
        "%(n)d jabatan diminta menandatangani.", "%(n)d jabatan diminta menandatangani.", posts
    ) % {"n": posts}


def _posts(sentence: str, slots: list[Signatory]) -> Fact | None:
    return Fact(sentence, tuple(str(slot.position) for slot in slots)) if slots else None


def odd_in(declaration: Declaration) -> list[str]:
    """One sentence for each oddity of the draft."""
    day = {"date": dates.long_date(declaration.date), "year": declaration.year}
    found = []
    if _opens_on_another_day(declaration):
        found.append(_("Tanggal naskah (%(date)s) tidak sama dengan tanggal pada pembuka.") % day)
    if declaration.year != declaration.date.year:
        found.append(_("Tahun naskah (%(year)s) lain dari tahun tanggalnya (%(date)s).") % day)
    if not declaration.sign_by:
        found.append(_("Batas waktu tanda tangan belum diisi."))
    elif declaration.sign_by < dates.today():
        found.append(
            _("Batas waktu tanda tangan sudah lewat: %(date)s.")
            % {"date": dates.long_date(declaration.sign_by)}
        )
    if has_twin(declaration):
        found.append(twin_of(declaration.year))
    return found


@in_indonesian
def _opens_on_another_day(declaration: Declaration) -> bool:
    opening = " ".join(declaration.opening.split()).casefold()
    usual = (dates.date_in_words(declaration.date), dates.long_date(declaration.date))
    return bool(DATED.search(opening)) and not any(words.casefold() in opening for words in usual)


def has_twin(declaration: Declaration) -> bool:
    """Whether another declaration of that year is in force or being drafted; the version it replaces does not count."""
    own = [pk for pk in (declaration.pk, declaration.previous_id) if pk]
    return Declaration.objects.filter(year=declaration.year, state__in=IN_FORCE).exclude(pk__in=own).exists()


def twin_of(year: int) -> str:
    return _("Sudah ada deklarasi lain untuk tahun %(year)s.") % {"year": year}

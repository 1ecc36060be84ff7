"""What looks odd in a draft before it is frozen. Nothing here refuses: whoever publishes decides."""

import re

from django.utils.translation import gettext as _

from agencies.languages import in_indonesian
from commitments import dates
from commitments.models import Declaration
from commitments.states import DeclarationState

# A date in words or in figures, as an opening would name it.
DATED = re.compile(
    r"\btanggal\s.{3,40}?\sbulan\s\w+\s+tahun\b|\b\d{1,2}\s+[A-Z][a-z]+\s+\d{4}\b", re.IGNORECASE
)
IN_FORCE = (DeclarationState.DRAFT, DeclarationState.OPEN, DeclarationState.CLOSED)


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

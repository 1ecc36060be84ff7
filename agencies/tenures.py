"""Changing who holds a post."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.kinds import Capacity
from agencies.models import Official, Position, Tenure, User

DAY = timedelta(days=1)


@transaction.atomic
def appoint(
    position: Position,
    *,
    official: Official,
    starts_on: date,
    by: User,
    capacity: str = Capacity.DEFINITIVE,
    ends_on: date | None = None,
    basis_letter: str = "",
    basis_date: date | None = None,
) -> Tenure:
    """A new holder from that day on. The tenure in force ends the day before.

    After a Plh., who stands in for an absent holder, that holder's tenure goes on the day after the Plh. ends.
    Raises ValidationError with sentences for people.
    """
    Position.objects.select_for_update().get(pk=position.pk)  # of two at once, the second sees the first
    before = Tenure.objects.in_force(starts_on).filter(position=position).first()
    would_have_ended = before.ends_on if before else None
    if before:
        _end(before, starts_on - DAY, by=by)
    tenure = _save(
        Tenure(
            position=position,
            official=official,
            capacity=capacity,
            basis_letter=basis_letter,
            basis_date=basis_date,
            starts_on=starts_on,
            ends_on=ends_on,
        ),
        by=by,
    )
    if before and capacity == Capacity.PLH:
        _resume(before, after=tenure, until=would_have_ended, by=by)
    return tenure


def _end(tenure: Tenure, day: date, *, by: User) -> None:
    if day < tenure.starts_on:
        raise ValidationError(
            _("%(name)s mulai memegang jabatan ini pada hari yang sama. Ubah dulu masa jabatan itu."),
            params={"name": tenure.official.full_name},
        )
    tenure.ends_on = day
    _save(tenure, by=by)


def _resume(tenure: Tenure, *, after: Tenure, until: date | None, by: User) -> None:
    if after.ends_on is None or (until and until <= after.ends_on):
        return
    again = Tenure(
        position=tenure.position,
        official=tenure.official,
        capacity=tenure.capacity,
        basis_letter=tenure.basis_letter,
        basis_date=tenure.basis_date,
        starts_on=after.ends_on + DAY,
        ends_on=until,
    )
    _save(again, by=by)


def _save(tenure: Tenure, *, by: User) -> Tenure:
    tenure.full_clean()
    tenure._history_user = by  # type: ignore[attr-defined] # the history names who did it
    tenure.save()
    return tenure

"""Changing who holds a post."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.kinds import Capacity
from agencies.models import Official, Position, Tenure


@transaction.atomic
def appoint(
    position: Position,
    *,
    official: Official,
    starts_on: date,
    capacity: str = Capacity.DEFINITIVE,
    ends_on: date | None = None,
    basis_letter: str = "",
    basis_date: date | None = None,
) -> Tenure:
    """A new holder from that day on. The tenure in force ends the day before.

    After a Plh., who stands in for an absent holder, that holder's tenure goes on the day after the Plh. ends.
    Raises ValidationError with sentences for people.
    """
    before = Tenure.objects.in_force(starts_on).filter(position=position).first()
    resumed_until = before.ends_on if before else None
    if before:
        if before.starts_on == starts_on:
            raise ValidationError(
                "Pemegang sebelumnya mulai pada hari yang sama. Ubah dulu masa jabatan itu."
            )
        before.ends_on = starts_on - timedelta(days=1)
        before.save()
    tenure = Tenure(
        position=position,
        official=official,
        capacity=capacity,
        basis_letter=basis_letter,
        basis_date=basis_date,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    tenure.full_clean()
    tenure.save()
    if before and capacity == Capacity.PLH and ends_on and (resumed_until is None or resumed_until > ends_on):
        Tenure.objects.create(
            position=position,
            official=before.official,
            capacity=before.capacity,
            basis_letter=before.basis_letter,
            basis_date=before.basis_date,
            starts_on=ends_on + timedelta(days=1),
            ends_on=resumed_until,
        )
    return tenure

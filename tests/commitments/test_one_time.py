"""One-time codes: what opens, what does not, and what a dump of the database tells."""

import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commitments import one_time
from commitments.models import OneTimeCode
from commitments.one_time import Outcome
from commitments.states import CodePurpose

pytestmark = pytest.mark.django_db
LOGIN, LINK = CodePurpose.LOGIN, CodePurpose.LINK


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def age(**by) -> None:
    """As if every code had been sent so long ago."""
    for row in OneTimeCode.objects.all():
        row.created_at -= timedelta(**by)
        row.expires_at -= timedelta(**by)
        row.save()


def test_c10_a_code_opens_once():
    code = one_time.issue(LOGIN, "user:1")
    assert one_time.check(LOGIN, "user:1", f" {code[:3]} {code[3:]}\n") == Outcome.OK
    assert one_time.check(LOGIN, "user:1", code) == Outcome.DEAD


def test_c10_a_code_for_one_fails_for_another_and_for_another_purpose():
    code = one_time.issue(LOGIN, "user:1")
    while one_time.issue(LOGIN, "user:2") == code:
        OneTimeCode.objects.filter(subject="user:2").delete()
    while one_time.issue(LINK, "user:1") == code:
        OneTimeCode.objects.filter(purpose=LINK).delete()
    assert one_time.check(LOGIN, "user:2", code) == Outcome.WRONG
    assert one_time.check(LOGIN, "user:3", code) == Outcome.DEAD
    assert one_time.check(LINK, "user:1", code) == Outcome.WRONG
    assert one_time.check(LOGIN, "user:1", code) == Outcome.OK


def test_c10_five_tries_and_not_one_more():
    code = one_time.issue(LOGIN, "user:1")
    assert [one_time.check(LOGIN, "user:1", other_than(code)) for _ in range(6)] == [
        *[Outcome.WRONG] * 5,
        Outcome.DEAD,
    ]
    assert one_time.check(LOGIN, "user:1", code) == Outcome.DEAD


def test_c10_the_right_code_at_the_fifth_try_still_opens():
    code = one_time.issue(LOGIN, "user:1")
    for _ in range(4):
        one_time.check(LOGIN, "user:1", other_than(code))
    assert one_time.check(LOGIN, "user:1", code) == Outcome.OK


@pytest.mark.parametrize(("minutes", "outcome"), [(9, Outcome.OK), (10, Outcome.DEAD)])
def test_c10_a_code_lives_ten_minutes(minutes, outcome):
    code = one_time.issue(LOGIN, "user:1")
    age(minutes=minutes)
    assert one_time.check(LOGIN, "user:1", code) == outcome


def test_c10_a_newer_code_ends_the_one_before():
    old, new = one_time.issue(LOGIN, "user:1"), one_time.issue(LOGIN, "user:1")
    if old != new:
        assert one_time.check(LOGIN, "user:1", old) == Outcome.WRONG
    assert one_time.check(LOGIN, "user:1", new) == Outcome.OK


def test_c11_five_codes_an_hour_for_each_subject_and_for_nobody_else():
    assert all(one_time.issue(LOGIN, "user:1") for _ in range(5))
    assert one_time.issue(LOGIN, "user:1") is None
    assert one_time.issue(LOGIN, "user:2")
    age(hours=1)
    assert one_time.issue(LOGIN, "user:1")


def test_c10_a_dump_tells_no_code(settings):
    """Not even to whoever hashes all million of them: the key is not in the database."""
    code = one_time.issue(LOGIN, "user:1")
    row = OneTimeCode.objects.get()
    assert code not in {str(value) for value in vars(row).values()}
    settings.SECRET_KEY = "another"
    assert one_time.check(LOGIN, "user:1", code) == Outcome.WRONG


def test_c10_a_code_comes_from_the_systems_source_of_chance(monkeypatch):
    """Two codes alike now and then are chance; the same code from the same number is the source."""
    monkeypatch.setattr(secrets, "randbelow", lambda limit: limit - 1)
    assert one_time.issue(LOGIN, "user:1") == "999999"
    monkeypatch.setattr(secrets, "randbelow", lambda limit: 7)
    assert one_time.issue(LOGIN, "user:1") == "000007"


def test_a_try_is_counted_before_it_is_compared():
    code = one_time.issue(LOGIN, "user:1")
    with CaptureQueriesContext(connection) as queries:
        one_time.check(LOGIN, "user:1", code)
    kinds = [query["sql"].split()[0] for query in queries]
    assert kinds == ["SELECT", "UPDATE", "UPDATE"]


def test_a_restore_or_an_alarm_ends_every_code():
    code = one_time.issue(LOGIN, "user:1")
    assert one_time.end_all() == 1
    assert one_time.check(LOGIN, "user:1", code) == Outcome.DEAD


def test_dead_codes_are_thrown_away_after_a_day():
    one_time.issue(LOGIN, "user:1")
    one_time.forget_old()
    assert OneTimeCode.objects.count() == 1
    age(days=1, minutes=1)
    one_time.forget_old()
    assert not OneTimeCode.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "9" * 10_000])
def test_whatever_is_typed_is_wrong_and_no_more(typed):
    one_time.issue(LOGIN, "user:1")
    assert one_time.check(LOGIN, "user:1", typed) == Outcome.WRONG


def test_c11_codes_asked_for_at_once_are_five_as_well(monkeypatch):
    """Five others are written between the count and the row of the sixth."""
    draw = one_time.secrets.randbelow

    def meanwhile(bound):
        monkeypatch.setattr(one_time.secrets, "randbelow", draw)
        assert all(one_time.issue(LOGIN, "user:1") for _ in range(5))
        return draw(bound)

    monkeypatch.setattr(one_time.secrets, "randbelow", meanwhile)
    assert one_time.issue(LOGIN, "user:1") is None
    assert OneTimeCode.objects.count() == 5

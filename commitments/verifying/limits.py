"""How much this server does for strangers, who cost the database no write by guessing codes."""

import fcntl
import logging
import time
from contextlib import AbstractContextManager

from agencies.limits import file, one_of

logger = logging.getLogger(__name__)
INSPECTIONS = 2  # at once: each may take a processor and half a gigabyte for ten seconds
UNKNOWN_CODES = 600  # a minute


def inspecting() -> AbstractContextManager[None]:
    """A place for reading a stranger's PDF; raises Busy."""
    return one_of(INSPECTIONS, "inspecting")


def too_many_unknown() -> bool:
    """Count one more well-formed code that nobody has; true when this minute has seen too many.

    What guessing costs: eight characters of base 32 are 2**40 numbers, of which 32 of 37 have a check character, so
    951 thousand million codes, 39.8 bits; the ninth character adds nothing to guess. With 20 published declarations
    one hit takes 48 thousand million tries on average: 150 years at 600 a minute, a year and a half at a thousand
    a second, which two processors do not answer. A hit shows a page that is public anyway.

    Known codes always answer, so the answer itself tells a guesser what the limit would hide: it protects the
    server's time and makes the attempt visible in the log. What protects the codes is their number.
    """
    minute = int(time.time() // 60)
    with file("unknown-codes").open("a+") as counter:
        fcntl.flock(counter, fcntl.LOCK_EX)
        counter.seek(0)
        then, _space, count = counter.read(40).partition(" ")
        seen = int(count) + 1 if then == str(minute) and count.isdecimal() else 1
        counter.seek(0)
        counter.truncate()
        counter.write(f"{minute} {seen}")
    if seen == UNKNOWN_CODES + 1:
        logger.warning("more than %d unknown codes in a minute: somebody may be guessing", UNKNOWN_CODES)
    return seen > UNKNOWN_CODES

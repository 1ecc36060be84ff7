"""Log lines that may be read by anyone on call: no NIP, no token, no code, no drawing, no value of a row."""

import logging
import re
import traceback
from collections.abc import Iterator

# What is left out wherever it stands, in this order.
HIDDEN = [
    (
        re.compile(r"\?\S+"),
        "?…",
    ),  # the query of an address: what people search for, the Referer of a refused form
    (re.compile(r"[^\s<>'\"(,;:=]+@[\w.-]+"), "…@…"),  # an e-mail address
    (
        re.compile(r"[\w-]{20,}"),
        "…",
    ),  # a token in a link that signs or sets a password; a long name may fall, too
    (re.compile(r"\[[\[\]\d\s,.-]{8,}"), "[…"),  # the points of a drawing
    (
        re.compile(r"\d{6,}|\b\d{3} \d{3}\b"),
        "…",
    ),  # a NIP has 18 digits, a telephone number 10, a one-time code 6
]
# PostgreSQL repeats the offending row: 'DETAIL:  Key (nip)=(…) already exists.'
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
# Of a traceback these pieces hold code, never values.
CODE = ("Traceback ", "  File ", "\nDuring handling ", "\nThe above exception ")
LONGEST_MESSAGE = 500  # characters of an exception


class LineFormatter(logging.Formatter):
    """One line a message. Only a fault of ours is followed by its traceback, indented: new entries start with a date.

    A request that was refused (4xx) is no fault of ours; Django hands its exception over all the same.
    """

    def format(self, record: logging.LogRecord) -> str:
        message = without_secrets(record.getMessage())
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name}: {message}"
        line = line.replace("\r", "\\r").replace("\n", "\\n")
        error = record.exc_info[1] if record.exc_info else None
        if error and getattr(record, "status_code", 500) >= 500:
            told = "".join(_pieces(error))
            line += "\n" + "\n".join(f"    {part}" for part in told.splitlines())
        return line


def without_secrets(text: str) -> str:
    for pattern, sign in HIDDEN:
        text = pattern.sub(sign, text)
    return text


def _pieces(error: BaseException) -> Iterator[str]:
    """The traceback. What the exceptions say is read as if a stranger had written it: it may repeat the input."""
    for piece in traceback.TracebackException.from_exception(error).format():
        if piece.startswith(CODE):
            yield piece
            continue
        name, colon, said = DETAIL.sub("", piece).rstrip("\n").partition(": ")
        name = name if re.fullmatch(r"[\w.]+", name) else without_secrets(name)
        yield f"{name}{colon}{without_secrets(said[:LONGEST_MESSAGE])}\n"

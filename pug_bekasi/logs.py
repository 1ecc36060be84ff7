"""Log lines that may be read by anyone on call: no NIP, no token, no value of a row."""

import logging
import re

LONG_NUMBER = re.compile(r"\d{9,}")  # a NIP has 18 digits, a phone number at least 10
QUERY = re.compile(r"\?\S+")  # of an address; what people search for, and the Referer of a refused form
TOKEN = re.compile(r"[\w-]{20,}")  # in links that sign or set a password; a long name may fall, too
# PostgreSQL repeats the offending row: 'DETAIL:  Key (nip)=(…) already exists.'
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


class LineFormatter(logging.Formatter):
    """One line a message. Only a fault of ours is followed by its traceback, indented: new entries start with a date.

    A request that was refused (4xx) is no fault of ours; Django hands its exception over all the same.
    """

    def format(self, record: logging.LogRecord) -> str:
        message = LONG_NUMBER.sub("…", TOKEN.sub("…", QUERY.sub("?…", record.getMessage())))
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name}: {message}"
        line = line.replace("\r", "\\r").replace("\n", "\\n")
        if record.exc_info and getattr(record, "status_code", 500) >= 500:
            traceback = DETAIL.sub("", LONG_NUMBER.sub("…", self.formatException(record.exc_info)))
            line += "\n" + "\n".join(f"    {part}" for part in traceback.splitlines())
        return line

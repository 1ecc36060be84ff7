"""Log lines that may be read by anyone on call: no NIP, no token, no value of a row."""

import logging
import re

LONG_NUMBER = re.compile(r"\d{9,}")  # a NIP has 18 digits, a phone number at least 10
TOKEN = re.compile(r"[\w-]{20,}")  # in links that sign or set a password; a long name may fall, too
# PostgreSQL repeats the offending row: 'DETAIL:  Key (nip)=(…) already exists.'
DETAIL = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


class LineFormatter(logging.Formatter):
    """One line a message; a traceback follows it indented, so that only a new entry starts with a date."""

    def format(self, record: logging.LogRecord) -> str:
        message = LONG_NUMBER.sub("…", TOKEN.sub("…", record.getMessage()))
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name}: {message}"
        line = line.replace("\r", "\\r").replace("\n", "\\n")
        if record.exc_info:
            traceback = DETAIL.sub("", LONG_NUMBER.sub("…", self.formatException(record.exc_info)))
            line += "\n" + "\n".join(f"    {part}" for part in traceback.splitlines())
        return line

"""What the history covers: rows with a salt, and the canonical form that is hashed."""

import hashlib
import hmac
import json
import secrets
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

import rfc8785
from django.db import models

DIGITS = bytes.maketrans(b"123456789", b"0" * 9)  # each becomes 0


def new_salt() -> str:
    """128 random bits, in hexadecimal."""
    return secrets.token_hex(16)


def canonical(value: Any) -> bytes:
    """RFC 8785 (JSON canonicalization) of the value, texts in Unicode NFC."""
    if isinstance(value, dict):
        items = sorted({plain(key): item for key, item in value.items()}.items(), key=_place_in_object)
        return b"{%s}" % b",".join(canonical(key) + b":" + canonical(item) for key, item in items)
    if isinstance(value, list):
        return _whole_numbers(value) or rfc8785.dumps(plain(value))
    if isinstance(value, str):
        return encode_basestring(plain(value)).encode()
    return rfc8785.dumps(plain(value))


def _place_in_object(item: tuple[str, Any]) -> bytes:
    return item[0].encode("utf-16-be")


def _whole_numbers(value: list) -> bytes | None:
    """The strokes of a drawing, lists of lists of whole numbers, at the speed of C; None for all else.

    Fractions, texts, true and null bring other signs, and a number of 16 digits may be one that RFC 8785 forbids:
    those are left to the library.
    """
    try:
        text = json.dumps(value, separators=(",", ":")).encode()
    except TypeError:  # a time, say
        return None
    signs = text.translate(DIGITS)
    return None if signs.translate(None, b"[],-0") or b"0" * 16 in signs else text


def plain(value: Any) -> Any:
    """The value as JSON knows it: UTC times with microseconds, ISO dates, NFC texts, SHA-256 of bytes."""
    if type(value) is int:  # nine of ten values are numbers of a drawing
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(
        value, Decimal
    ):  # a text, with all the places of its column: JSON numbers are binary fractions
        return f"{value:f}"
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return value


class Salted(models.Model):
    """A row that ledger entries speak of. The salt keeps public hashes from being guessed back into names."""

    salt = models.CharField(max_length=32, default=new_salt, editable=False)

    class Meta:
        abstract = True

    def values(self) -> dict[str, Any]:
        """Column → value of everything that the history covers: all concrete fields but the salt itself."""
        columns = {field.attname: field for field in self._meta.concrete_fields if field.attname != "salt"}
        return {
            name: str(getattr(self, name)) if isinstance(field, models.FileField) else getattr(self, name)
            for name, field in columns.items()
        }

    def record(self) -> dict[str, str]:
        """Column → its seal: what an entry keeps of this row. See docs/ledger.md."""
        return {
            name: column_digest(column_key(self.salt, name), value) for name, value in self.values().items()
        }


def column_key(salt: str, column: str) -> bytes:
    """HMAC-SHA256(salt, column): each column has a key of its own, so that showing one gives no other away."""
    return hmac.digest(bytes.fromhex(salt), column.encode(), "sha256")


def column_digest(key: bytes, value: Any) -> str:
    """SHA-256(key ‖ canonical value), in hexadecimal."""
    return hashlib.sha256(key + canonical(value)).hexdigest()


class AppendOnlyQuerySet(models.QuerySet):
    """Fence one of four: the manager refuses. Models, admin and database triggers refuse as well."""

    def _refuse(self, *args, **kwargs):
        raise TypeError("Append-only: rows of this table are never changed or deleted.")

    update = delete = bulk_update = _refuse


class AppendOnly(models.Model):
    """Fence two: the row itself refuses to be changed or deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("Append-only: rows of this table are never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("Append-only: rows of this table are never deleted.")


class SaltedAppendOnly(AppendOnly, Salted):
    class Meta:
        abstract = True


def digest_of(value: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()

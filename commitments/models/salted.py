"""What the history covers: rows with a salt, and the canonical form that is hashed."""

import hashlib
import secrets
import unicodedata
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.db import models


def new_salt() -> str:
    """128 random bits, in hexadecimal."""
    return secrets.token_hex(16)


def canonical(value: Any) -> bytes:
    """RFC 8785 (JSON canonicalization) of the value, texts in Unicode NFC."""
    return rfc8785.dumps(plain(value))


def plain(value: Any) -> Any:
    """The value as JSON knows it: UTC times with microseconds, ISO dates, NFC texts, SHA-256 of bytes."""
    if type(value) is int:  # nine of ten values are numbers of a drawing
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
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

    def record(self) -> str:
        """SHA-256(salt ‖ canonical row) over all concrete fields but the salt itself, in hexadecimal."""
        row = {}
        for field in self._meta.concrete_fields:
            if field.attname == "salt":
                continue
            value = getattr(self, field.attname)
            row[field.attname] = str(value) if isinstance(field, models.FileField) else value
        return hashlib.sha256(self.salt.encode() + canonical(row)).hexdigest()


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

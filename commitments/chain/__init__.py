"""The hash chain of each declaration: `append()` writes one entry, `verify()` re-checks all of them and their rows."""

from commitments.chain.check import Fault, verify
from commitments.chain.entries import NotOpen, append, body_of, entry_hash, key_of, rows_of

__all__ = ["Fault", "NotOpen", "append", "body_of", "entry_hash", "key_of", "rows_of", "verify"]

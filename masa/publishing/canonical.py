"""Canonical JSON and digests: the bytes that people agree to.

Keys sorted, no spaces, text in NFC with LF line ends and not escaped, decimals and dates as strings. The same value
gives the same bytes in any process, and ``sha256sum`` checks them without our code (SG-06).
"""
import datetime
import hashlib
import json
import secrets
import unicodedata
from decimal import Decimal
from uuid import UUID

RECIPE = 1


def plain(value):
    """Return ``value`` with only JSON's own types in it. Raises TypeError for a float or an unknown type."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {plain(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value):
    """Return the canonical text of ``value``."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(text):
    """Return the SHA-256 of ``text`` in UTF-8, as 64 hexadecimal figures."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_salt(_address=""):
    """Return a fresh random salt, so that the digest of a removed part gives no guess at its text away."""
    return secrets.token_hex(16)

"""Files kept by digest: attachments and PDFs. Never overwritten, never half written, never served from here."""
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings


class FileMissing(Exception):
    """A file that a row names is not on the disk, or does not have the digest that the row gives."""


def path_of(sha256):
    """Return where the file with this digest is kept."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def keep(data):
    """Store ``data`` and return its SHA-256. The file is whole on the disk before it has its name."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o640)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return sha256


def read(sha256):
    """Return the bytes with this digest. Raises FileMissing if they are gone or are not those bytes."""
    try:
        data = path_of(sha256).read_bytes()
    except OSError as error:
        raise FileMissing(f"The file {sha256} cannot be read.") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileMissing(f"The file {sha256} is not what it was.")
    return data


def discard(digests):
    """Delete the files with these digests, if they are there: the last step of a removal."""
    for sha256 in digests:
        path_of(sha256).unlink(missing_ok=True)

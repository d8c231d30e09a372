"""Hash a file while it comes in: nothing of it is parsed or kept (SG-06)."""
import hashlib

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload


class Hashed:
    """What is left of a file: its digest and size. ``is_too_large``: no more was read once it was over the limit."""

    def __init__(self):
        self.sha256, self.size, self.is_too_large = hashlib.sha256(), 0, False

    @property
    def digest(self):
        return self.sha256.hexdigest()

    def close(self):
        """Django closes what an upload left behind; here that is nothing."""


class HashFile(FileUploadHandler):
    """Hashes the first file of a request and drops its bytes; any further file ends the upload."""

    def __init__(self, request=None):
        super().__init__(request)
        self.hashed = None

    def new_file(self, *args, **options):
        super().new_file(*args, **options)
        if self.hashed is not None:
            raise StopUpload(connection_reset=False)
        self.hashed = Hashed()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data, start):
        """Take a piece of the file in and hand nothing on."""
        self.hashed.size += len(raw_data)
        if self.hashed.size > settings.MAX_UPLOAD_BYTES:
            self.hashed.is_too_large = True
            raise StopUpload(connection_reset=False)
        self.hashed.sha256.update(raw_data)

    def file_complete(self, file_size):
        """Nothing is to be found in ``request.FILES``: the view asks this handler."""

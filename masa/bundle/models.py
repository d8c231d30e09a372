"""What the bake remembers: which bundles were made, which are owed, and which addresses are gone for good."""
from django.db import models

from masa.partnerships.models import Partnership
from masa.partnerships.scope import scoped


class BundleVersion(models.Model):
    """A bundle that was finished and switched to. ``partnership`` is empty for the installation's own."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, null=True, blank=True, related_name="bundles")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    release = models.CharField(max_length=64)
    baked_at = models.DateTimeField()

    objects = scoped()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "number"], name="bundle_number_once"),
        ]

    def __str__(self):
        return f"{self.partnership or 'The installation'}, bundle {self.number}"


class BakeOwed(models.Model):
    """The public site of a partnership could not be baked after a change; it is tried again until it can."""

    partnership = models.OneToOneField(Partnership, models.CASCADE, primary_key=True, related_name="bake_owed")
    since = models.DateTimeField()
    reason = models.TextField()

    objects = scoped()

    def __str__(self):
        return f"{self.partnership}: {self.reason}"


class GoneAddress(models.Model):
    """An address that answers 410 because what stood there was removed. Paths start after the partnership's word."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="gone_addresses")
    path = models.CharField(max_length=300)
    since = models.DateTimeField()

    objects = scoped()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["partnership", "path"], name="gone_address_once")]

    def __str__(self):
        return self.path


class SearchEntry(models.Model):
    """Published words at one public address, for search. ``part`` is the signed part that they come from.

    Whether it may be found is asked of the edition and the part at each search, so that an entry left behind shows nothing.
    """

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="+")
    edition = models.ForeignKey("publishing.Edition", models.CASCADE, related_name="+")
    part = models.ForeignKey("publishing.SignedPart", models.CASCADE, related_name="+")
    heading = models.CharField(max_length=300)
    path = models.CharField(max_length=300)
    audience = models.CharField(max_length=10)
    text = models.TextField()

    objects = scoped()

    def __str__(self):
        return f"{self.heading}, {self.path}"


class PublishedFile(models.Model):
    """The digest of a data file that was ever published, so that a copy can be checked years later."""

    edition = models.ForeignKey("publishing.Edition", models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)

    objects = scoped("edition__publication__partnership")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "name", "sha256"], name="published_file_once")]

    def __str__(self):
        return self.name

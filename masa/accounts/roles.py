"""What people can be in a partnership."""
from django.db import models


class Role(models.TextChoices):
    """A role in a partnership. Lead and delegated partners follow from posts and seats; the others are granted."""

    LEAD = "lead", "Lead partner"
    DELEGATE = "delegate", "Delegated partner"
    EDITOR = "editor", "Editor"
    PUBLISHER = "publisher", "Publisher"
    SCRUTINEER = "scrutineer", "Independent scrutineer"
    CONTRIBUTOR = "contributor", "Agency contributor"
    REVIEWS_OFFICER = "reviews_officer", "Reviews officer"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Partnership administrator"
    INSTALLATION_ADMINISTRATOR = "installation_administrator", "Installation administrator"


#: Never granted: they follow from current appointments to posts on a seat.
DERIVED = frozenset({Role.LEAD, Role.DELEGATE})
GRANTED = [(role.value, role.label) for role in Role if role not in DERIVED]

"""How the blocks write posts and organisations into data: by slug and title, with the name the body had that day."""

from django.db.models import Prefetch

from masa.partnerships.models import Organisation


def named(path):
    """Return the prefetch of the organisation at ``path`` together with the names it has had."""
    return Prefetch(path, Organisation.objects.prefetch_related("names"))


def body_name(organisation, day):
    """Return what an organisation was called on ``day``; empty when there is none."""
    return organisation.name_on(day) if organisation else ""


def post_data(post, day):
    """Return a post as data; None when there is none. Its holder is never part of it."""
    if post is None:
        return None
    return {"post": post.slug, "title": post.title, "organisation": body_name(post.organisation, day)}


def post_words(post):
    """Return a post of data in words: "Chief Constable, Greater Manchester Police"."""
    return ", ".join(part for part in (post["title"], post["organisation"]) if part)

"""A partnership whose second edition is published and whose first is superseded, each with words of its own."""
from masa.publishing import services
from masa.publishing.models import Section
from tests.factories.editions import TODAY, add_edition, later, make_world, publish


def written(world, anchor, body):
    """Put words into a section of the world's draft."""
    section = Section.objects.get(edition=world.edition, anchor=anchor)
    section.body = body
    section.save()


def new_draft(world, **facts):
    """Give the world a further draft and return it."""
    world.edition = add_edition(world, **{"as_on": TODAY, **facts})
    return world.edition


def published_world():
    """Return a World with two public editions. Call in a scope of every partnership."""
    world = make_world()
    written(world, "aims", "<p>We keep children safe in Oldwater.</p>")
    publish(world)
    new_draft(world)
    written(world, "aims", "<p>We keep all children safe in Newwater &amp; beyond.</p>")
    publish(world, minutes=30)
    return world


def remove_aims(world):
    """Remove the section on aims from every edition."""
    return services.remove_part(
        publication_id=world.publication.pk, part_id=str(world.edition.sections.get(anchor="aims").uid), category="identifies_child",
        role="Data protection officer", by=world.people["publisher"], now=later(90),
    )

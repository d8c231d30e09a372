"""Try again what could not be baked: a change is public within minutes of the disk being well again."""
from masa.bundle import bake
from masa.work import due


@due.register("Bake public pages that are owed")
def bake_owed(now):
    """Bake each partnership whose last bake failed; yield one sentence for each."""
    for partnership_id in bake.owed():
        try:
            done = bake.bake(partnership_id, now=now)
            bake.bake_site(now=now)
        except bake.BakeFailed as error:
            yield due.Outcome(False, str(error))
        else:
            yield due.Outcome(True, str(done))

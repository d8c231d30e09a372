"""Compare the files that readers get with what was signed: every file of the bundle, and what each edition's says (SG-03)."""
import gzip
import hashlib
import json
from pathlib import Path

import brotli

from masa.bundle import store
from masa.publishing.models import Edition
from masa.publishing.states import PUBLIC
from masa.publishing.verifying import Finding, check_with


@check_with
def bundle_files(partnership):
    """Each file of the current bundle is there and has the digest and size that the list gives; nothing else lies beside them."""
    home = store.folder(partnership.slug)
    number = store.current_number(home)
    if number is None:
        if Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC).exists():
            yield Finding(False, "the bundle", "Nothing has been baked, though editions are public. Run manage.py bake.")
        return
    files, _, _ = store.listed(home, number)
    place = home / str(number)
    for path, stored in files.items():
        yield from file_findings(place / path, stored)
    expected = {name for path in files for name in copies(path)} | {store.LIST, store.REDIRECTS}
    for extra in sorted(str(p.relative_to(place)) for p in place.rglob("*") if p.is_file()):
        if extra not in expected:
            yield Finding(False, f"bundle {number}, {extra}", "This file is not on the list of the bundle.")
    yield from edition_findings(partnership, place, files)


def copies(path):
    """Return the names of a file and of its smaller copies."""
    return [path, f"{path}.gz", f"{path}.br"] if store.is_smaller(path) else [path]


def file_findings(place, stored):
    """Yield what is wrong with one file."""
    try:
        data = place.read_bytes()
    except OSError:
        yield Finding(False, f"bundle, {stored.path}", "The file is missing.")
        return
    if (hashlib.sha256(data).hexdigest(), len(data)) != (stored.sha256, stored.size):
        yield Finding(False, f"bundle, {stored.path}", "The file is not what was baked.")
    for suffix, unpack in ((".gz", gzip.decompress), (".br", brotli.decompress)) if store.is_smaller(stored.path) else ():
        try:
            same = unpack(Path(f"{place}{suffix}").read_bytes()) == data
        except (OSError, EOFError, brotli.error):
            same = False
        if not same:
            yield Finding(False, f"bundle, {stored.path}{suffix}", "The smaller copy is missing or is not the same file.")


def edition_findings(partnership, place, files):
    """Yield where a baked content or record does not say what was signed and recorded."""
    rows = Edition.objects.filter(publication__partnership=partnership, state__in=PUBLIC)
    for edition in rows.select_related("publication", "signed_text", "record"):
        at = f"{edition.publication.slug}/editions/{edition.number}"
        if f"{at}/content.json" in files:
            manifest = (place / at / "content.json").read_text().split("\n", 1)[0]
            if hashlib.sha256(manifest.encode()).hexdigest() != edition.signed_text.digest:
                yield Finding(False, f"bundle, {at}/content.json", "The content is not the one that was signed.")
        if f"{at}/record.json" in files:
            said = json.loads((place / at / "record.json").read_bytes())
            if said.get("journal", {}).get("hash") != json.loads(edition.record.text)["journal"]["hash"]:
                yield Finding(False, f"bundle, {at}/record.json", "The record is not the one that the journal sealed.")

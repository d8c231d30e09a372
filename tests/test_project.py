"""What holds for the whole tree: where things stand, who imports whom, what is pinned, what must not be in it."""
import ast
import io
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent

FLOORS = {
    "masa.ui": 0,
    "masa.partnerships": 0,
    "masa.guidance": 1,
    "masa.accounts": 1,
    "masa.work": 2,
    "masa.publishing": 3,
    "masa.bundle": 4,
    "arrangements": 5,
    "reviews": 5,
    "scrutiny": 6,
}
PERMITTED = {
    "manage.py", "masa", "arrangements", "reviews", "scrutiny", "templates", "static", "fixtures", "tests", "docs",
    "pyproject.toml", "README.md", "dev.py", "package.json", "package-lock.json", "requirements.lock",
    "requirements-dev.lock", "LICENSE", ".ci", ".editorconfig", ".gitignore", ".npmrc",
}  # fmt: skip
MAY_BE_ABSENT = {"reviews", "scrutiny"}
FIRST_PARTY = {"masa", "arrangements", "reviews", "scrutiny"}


@cache
def tracked():
    """Return every file that git keeps or would keep, as a path from the top."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return sorted(name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())


def python_files(*tops):
    return [name for name in tracked() if name.endswith(".py") and name.split("/")[0] in tops]


@cache
def parsed(name):
    return ast.parse((ROOT / name).read_text("utf-8"), name)


# Where things stand


def test_the_top_level_holds_what_it_may_and_no_more():
    top = {name.split("/")[0] for name in tracked()}
    assert top - PERMITTED == set()
    assert PERMITTED - top <= MAY_BE_ABSENT


# Who imports whom


def room_of(dotted):
    """Return the room that a dotted name lies in, or None for what is nobody's: libraries and masa/ itself."""
    return next((room for room in FLOORS if dotted == room or dotted.startswith(f"{room}.")), None)


def imported(tree, package):
    """Yield the dotted names a module imports: each with the package it is taken from, relative ones in full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def imports_of(name):
    return set(imported(parsed(name), name.rsplit("/", 1)[0].replace("/", ".")))


def test_relative_and_plain_imports_are_both_seen():
    tree = ast.parse("import masa.work\nfrom masa import bundle\nfrom . import models\nfrom ..ui import tags\n")
    found = set(imported(tree, "masa.publishing"))
    assert found == {"masa.work", "masa.bundle", "masa.publishing.models", "masa.ui.tags"}


def upward(room, names):
    """Return the imports that do not go down to a lower floor; masa.ui stands below all rooms and imports none."""
    reached = {other for name in names if (other := room_of(name)) and other != room}
    beside_ui = room != "masa.ui" and FLOORS[room] == 0
    return {other for other in reached if FLOORS[other] >= FLOORS[room] and not (beside_ui and other == "masa.ui")}


@pytest.mark.parametrize(
    ("room", "name", "refused"),
    [
        ("masa.work", "masa.accounts.models", False),
        ("masa.work", "masa.publishing.models", True),
        ("masa.guidance", "masa.accounts.models", True),
        ("masa.accounts", "masa.guidance.models", True),
        ("arrangements", "reviews.models", True),
        ("masa.ui", "masa.partnerships.models", True),
        ("masa.partnerships", "masa.ui.characters", False),
        ("masa.bundle", "arrangements.blocks", True),
        ("scrutiny", "reviews.models", False),
        ("masa.workshop", "masa.work.models", False),
    ],
)
def test_the_rule_of_floors_refuses_what_it_should(room, name, refused):
    if room not in FLOORS:
        assert room_of(room) is None
    else:
        assert bool(upward(room, {name})) is refused


def test_every_room_imports_only_from_floors_below():
    found = {}
    for name in python_files(*FIRST_PARTY):
        if room := room_of(name.removesuffix(".py").replace("/", ".")):
            if wrong := upward(room, imports_of(name)):
                found[name] = wrong
    assert found == {}


def test_models_never_import_views_forms_or_services():
    found = {}
    for name in python_files(*FIRST_PARTY):
        if re.search(r"/models(\.py|/)", name):
            ours = {each for each in imports_of(name) if room_of(each)}
            if wrong := {each for each in ours if {"views", "forms", "services"} & set(each.split("."))}:
                found[name] = wrong
    assert found == {}


def test_the_code_never_imports_the_tests():
    importers = {each.split(".")[0]: name for name in python_files(*FIRST_PARTY) for each in imports_of(name)}
    assert "tests" not in importers


# The database


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(f"a migration is missing:\n{out.getvalue()}")


def tracked_models():
    """Name the models whose every change is kept by django-simple-history."""
    return {model.__name__ for model in apps.get_models() if hasattr(model, "history")}


def updates(tree):
    """Yield the line and the model of each ``Model.objects….update(…)``, which would write no history."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in {"update", "bulk_create", "bulk_update"}:
            continue
        source = ast.unparse(node.func.value)
        if found := re.match(r"(?:\w+\.)*?([A-Z]\w*)\.(?:objects|_default_manager|_base_manager|everything)\b", source):
            yield node.lineno, found.group(1)


def test_an_update_that_writes_no_history_is_seen():
    long_chain = "models.Seat.objects.filter(pk=1).exclude(x=2).update(kind='a')"
    tree = ast.parse(f"{long_chain}\n{{}}.update(a=1)\nSeat.objects.bulk_create([])")
    assert list(updates(tree)) == [(1, "Seat"), (3, "Seat")]


def test_rows_with_history_are_never_changed_behind_its_back():
    with_history = tracked_models()
    assert with_history, "no model has history, so this test would see nothing"
    found = [
        f"{name}:{line} {model}"
        for name in python_files(*FIRST_PARTY)
        if "/migrations/" not in name
        for line, model in updates(parsed(name))
        if model in with_history
    ]
    assert found == []


# What is pinned


PINNED = re.compile(r'^    "(?P<name>[a-z0-9-]+)(\[[a-z,]+\])?(==|>=)[^"]+", +# \w')


def test_each_dependency_is_pinned_and_says_why():
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    assert len([line for line in lines if PINNED.match(line)]) == len(wanted)


def locked(name):
    return set(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def test_lock_files_agree_with_pyproject_and_with_each_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    run, dev = locked("requirements.lock"), locked("requirements-dev.lock")
    assert run < dev
    for wanted, lock in ((project["project"]["dependencies"], run), (project["dependency-groups"]["dev"], dev)):
        for line in wanted:
            name, exact, version = re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z,]+\])?(?:(==)([^,]+)|.*)", line).groups()
            assert name in dict(lock)
            assert not exact or dict(lock)[name] == version


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_lock_files_hold_hashes_and_no_addresses(name):
    content = (ROOT / name).read_text("utf-8")
    assert re.findall(r"\w+://\S*|\bresolved\b|\bfile:", content) == []
    assert "sha256:" in content or "sha512-" in content


# What must not be in the tree

# Folders of one machine or one person. Written apart, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join(["/" + place + "/" for place in (r"home/\w+", r"Users/\w+", "root", "work")]))
REGISTRIES = re.compile("|".join(["files.python" + "hosted.org", "registry.npm" + "js.org", "pypi.org/" + "simple"]))


def words_of(name):
    """Return the text of a file, or nothing for one that is no text."""
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_paths_of_a_machine_are_seen():
    assert MACHINE_PATHS.search("see /" + "home/ann/notes")
    assert not MACHINE_PATHS.search("/workspace/ and /bolton/work-with-us/")


def standing_alone(match, content):
    """Say whether a path starts where it was found; what follows a letter or a variable is part of an address."""
    return match.start() == 0 or content[match.start() - 1] in " \t\n\"'`(=:"


def test_no_file_names_a_folder_of_one_machine_or_a_package_registry():
    found = []
    for name in tracked():
        content = words_of(name)
        hits = [each for each in MACHINE_PATHS.finditer(content) if standing_alone(each, content)]
        hits += REGISTRIES.finditer(content)
        found += [f"{name}: {each.group()}" for each in hits]
    assert found == []


def test_no_file_holds_a_left_over_mark_of_a_merge_or_of_work_undone():
    marks = re.compile(r"^(<{7} |>{7} |={7}$)|\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b", re.MULTILINE)
    assert [name for name in tracked() if not name.endswith(".lock") and marks.search(words_of(name))] == []

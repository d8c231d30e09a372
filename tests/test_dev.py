"""The task file: what it skips, what it keeps to itself, what it says when it cannot go on."""
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import dev

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small project of its own, with the task file's folders pointing into it."""
    (tmp_path / "masa").mkdir()
    (tmp_path / "masa" / "models.py").write_text("first")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "DATA", tmp_path / "var")
    return tmp_path


def test_a_step_is_done_once_and_again_only_when_its_inputs_change(tree):
    done = []

    def start():
        dev.step("Doing it", tree / "var" / "stamp", dev.fingerprint(["masa", "absent.txt"]), lambda: done.append(1))

    start()
    start()
    assert len(done) == 1
    (tree / "masa" / "models.py").write_text("second")
    start()
    assert len(done) == 2
    (tree / "absent.txt").write_text("now here")
    start()
    assert len(done) == 3


def test_a_step_that_failed_is_done_again(tree):
    def fail():
        sys.exit(1)

    with pytest.raises(SystemExit):
        dev.step("Failing", tree / "stamp", "same", fail)
    done = []
    dev.step("Trying again", tree / "stamp", "same", lambda: done.append(1))
    assert done == [1]


def test_what_python_leaves_behind_is_no_input(tree):
    before = dev.fingerprint(["masa"])
    (tree / "masa" / "__pycache__").mkdir()
    (tree / "masa" / "__pycache__" / "models.cpython-311.pyc").write_bytes(b"\0")
    assert dev.fingerprint(["masa"]) == before


def test_moving_words_from_one_file_to_the_next_is_a_change(tree):
    (tree / "masa" / "a.py").write_text("one two")
    (tree / "masa" / "b.py").write_text("")
    before = dev.fingerprint(["masa"])
    (tree / "masa" / "a.py").write_text("one ")
    (tree / "masa" / "b.py").write_text("two")
    assert dev.fingerprint(["masa"]) != before


def filled(tree, monkeypatch):
    """Start the demo's filling with commands noted rather than run; return what was run."""
    ran = []

    def manage(*words, env):
        ran.append(words[0])
        if words[0] == "migrate":
            (tree / "var" / "masa.sqlite3").touch()
        if words[0] == "collectstatic":
            (tree / "var" / "static").mkdir(exist_ok=True)

    monkeypatch.setattr(dev, "manage", manage)
    (tree / "var").mkdir(exist_ok=True)
    dev.fill({"MASA_SITE_URL": "http://127.0.0.1:8000"})
    return ran


EVERYTHING = ["migrate", "createcachetable", "load_guidance", "load_samples", "collectstatic", "bake"]


def test_the_second_start_of_the_demo_does_nothing_again(tree, monkeypatch):
    assert filled(tree, monkeypatch) == EVERYTHING
    assert filled(tree, monkeypatch) == []


def test_a_changed_template_bakes_the_pages_and_touches_no_data(tree, monkeypatch):
    filled(tree, monkeypatch)
    (tree / "templates").mkdir()
    (tree / "templates" / "page.html").write_text("new")
    assert filled(tree, monkeypatch) == ["bake"]


def test_without_its_database_the_demo_is_filled_afresh(tree, monkeypatch):
    filled(tree, monkeypatch)
    (tree / "var" / "masa.sqlite3").unlink()
    assert filled(tree, monkeypatch) == EVERYTHING


def test_the_demos_secret_is_made_once_and_read_by_its_owner_alone(tree):
    first = dev.secret_key()
    assert len(first) >= 50
    assert dev.secret_key() == first
    assert stat.S_IMODE((tree / "var" / "secret-key").stat().st_mode) == 0o600


def test_the_demo_never_uses_the_settings_of_a_real_installation(tree, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("MASA_EMAIL_HOST", "mail.example")
    monkeypatch.setenv("MASA_SITE_URL", "https://masa.example")
    env = dev.demo_environment(8001)
    ours = {name: value for name, value in env.items() if name.startswith(("MASA_", "DATABASE"))}
    assert ours.pop("MASA_SECRET_KEY") == dev.secret_key()
    assert ours == {
        "MASA_DEMO": "True",
        "MASA_SECURE_COOKIES": "False",
        "MASA_SITE_URL": "http://127.0.0.1:8001",
        "MASA_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "MASA_DATA_DIR": str(tree / "var"),
    }


def test_what_belongs_to_gov_uk_is_taken_out_of_its_styles():
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        ".a{font-family:GDS Transport,arial,sans-serif}.b{mask:url(/assets/images/govuk-crest.svg)}"
        "/*# sourceMappingURL=govuk-frontend.min.css.map */"
    )
    assert dev.without_crown(css) == ".a{font-family:arial,sans-serif}.b{mask:none}"


def test_the_styles_that_pages_use_ask_for_nothing_that_is_not_there():
    css = (ROOT / "build" / "govuk" / "govuk-frontend.min.css").read_text("utf-8")
    assert "url(" not in css and "GDS Transport" not in css and "sourceMappingURL" not in css
    present = sorted(file.name for file in (ROOT / "build" / "govuk").iterdir())
    assert present == ["govuk-frontend.min.css", "govuk-frontend.min.js"]


def test_missing_packages_are_named_with_the_command_when_nobody_may_install_them(monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(dev, "missing_debs", lambda packages: ["fonts-dejavu-core"])
    monkeypatch.setattr(dev, "become_root", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        dev.debs(dev.PDF_DEBS)
    assert "fonts-dejavu-core: the font of PDFs" in capsys.readouterr().out
    assert "sudo apt-get install --no-install-recommends fonts-dejavu-core" in stopped.value.code


def test_a_taken_port_is_said_with_a_way_on():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as stopped:
            dev.refuse_taken(port)
    assert f"--port {port + 1}" in stopped.value.code


@pytest.mark.parametrize("words", ["0", "80", "65536", "eight", "-1", "8000.0", "²"])
def test_a_port_that_cannot_be_is_refused(words):
    with pytest.raises(dev.argparse.ArgumentTypeError):
        dev.port_number(words)


def test_the_tests_fail_when_either_database_fails(monkeypatch):
    monkeypatch.setattr(dev, "set_up", lambda *_: None)
    for sqlite, postgresql, status in ((0, 0, 0), (1, 0, 1), (0, 1, 1), (0, 5, 1)):
        monkeypatch.setattr(dev, "test_on_sqlite", lambda *_, outcome=sqlite: outcome)
        monkeypatch.setattr(dev, "test_on_postgresql", lambda *_, outcome=postgresql: outcome)
        with pytest.raises(SystemExit) as stopped:
            dev.test([])
        assert stopped.value.code == status


def test_help_needs_nothing_but_python():
    command = [sys.executable, "-I", str(ROOT / "dev.py"), "help"]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=os.sep)
    assert shown.returncode == 0
    assert "python3 dev.py demo" in shown.stdout

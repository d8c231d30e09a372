"""How fast published pages are read: from the application itself, against nginx with the same file.

Aims: 0.4 of nginx's requests a second at 16 connections; the 99th percentile under 20 ms at 64 connections; less than 256 MB a process
with every page of 150 partnerships read; no query and no template.
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path
from unittest import mock

from tests.bench._installation import (
    crowd,
    environment,
    fill,
    finish,
    free_port,
    median,
    row,
    running,
    scratch,
    set_up,
    verdict,
)

ROUNDS, SECONDS = 5, 8
PARTNERSHIPS = 150
SLUG, PAGE = "manchester", "manchester/arrangements/partners-and-agencies/"
HEADERS = ["-H", "Accept-Encoding: gzip", "-H", "X-Forwarded-Proto: https"]

PLAIN_NGINX = """
user {user};
worker_processes auto;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    access_log off; sendfile on; tcp_nopush on; gzip_static on;
    types {{ text/html html; }}
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""
ALL_PAGES = """
local paths, i = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
init = function() math.randomseed(os.time()); i = math.random(#paths) end
request = function() i = i %% #paths + 1; return wrk.format("GET", paths[i]) end
"""


def main():
    with scratch() as folder:
        env = environment(folder)
        fill(env, SLUG)
        set_up(env)
        crowd(SLUG, PARTNERSHIPS - 1)
        met = [measure_work()]
        ports = [free_port(), free_port(), free_port()]
        with application(env, ports[0]) as server, plain_nginx(folder, ports[1]), our_nginx(env, folder, ports[2]):
            met += [measure_speed(ports), measure_wait(ports), measure_memory(server, folder, ports[0])]
    finish(*met)


# Servers


def application(env, port):
    """The application as dev.py demo serves it."""
    return running([sys.executable, "-c", f"import os, dev; dev.serve({port}, dict(os.environ))"], port, env=env)


def plain_nginx(folder, port):
    """nginx with the very least: one folder of files, gzip_static."""
    place = folder / "plain"
    place.mkdir()
    shutil.copytree(folder / "bundles" / SLUG / "current", place / "root" / SLUG)
    words = PLAIN_NGINX.format(user="root" if is_root() else "nobody", folder=place, port=port, root=place / "root")
    return nginx(place, words, port)


def our_nginx(env, folder, port):
    """nginx with the configuration that nginx_config prints, without https."""
    place = folder / "ours"
    place.mkdir()
    plain = env | {"MASA_SITE_URL": "http://127.0.0.1", "MASA_BEHIND_PROXY": "False", "MASA_SECURE_COOKIES": "False"}
    command = [sys.executable, "manage.py", "nginx_config", "--standalone", str(place), "--listen", f"127.0.0.1:{port}"]
    words = subprocess.run(command, env=plain, check=True, capture_output=True, text=True).stdout
    return nginx(place, words, port)


def nginx(place, words, port):
    (place / "nginx.conf").write_text(words)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return running([program, "-p", place, "-e", place / "error.log", "-c", place / "nginx.conf", "-g", "daemon off;"], port, stderr=subprocess.DEVNULL)


def is_root():
    return Path("/root").owner() == Path("/proc/self").owner()


# Measurements


def wrk(port, connections, seconds, *more, page=f"/{PAGE}"):
    """Ask for a page as fast as it comes; return requests a second and the 99th percentile in milliseconds."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", *HEADERS, *more, f"http://127.0.0.1:{port}{page}"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(f"Some answers were not pages:\n{out}")
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", out).groups()
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def measure_work():
    """Say that a page asks no query and renders no template: in this process, through the application that servers call."""
    from django.db import connection
    from django.template import Template

    from masa.wsgi import application as called

    done = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": f"/{PAGE}", "HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_ENCODING": "gzip",
        "HTTP_X_FORWARDED_PROTO": "https", "wsgi.url_scheme": "http",
    }
    seen = {}
    with connection.execute_wrapper(lambda *words: done.append("query")), mock.patch.object(Template, "render", lambda *words: done.append("template")):
        body = b"".join(called(environ, lambda status, headers: seen.update(status=status, headers=dict(headers))))
    row(seen["status"], f"{len(body)} bytes", seen["headers"].get("Content-Encoding"))
    ok = not done and seen["status"] == "200 OK" and seen["headers"]["Content-Encoding"] == "gzip"
    return verdict("queries and templates for one page", len(done), "none", ok)


def measure_speed(ports):
    """Compare requests a second, each server once in each round."""
    rows = []
    for number in range(ROUNDS):
        rows.append([wrk(port, 16, SECONDS)[0] for port in ports])
        row(f"round {number + 1}:", f"application {rows[-1][0]:.0f}/s,", f"plain nginx {rows[-1][1]:.0f}/s,", f"our nginx {rows[-1][2]:.0f}/s")
    ratio = median(app / plain for app, plain, _ in rows)
    row(f"our nginx configuration: {median(ours / plain for _, plain, ours in rows):.2f} of plain nginx")
    return verdict("application, of plain nginx", f"{ratio:.2f}", "0.40 or more", ratio >= 0.4)


def measure_wait(ports):
    rows = []
    for number in range(ROUNDS):
        rows.append([wrk(port, 64, SECONDS)[1] for port in ports[:2]])
        row(f"round {number + 1}:", f"application {rows[-1][0]:.1f} ms,", f"plain nginx {rows[-1][1]:.1f} ms")
    found = median(app for app, _ in rows)
    return verdict("99th percentile at 64 connections", f"{found:.1f} ms", "under 20 ms", found < 20)


def measure_memory(server, folder, port):
    """Read every page of every partnership, and look at each process."""
    from masa.bundle import store

    files, _, _ = store.listed(folder / "bundles" / SLUG, 1)
    homes = sorted(path.name for path in (folder / "bundles").glob(f"{SLUG}*"))
    paths = [f"/{home}/{path.removesuffix('index.html')}" for home in homes for path in files]
    (folder / "paths").write_text("\n".join(paths))
    (folder / "all.lua").write_text(ALL_PAGES % (folder / "paths"))
    rate, _ = wrk(port, 16, 30, "-s", folder / "all.lua")
    sizes = [size for size in map(resident, family(server.pid)) if size]
    row(f"{len(homes)} partnerships, {len(paths)} addresses, read at {rate:.0f}/s;", "processes:", ", ".join(f"{size:.0f} MB" for size in sizes))
    return verdict("memory of the largest process", f"{max(sizes):.0f} MB", "under 256 MB", max(sizes) < 256)


def family(pid):
    """Return a process and those it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def resident(pid):
    """Return the resident memory of a process in megabytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0


if __name__ == "__main__":
    main()

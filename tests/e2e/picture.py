"""`python -m tests.e2e.picture`: the README's picture, made by the product itself.

Starts ARV, publishes the sample print through the API, opens the panel and the viewer in Chromium, and
lays both screens side by side into docs/images/living-print.png.
"""

import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from playwright.sync_api import Browser, ViewportSize

from app.core.config import CHECKOUT
from app.demo.noise import fractal
from bench.service import Service, running_service
from bench.tracking.camera import Camera, View
from bench.tracking.conditions import Sensor
from bench.tracking.raster import Image as Pixels
from bench.tracking.sequence import Print, Sequence
from bench.tracking.surface import Surface
from bench.viewer import publish_sample
from tests.e2e.browser import chromium, open_page, wait_until
from tests.e2e.footage import jpeg
from tests.e2e.panel import Panel
from tests.e2e.viewer import Viewer
from tests.support.sample import kept_sample

OUT = CHECKOUT / "docs" / "images" / "living-print.png"
PAPER = (250, 247, 242)
SIZE = (1830, 1000)
PROJECT = "Summer exhibition"
PHONE_CAMERA = Camera(720, 1280, vertical_fov_degrees=62)
FRAMES = 48
PHONE: ViewportSize = {"width": 390, "height": 800}
_LIVING = """() => {
  const { currentTime, duration } = document.getElementById('arv-video');
  return currentTime / duration > 0.36 && currentTime / duration < 0.6;
}"""


def main() -> int:
    """Make the picture; its path is printed."""
    folder = OUT.parent / ".parts"
    folder.mkdir(parents=True, exist_ok=True)
    film = _film_on_a_table(folder / "film.mjpeg", kept_sample().photo)
    with running_service() as service, chromium(film) as browser:
        with service.client() as client:
            link = publish_sample(client, PROJECT)
        panel = _photograph_panel(browser, service, folder / "panel.png")
        viewer = _photograph_viewer(browser, service, link, folder / "viewer.png")
    _compose(panel, viewer).save(OUT, optimize=True)
    for part in folder.iterdir():
        part.unlink()
    folder.rmdir()
    print(OUT)
    return 0


def _film_on_a_table(path: Path, photo: Path) -> Path:
    """The print lying on a wooden table, drawn like everything else in the picture."""
    image = np.asarray(Image.open(photo).convert("RGB"), dtype=np.uint8)
    shown = Print("demo", image, 0.20, Surface(image), _gentle)
    sequence = Sequence(
        "picture", "demo", 3, [shown], Surface(_table(2000, 2400), repeats=True), FRAMES,
        camera=PHONE_CAMERA, sensor=Sensor(read_noise=0.6, shot_noise=1.2, exposure=0.002),
        background_gap_m=0.004,
    )  # fmt: skip
    path.write_bytes(b"".join(jpeg(frame.image) for frame in sequence.frames()))
    return path


def _gentle(seconds: float) -> View:
    """A phone held over the table, seen a little from the side."""
    turn = math.tau * seconds * 30 / FRAMES
    return View(
        x=0.5 + 0.006 * math.sin(turn), y=0.50 + 0.004 * math.cos(turn), size=0.272,
        pitch=-0.46 + 0.02 * math.sin(turn), yaw=0.24, roll=-0.13 + 0.01 * math.cos(turn),
    )  # fmt: skip


def _table(width: int, height: int) -> Pixels:
    """Oak boards: long grain, darker seams, light from the left."""
    board = np.floor(np.arange(width) / width * 5)[None, :]
    grain = fractal(7, width, height, cells=(110, 4), octaves=6)
    rings = np.sin(fractal(8, width, height, cells=(9, 1.5), octaves=3) * 9 + board * 2.1)
    tone = 0.60 + 0.055 * grain + 0.035 * rings + 0.05 * np.sin(board * 12.9)
    seam = np.abs((np.arange(width) / width * 5 + 0.5) % 1 - 0.5)[None, :] * width / 5
    tone = tone * np.where(seam < 3, 0.55, 1.0)
    light = np.linspace(1.12, 0.82, width)[None, :] * np.linspace(1.05, 0.9, height)[:, None]
    colour = np.array([232, 178, 128])
    return np.clip((tone * light)[:, :, None] * colour, 0, 255).astype(np.uint8)


def _photograph_panel(browser: Browser, service: Service, path: Path) -> Path:
    """The content's page in the panel, ready and published."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, device_scale_factor=1)
    page, _ = open_page(context, service.url)
    panel = Panel(page, service.url)
    panel.sign_in(service.credentials.email, service.credentials.password)
    panel.part("project-new").first.wait_for()
    page.get_by_role("link", name=PROJECT).first.click()
    panel.part("content-new").first.wait_for()
    page.get_by_role("link", name="Lake of the long dusk").first.click()
    panel.part("public-link").wait_for()
    page.wait_for_timeout(1500)
    page.screenshot(path=path)
    context.close()
    return path


def _photograph_viewer(browser: Browser, service: Service, link: str, path: Path) -> Path:
    """The viewer on a phone, in the middle of the clip's night."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)
    context.grant_permissions(["camera"], origin=service.url)
    page, _ = open_page(context, service.url)
    viewer = Viewer(page)
    viewer.open(link)
    viewer.wait_for("tracking")
    page.wait_for_timeout(1500)
    wait_until(page, _LIVING)
    page.screenshot(path=path)
    context.close()
    return path


def _compose(panel: Path, viewer: Path) -> Image.Image:
    """The panel as a window, the phone before its right edge, on paper."""
    sheet = Image.new("RGB", SIZE, PAPER)
    _place(sheet, Image.open(panel).convert("RGB"), (70, 70), radius=14, border=1)
    screen = Image.open(viewer).convert("RGB")
    phone = screen.resize((PHONE["width"], PHONE["height"]), Image.Resampling.LANCZOS)
    _place(sheet, phone, (1336, 110), radius=44, border=11)
    return sheet


def _place(
    sheet: Image.Image, screen: Image.Image, at: tuple[int, int], *, radius: int, border: int
) -> None:
    """Lay a screen with round corners, a rim and a soft shadow."""
    size = (screen.width + 2 * border, screen.height + 2 * border)
    body = _rounded(size, radius)
    shadow = Image.new("L", sheet.size, 0)
    shadow.paste(body, (at[0], at[1] + 18))
    shadow = ImageChops.multiply(
        shadow.filter(ImageFilter.GaussianBlur(26)), Image.new("L", sheet.size, 70)
    )
    sheet.paste((22, 24, 29), (0, 0), shadow)
    sheet.paste((22, 24, 29) if border > 2 else (222, 216, 206), at, body)
    inner = _rounded(screen.size, max(radius - border, 2))
    sheet.paste(screen, (at[0] + border, at[1] + border), inner)


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    scale = 4
    mask = Image.new("L", (size[0] * scale, size[1] * scale), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, size[0] * scale - 1, size[1] * scale - 1), radius * scale, fill=255
    )
    return mask.resize(size, Image.Resampling.BOX)


if __name__ == "__main__":
    sys.exit(main())

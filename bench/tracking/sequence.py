"""A rendered film of prints under a moving camera, frame by frame, with its exact truth."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from bench.tracking.camera import Camera, View, plane_homography, print_to_camera, rotation
from bench.tracking.conditions import Glare, Hand, Sensor, add_glare, expose, lay_hand
from bench.tracking.raster import Image, Matrix, apply_homography, image_corners, resize_area
from bench.tracking.surface import OVERSAMPLING, Surface, coverage

BLUR_STEP_PX = 0.7
"""How far a corner may move between two of the pictures that motion blur is averaged from."""
MAX_BLUR_STEPS = 24
BACKGROUND_REACH = 2.4
"""Height of the background in frame heights, for a print that fills half the frame."""


@dataclass
class Print:
    """A picture on paper. `image` is what the engine is given to learn; `surface` what is printed."""

    name: str
    image: Image
    height_m: float
    surface: Surface
    view_at: Callable[[float], View]
    is_weak: bool = False
    """Little to see in it: much empty paper, or nothing but small print."""

    @property
    def size_m(self) -> tuple[float, float]:
        """(width, height) on paper."""
        width_px, height_px = self.surface.size_px
        return self.height_m * width_px / height_px, self.height_m


@dataclass(frozen=True)
class Truth:
    """Where one print is in one frame, at the middle of the exposure.

    `corners`: (4, 2) TL, TR, BR, BL of the printed image in frame pixels (integers at pixel
    centres). `homography`: (3, 3) image pixels -> frame pixels. `in_frame`: share of the print's
    area inside the frame. `visible`: share inside the frame and not covered.
    """

    corners: Matrix
    homography: Matrix
    in_frame: float
    visible: float


@dataclass(frozen=True)
class Frame:
    """One picture of the camera, grey or RGB as the sequence was asked for."""

    index: int
    time_ms: float
    image: Image
    truths: list[Truth]
    """One for each print, in the sequence's order."""


@dataclass
class Sequence:
    """A film: everything needed to render any of its frames, in any order, always the same."""

    family: str
    name: str
    seed: int
    prints: list[Print]
    """Shown and searched for; `Frame.truths` goes with these."""
    background: Surface
    length: int
    absent: list[Print] = field(default_factory=list)
    """Searched for but not shown: whatever is reported of them is wrong."""
    decoys: list[Print] = field(default_factory=list)
    """Shown but not searched for."""
    camera: Camera = field(default_factory=Camera)
    sensor: Sensor = field(default_factory=Sensor)
    hand: Hand | None = None
    glare: Glare | None = None
    fps: float = 30.0
    background_gap_m: float = 0.35
    still: bool = False
    """Nothing moves: what the corners do is shake."""
    independent: bool = False
    """Frames are single pictures, each to be recognised afresh."""
    conditions: list[float] = field(default_factory=list)
    """For independent frames: what varies from one to the next, in the family's own unit."""

    @property
    def sought(self) -> list[Print]:
        """What a tracker is given, in this order: `prints`, then `absent`."""
        return self.prints + self.absent

    def frames(self) -> Iterator[Frame]:
        """Every frame in order."""
        return (self.frame(index) for index in range(self.length))

    def frame(self, index: int) -> Frame:
        """Render frame `index`; deterministic, independent of the frames before."""
        middle = index / self.fps
        homographies = [self._homography(one, middle) for one in self.prints]
        image = self._exposed_picture(middle)
        masks = [self._mask(one, h) for one, h in zip(self.prints, homographies, strict=True)]
        hidden = np.zeros(image.shape[:2], np.uint8)
        if self.prints and self.glare:
            target, size = homographies[0], self.prints[0].surface.size_px
            image = add_glare(image, self.glare, target, size, mask=masks[0], seconds=middle)
        if self.prints and self.hand:
            target, size = homographies[0], self.prints[0].surface.size_px
            image, hidden = lay_hand(image, self.hand, target, size, seconds=middle)
        noise = np.random.default_rng([self.seed, 1000 + index])
        image = expose(image, self.sensor, noise)
        return Frame(index, middle * 1000, image, self._truths(homographies, masks, hidden))

    def truths_at(self, index: int) -> list[Truth]:
        """The truth of a frame without rendering it; covering by a hand is not counted."""
        homographies = [self._homography(one, index / self.fps) for one in self.prints]
        masks = [self._mask(one, h) for one, h in zip(self.prints, homographies, strict=True)]
        nothing = np.zeros((self.camera.height, self.camera.width), np.uint8)
        return self._truths(homographies, masks, nothing)

    @property
    def _shown(self) -> list[Print]:
        return self.decoys + self.prints

    def _homography(self, one: Print, seconds: float) -> Matrix:
        pose = print_to_camera(self.camera, one.view_at(seconds), one.height_m)
        return plane_homography(self.camera, pose, one.surface.size_px, one.size_m)

    def _background_homography(self, seconds: float) -> Matrix:
        """The background hangs behind the first print, turned half as much as it."""
        first = (self._shown + self.absent)[0]
        view = first.view_at(seconds)
        _, translation = print_to_camera(self.camera, view, first.height_m)
        turned = rotation(view.pitch / 2, view.yaw / 2, view.roll)
        behind = translation + turned @ np.array([0, 0, self.background_gap_m])
        nearest = first.height_m / 0.5 * self.camera.focal_px / self.camera.height
        height_m = (nearest + self.background_gap_m) * self.camera.height / self.camera.focal_px
        width_px, height_px = self.background.size_px
        size_m = (BACKGROUND_REACH * height_m * width_px / height_px, BACKGROUND_REACH * height_m)
        return plane_homography(self.camera, (turned, behind), (width_px, height_px), size_m)

    def _picture(self, seconds: float, oversampling: int) -> Image:
        """Background and prints without noise, at one instant."""
        camera = self.camera
        shape = (camera.height * oversampling, camera.width * oversampling)
        canvas = np.zeros(shape + self.background.image.shape[2:], np.uint8)
        self.background.draw(canvas, self._background_homography(seconds), oversampling)
        for one in self._shown:
            one.surface.draw(canvas, self._homography(one, seconds), oversampling)
        return resize_area(canvas, camera.width, camera.height)

    def _exposed_picture(self, middle: float) -> Image:
        """The mean of the pictures while the shutter is open."""
        half = self.sensor.exposure / 2
        travel = 0.0
        for one in self._shown or self.absent:
            edge = image_corners(*one.surface.size_px)
            start, end = (
                apply_homography(self._homography(one, middle + shift), edge)
                for shift in (-half, half)
            )
            travel = max(travel, float(np.abs(end - start).max()))
        steps = int(min(MAX_BLUR_STEPS, 1 + travel / BLUR_STEP_PX))
        if steps == 1:
            return self._picture(middle, OVERSAMPLING)
        total = np.zeros(1, np.float32)
        for step in range(steps):
            shift = ((step + 0.5) / steps - 0.5) * self.sensor.exposure
            total = total + self._picture(middle + shift, 2 if steps < 6 else 1)
        return np.asarray(total / steps + 0.5, dtype=np.uint8)

    def _mask(self, one: Print, homography: Matrix) -> Image:
        return coverage(homography, one.surface.size_px, self.camera.width, self.camera.height)

    def _truths(self, homographies: list[Matrix], masks: list[Image], hidden: Image) -> list[Truth]:
        truths = []
        for number, (one, homography) in enumerate(zip(self.prints, homographies, strict=True)):
            corners = apply_homography(homography, image_corners(*one.surface.size_px))
            mask = masks[number].astype(np.float32) / 255
            shown = mask * (1 - hidden.astype(np.float32) / 255)
            for later in masks[number + 1 :]:
                shown = shown * (1 - later.astype(np.float32) / 255)
            area = max(polygon_area(corners), 1e-6)
            scaled = self._to_learned(one, homography)
            inside, visible = float(mask.sum()) / area, float(shown.sum()) / area
            truths.append(Truth(corners, scaled, min(inside, 1.0), min(visible, 1.0)))
        return truths

    @staticmethod
    def _to_learned(one: Print, homography: Matrix) -> Matrix:
        """The homography from pixels of `image`, should `surface` hold another resolution of it."""
        sx = one.surface.size_px[0] / one.image.shape[1]
        sy = one.surface.size_px[1] / one.image.shape[0]
        resize = np.array([[sx, 0, sx / 2 - 0.5], [0, sy, sy / 2 - 0.5], [0, 0, 1]])
        through = homography @ resize
        return np.asarray(through / through[2, 2], dtype=np.float64)


def polygon_area(corners: Matrix) -> float:
    """Area of a simple polygon (n, 2), by the shoelace formula."""
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)

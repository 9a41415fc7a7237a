"""Making targets: what is accepted, what comes out, what is refused."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from arv_engine import CompiledTarget, ImageError, compile_target, score, target_info
from arv_engine.images import grey_of, read_picture
from arv_engine.wasm import Instance
from tests.engine.scenes import photo


def encoded(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def test_a_target_stays_within_its_size_limit(astronaut: CompiledTarget) -> None:
    """150,000 bytes at most; here with the full number of features."""
    assert len(astronaut.data) <= 150_000
    assert astronaut.features > 500
    assert astronaut.patches > 200


def test_the_target_knows_its_picture(coffee: CompiledTarget) -> None:
    """Size, counts and score stand in the file."""
    info = target_info(coffee.data)

    assert (info["width"], info["height"]) == (600, 400)
    assert info["features"] == coffee.features
    assert info["patches"] == coffee.patches
    assert info["score"] == coffee.score


def test_the_same_picture_gives_the_same_bytes(coffee: CompiledTarget) -> None:
    """From an array, and from a PNG of it."""
    assert compile_target(encoded(photo("coffee"))).data == coffee.data


def test_progress_rises_to_one() -> None:
    """Monotonic, with the names of the stages."""
    seen: list[tuple[float, str]] = []
    compile_target(photo("page"), lambda done, stage: seen.append((done, stage)))

    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (1.0, "done")
    assert {"analysing", "learning", "scoring"} <= {stage for _, stage in seen}


def test_an_exception_in_progress_stops_the_work() -> None:
    """That is how a caller cancels."""

    def cancel(done: float, stage: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compile_target(photo("page"), cancel)


def test_a_rich_photo_scores_high(astronaut: CompiledTarget) -> None:
    """And needs no advice about texture."""
    assert astronaut.score >= 80
    assert astronaut.report["ranges"]["tilt_degrees"] >= 55
    assert "little_texture" not in [advice["code"] for advice in astronaut.report["advice"]]


def test_a_repetitive_picture_scores_lower_and_says_why(astronaut: CompiledTarget) -> None:
    """A brick wall: every part looks like another."""
    target = compile_target(photo("brick"))

    assert target.score < astronaut.score - 15
    assert "repetitive" in [advice["code"] for advice in target.report["advice"]]


def test_a_target_file_scores_as_it_did_when_made(coffee: CompiledTarget) -> None:
    """The battery runs on the file alone; only what learning knew is missing."""
    report = score(coffee.data)

    assert report["checks"] == coffee.report["checks"]
    assert abs(report["score"] - coffee.score) <= 10


def test_the_heat_map_is_a_square_of_bytes(coffee: CompiledTarget) -> None:
    """12 x 12, 0..255, warm somewhere."""
    heat = np.array(coffee.report["heat_map"])

    assert heat.shape == (12, 12)
    assert heat.min() >= 0
    assert 100 < heat.max() <= 255


@pytest.mark.parametrize(
    "pixels",
    [
        np.full((600, 800), 150, np.uint8),
        np.random.default_rng(0).normal(150, 3, (600, 800)).astype(np.uint8),
        np.tile(np.linspace(0, 255, 800).astype(np.uint8), (600, 1)),
    ],
    ids=["grey wall", "grey wall with noise", "gradient"],
)
def test_a_picture_without_texture_is_refused(pixels: np.ndarray) -> None:
    """With the code that the panel explains."""
    with pytest.raises(ImageError) as raised:
        compile_target(pixels)

    assert raised.value.code == "no_texture"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_an_image"),
        (b"just text, named .jpg", "not_an_image"),
        (encoded(photo("page"))[:-2000], "not_an_image"),
        (encoded(photo("coffee"), "JPEG")[:9000], "not_an_image"),
        (encoded(np.zeros((40, 400), np.uint8)), "too_small"),
        (encoded(np.zeros((64, 2000), np.uint8)), "too_small"),
    ],
    ids=["empty", "text", "truncated PNG", "truncated JPEG", "40 pixels high", "31 : 1"],
)
def test_what_is_no_usable_picture_is_refused(content: bytes, code: str) -> None:
    """Each with its code."""
    with pytest.raises(ImageError) as raised:
        compile_target(content)

    assert raised.value.code == code


def test_a_picture_of_400_megapixels_is_refused_before_decoding() -> None:
    """20,000 x 20,000 one-bit PNG: small file, 400 MB of pixels."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")

    with pytest.raises(ImageError) as raised:
        compile_target(out.getvalue())

    assert raised.value.code == "too_large"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """Like any other unreadable picture."""
    with pytest.raises(ImageError):
        compile_target(tmp_path / "nothing.png")


def test_pictures_are_turned_upright() -> None:
    """EXIF orientation 6: the camera was held on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(photo("coffee"), "JPEG", exif=exif.tobytes())

    picture = read_picture(content)

    assert (picture.width, picture.height) == (400, 600)


def test_large_jpegs_keep_their_size_though_decoded_smaller() -> None:
    """Target coordinates are pixels of the original."""
    large = np.kron(photo("coffee"), np.ones((8, 8), np.uint8))

    picture = read_picture(encoded(large, "JPEG"))

    assert (picture.width, picture.height) == (4800, 3200)
    assert picture.grey.shape[1] < 4800


def test_transparent_parts_are_white_paper() -> None:
    """Not black, as an alpha channel simply cut off would be."""
    pixels = np.zeros((80, 80, 4), np.uint8)

    assert read_picture(encoded(pixels)).grey.min() == 255


def test_grey_is_the_engines_own_formula() -> None:
    """(77 R + 150 G + 29 B + 128) >> 8."""
    rgb = np.array([[[200, 100, 50]]], np.uint8)

    assert grey_of(rgb).tolist() == [[(77 * 200 + 150 * 100 + 29 * 50 + 128) >> 8]]


def test_the_engine_gives_back_all_memory() -> None:
    """Nothing stays allocated after a compile that ends, nor after one that is dropped."""
    instance, grey = Instance(), photo("page")
    height, width = grey.shape
    for limit in (3, 10_000):
        steps = limit
        address = instance.store(grey)
        handle = instance.call("arv_compile_begin", address, width, height, width, height)
        instance.free(address)
        while steps and instance.call("arv_compile_step", handle) < 1000:
            steps -= 1
        instance.call("arv_compile_free", handle)

    assert instance.memory_used() == 0
    assert instance.memory_size() < 128 * 1024 * 1024

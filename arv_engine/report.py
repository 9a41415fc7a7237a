"""The trackability report as plain JSON values."""

from __future__ import annotations

from typing import Any

from arv_engine.wasm import REPORT_GRID, Report

CHECK_KINDS = ("distance", "tilt", "spin", "light", "blur", "cover", "motion")

# Bit, code and what to tell the owner of the picture.
ADVICE = (
    (1, "little_texture", "Choose a picture with more detail: edges, corners, contrast."),
    (2, "uneven", "Detail is crowded in one part; the rest of the picture gives no hold."),
    (4, "repetitive", "Parts look alike and are mistaken for each other; avoid regular patterns."),
    (8, "low_contrast", "Stronger contrast would help in dim light."),
    (
        16,
        "not_from_far",
        "It is found only near by; larger shapes would be found from farther away.",
    ),
    (32, "not_tilted", "It is lost when looked at from the side."),
    (64, "small_image", "The picture has few pixels; a larger original would be sharper near by."),
    (128, "blur", "Only fine detail: blur or fast movement hides it. Larger shapes would help."),
)


def report_dict(report: Report) -> dict[str, Any]:
    """The report as nested dicts, lists and numbers; ratios are rounded to three digits."""
    advice = [{"code": code, "text": text} for bit, code, text in ADVICE if report.advice & bit]
    heat = list(report.heat)
    return {
        "score": int(report.score),
        "features": int(report.features),
        "patches": int(report.patches),
        "ranges": {
            "distance": [round(report.distance_min, 3), round(report.distance_max, 3)],
            "tilt_degrees": round(report.tilt_max, 1),
            "light": round(report.light_min, 3),
            "blur_pixels": round(report.blur_max, 2),
        },
        "accuracy_pixels": round(report.accuracy_px, 3),
        "survival": round(report.survival, 3),
        "distinctness": round(report.distinctness, 3),
        "coverage": round(report.coverage, 3),
        "checks": [_check(report.checks[i]) for i in range(report.check_count)],
        "advice": advice,
        "heat_map": [
            heat[row * REPORT_GRID : (row + 1) * REPORT_GRID] for row in range(REPORT_GRID)
        ],
    }


def _check(check: Any) -> dict[str, Any]:
    return {
        "kind": CHECK_KINDS[check.kind],
        "value": round(check.value, 3),
        "found": bool(check.found),
        "held": round(check.held, 3),
        "error_pixels": round(check.error_px, 3),
    }

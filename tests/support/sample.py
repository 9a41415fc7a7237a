"""The sample print and clip, made once for every test that needs them and kept between runs."""

import hashlib
from pathlib import Path

import app.demo
from app.core.config import CHECKOUT
from app.demo.media import SampleMedia, sample_media


def kept_sample() -> SampleMedia:
    """The files of `app.demo`; made anew whenever its code changes."""
    digest = hashlib.sha256()
    for source in sorted(Path(app.demo.__path__[0]).glob("*.py")):
        digest.update(source.read_bytes())
    return sample_media(CHECKOUT / ".make" / f"sample-{digest.hexdigest()[:12]}")

"""Repositories that open at once: made by restic, with a key that takes no time to derive.

`restic init` measures the machine and chooses a key that takes it half a second, at each of the five to ten
times a backup or a restore calls restic. What protects a stolen repository protects nothing in a test.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

COST = {"N": 16, "r": 1, "p": 1}


def make_repository(place: Path, password: str) -> None:
    """An empty repository with the password; `restic init` runs once in this process."""
    shutil.copytree(Path(_template(password).name), place)


@lru_cache
def _template(password: str) -> "TemporaryDirectory[str]":
    """Gone when the process ends."""
    folder = TemporaryDirectory(prefix="arv-restic-")
    place = Path(folder.name)
    _restic(place, password, "init")
    master = json.loads(_restic(place, password, "cat", "masterkey"))
    [slow] = (place / "keys").iterdir()
    (place / "keys" / slow.name).unlink()
    quick = json.dumps(_key(master, password)).encode()
    (place / "keys" / hashlib.sha256(quick).hexdigest()).write_bytes(quick)
    return folder


def _restic(place: Path, password: str, *arguments: str) -> bytes:
    environment = {**os.environ, "RESTIC_REPOSITORY": str(place), "RESTIC_PASSWORD": password}
    command = ["restic", "--no-cache", *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


def _key(master: object, password: str) -> dict[str, object]:
    """A key file (https://restic.readthedocs.io/en/stable/100_references.html, "Keys, Encryption and MAC").

    Nonce, AES-256-CTR, Poly1305-AES: the derived 64 bytes are the cipher's key, then k and r of the MAC.
    """
    salt, nonce = secrets.token_bytes(64), secrets.token_bytes(16)
    derived = hashlib.scrypt(
        password.encode(), salt=salt, n=COST["N"], r=COST["r"], p=COST["p"], dklen=64
    )
    cipher, mac_k, mac_r = derived[:32], derived[32:48], derived[48:]
    counter = Cipher(algorithms.AES(cipher), modes.CTR(nonce)).encryptor()
    sealed = counter.update(json.dumps(master).encode())
    block = Cipher(algorithms.AES(mac_k), modes.ECB()).encryptor()  # noqa: S305  (one block, as specified)
    blinded = block.update(nonce)
    tag = Poly1305.generate_tag(mac_r + blinded, sealed)
    return {
        "created": "2026-11-24T00:00:00Z",
        "username": "tests",
        "hostname": "tests",
        "kdf": "scrypt",
        **COST,
        "salt": b64encode(salt).decode(),
        "data": b64encode(nonce + sealed + tag).decode(),
    }

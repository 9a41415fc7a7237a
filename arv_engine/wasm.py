"""The engine's WebAssembly module in wasmtime: loading, memory, structures.

The module is compiled to machine code once and kept in the user's cache folder, so later processes
start in a few milliseconds. Every `Instance` has a memory of its own; use one per thread. Calls into
it release the GIL.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import tempfile
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import wasmtime

from arv_engine.errors import EngineError

ABI_VERSION = 1
MAX_TRACKED = 4
REPORT_GRID = 12
REPORT_CHECKS = 48

ERROR_MEMORY = -2
ERROR_TOO_SMALL = -3
ERROR_TOO_LARGE = -4
ERROR_NO_TEXTURE = -5
ERROR_FORMAT = -6
ERROR_VERSION = -7

_FOLDER = Path(__file__).resolve().parent
_lock = threading.Lock()
_modules: dict[Path, tuple[wasmtime.Engine, wasmtime.Module]] = {}


class Result(ctypes.LittleEndianStructure):
    """`ArvResult` of arv_engine.h."""

    _fields_ = [
        ("target", ctypes.c_int32),
        ("state", ctypes.c_int32),
        ("confidence", ctypes.c_float),
        ("corners", ctypes.c_float * 8),
        ("homography", ctypes.c_float * 9),
    ]


class Pose(ctypes.LittleEndianStructure):
    """`ArvPose` of arv_engine.h."""

    _fields_ = [
        ("rotation", ctypes.c_float * 9),
        ("translation", ctypes.c_float * 3),
        ("focal", ctypes.c_float),
        ("certainty", ctypes.c_float),
    ]


class TargetInfo(ctypes.LittleEndianStructure):
    """`ArvTargetInfo` of arv_engine.h."""

    _fields_ = [
        (name, ctypes.c_int32)
        for name in ("version", "width", "height", "features", "patches", "score")
    ]


class Check(ctypes.LittleEndianStructure):
    """`ArvCheck` of arv_engine.h."""

    _fields_ = [
        ("kind", ctypes.c_int32),
        ("value", ctypes.c_float),
        ("found", ctypes.c_int32),
        ("held", ctypes.c_float),
        ("error_px", ctypes.c_float),
    ]


class Report(ctypes.LittleEndianStructure):
    """`ArvReport` of arv_engine.h."""

    _fields_ = [
        ("score", ctypes.c_int32),
        ("features", ctypes.c_int32),
        ("patches", ctypes.c_int32),
        ("advice", ctypes.c_uint32),
        ("distance_min", ctypes.c_float),
        ("distance_max", ctypes.c_float),
        ("tilt_max", ctypes.c_float),
        ("light_min", ctypes.c_float),
        ("blur_max", ctypes.c_float),
        ("accuracy_px", ctypes.c_float),
        ("survival", ctypes.c_float),
        ("distinctness", ctypes.c_float),
        ("coverage", ctypes.c_float),
        ("check_count", ctypes.c_int32),
        ("checks", Check * REPORT_CHECKS),
        ("heat", ctypes.c_uint8 * (REPORT_GRID * REPORT_GRID)),
    ]


class Instance:
    """One engine with its own memory. Not for use by two threads at once."""

    def __init__(self, *, plain: bool = False) -> None:
        """Loads the SIMD build, or the plain one that gives the same results.

        Raises EngineError when the binary is missing or of another ABI.
        """
        engine, module = _module(
            _FOLDER / ("arv_engine_plain.wasm" if plain else "arv_engine.wasm")
        )
        self._store = wasmtime.Store(engine)
        self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        self._functions: dict[str, wasmtime.Func] = {}
        if self.call("arv_abi_version") != ABI_VERSION:
            raise EngineError(
                "the engine binary has another ABI than this package; run `make engine`"
            )

    def call(self, name: str, *arguments: float) -> int:
        """Calls the export `name`; integers in and out, as arv_engine.h says."""
        function = self._functions.get(name)
        if function is None:
            export = self._exports[name]
            assert isinstance(export, wasmtime.Func)
            function = self._functions[name] = export
        try:
            answer = function(self._store, *arguments)
        except wasmtime.WasmtimeError as error:
            raise EngineError(f"the engine failed in {name}") from error
        return int(answer) if answer is not None else 0

    def pointer(self, name: str, *arguments: float) -> int:
        """Like `call` for functions that return an address (0 to 4 GiB)."""
        return self.call(name, *arguments) & 0xFFFFFFFF

    def view(self, address: int, size: int) -> npt.NDArray[np.uint8]:
        """`size` bytes of the engine's memory, uint8, writable; valid until the memory grows."""
        total = self._memory.data_len(self._store)
        if address <= 0 or address + size > total:
            raise EngineError("the engine returned an address outside its memory")
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        buffer = (ctypes.c_uint8 * size).from_address(base + address)
        return np.frombuffer(memoryview(buffer), dtype=np.uint8)

    def read(self, address: int, size: int) -> bytes:
        """A copy of `size` bytes."""
        return self.view(address, size).tobytes()

    def store(self, content: bytes | npt.NDArray[np.uint8]) -> int:
        """Copies `content` into a new buffer; the caller frees the address it gets."""
        array = (
            np.frombuffer(content, dtype=np.uint8)
            if isinstance(content, bytes)
            else content.reshape(-1)
        )
        address = self.pointer("arv_alloc", max(array.size, 1))
        if not address:
            raise EngineError("the engine's memory is exhausted")
        if array.size:
            self.view(address, array.size)[:] = array
        return address

    def free(self, address: int) -> None:
        """Gives back what `store` made."""
        self.call("arv_free", address)

    def memory_used(self) -> int:
        """Bytes allocated inside the engine now."""
        return self.pointer("arv_memory_used")

    def memory_size(self) -> int:
        """Bytes of linear memory, which only ever grows."""
        return int(self._memory.data_len(self._store))


def _module(path: Path) -> tuple[wasmtime.Engine, wasmtime.Module]:
    with _lock:
        if path not in _modules:
            try:
                binary = path.read_bytes()
            except OSError as error:
                raise EngineError(f"{path.name} is missing; build it with `make engine`") from error
            engine = wasmtime.Engine(wasmtime.Config())
            _modules[path] = (engine, _cached_module(engine, binary))
        return _modules[path]


def _cached_module(engine: wasmtime.Engine, binary: bytes) -> wasmtime.Module:
    """The compiled module from the user's cache; compiled and stored there when it is new."""
    cached = _cache_file(binary)
    if cached is not None and cached.exists():
        try:
            return wasmtime.Module.deserialize_file(engine, str(cached))
        except wasmtime.WasmtimeError:
            cached.unlink(missing_ok=True)
    module = wasmtime.Module(engine, binary)
    if cached is not None:
        _write_atomically(cached, bytes(module.serialize()))
    return module


def _cache_file(binary: bytes) -> Path | None:
    """Where the machine code belongs; None when there is no private folder for it.

    wasmtime runs what it finds there, so nobody else may be able to write to the folder.
    """
    root = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    folder = Path(root).expanduser() / "arv-engine"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError:
        return None
    if os.name == "posix" and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return None
    key = hashlib.sha256(binary)
    key.update(
        f"{version('wasmtime')} {platform.machine()} {platform.system()} {platform.node()}".encode()
    )
    return folder / f"{key.hexdigest()[:32]}.cwasm"


def _write_atomically(path: Path, content: bytes) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        return  # a full disk costs start-up time, nothing else


def structure(instance: Instance, address: int, kind: type[Any], index: int = 0) -> Any:
    """A copy of the structure number `index` of an array at `address`."""
    size = ctypes.sizeof(kind)
    return kind.from_buffer_copy(instance.read(address + index * size, size))

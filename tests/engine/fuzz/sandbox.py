"""The real WebAssembly module with a limit on instructions: a case that does not end is a finding too."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
import wasmtime

import arv_engine
from arv_engine.wasm import Result
from tests.engine.fuzz.cases import Case, Grey

FUEL = 8_000_000_000
"""Instructions a call may take. The longest honest one of these cases, a score step, takes a tenth."""
MEMORY_LIMIT = 64 * 1024 * 1024
"""Far above what frames and pictures of these sizes need."""


class Finding(Exception):
    """The engine trapped, hung, leaked, grew, or reported nonsense."""


class Sandbox:
    """One engine instance; every call has its own allowance."""

    def __init__(self, *, plain: bool = False) -> None:
        """A fresh instance of the SIMD or the plain build."""
        name = "arv_engine_plain.wasm" if plain else "arv_engine.wasm"
        engine, module = _module(Path(arv_engine.__file__).parent / name)
        self._store = wasmtime.Store(engine)
        self._store.set_fuel(FUEL)
        self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory

    def call(self, name: str, *arguments: float) -> int:
        """An export's answer; Finding when it traps or does not end."""
        self._store.set_fuel(FUEL)
        function = self._exports[name]
        assert isinstance(function, wasmtime.Func)
        try:
            return int(function(self._store, *arguments) or 0)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise Finding(f"{name}: {str(error).strip().splitlines()[-1].strip()}") from error

    def store(self, content: bytes) -> int:
        """`content` in a buffer of exactly its size."""
        address = self.call("arv_alloc", max(len(content), 1)) & 0xFFFFFFFF
        self._write(address, content)
        return address

    def run(self, case: Case) -> None:
        """Everything a case asks for; raises Finding."""
        self._strange(case)
        self._track(case)
        self._judge(case)
        self._make(case)
        if self.call("arv_memory_used"):
            raise Finding("memory was not given back")
        if self._memory.data_len(self._store) > MEMORY_LIMIT:
            raise Finding(f"memory grew to {self._memory.data_len(self._store)} bytes")

    def _track(self, case: Case) -> None:
        tracker = self.call("arv_tracker_new", case.width, case.height, 4)
        loaded = 0
        for target in case.targets:
            address, info = self.store(target), self.store(bytes(32))
            known = self.call("arv_target_info", address, len(target), info)
            added = self.call("arv_tracker_add", tracker, address, len(target))
            if known < 0 <= added:
                raise Finding("a file that the check refuses was loaded")
            loaded += added >= 0
            self.call("arv_free", address)
            self.call("arv_free", info)
        for number, (frame, time) in enumerate(case.frames):
            if number == case.reset_at:
                self.call("arv_tracker_reset", tracker)
            self._show(case, tracker, frame)
            visible = self.call("arv_tracker_process", tracker, int(case.rgba), time)
            self._check_results(tracker, visible, loaded)
        self.call("arv_tracker_free", tracker)

    def _show(self, case: Case, tracker: int, frame: Grey) -> None:
        kind = "rgba" if case.rgba else "grey"
        address = self.call(f"arv_tracker_frame_{kind}", tracker) & 0xFFFFFFFF
        self._write(address, np.repeat(frame, 4 if case.rgba else 1).tobytes())

    def _check_results(self, tracker: int, visible: int, loaded: int) -> None:
        if not 0 <= visible <= min(loaded, 4):
            raise Finding(f"{visible} targets seen, {loaded} loaded")
        address = self.call("arv_tracker_results", tracker) & 0xFFFFFFFF
        for index in range(visible):
            result = Result.from_buffer_copy(self._read(address, index, ctypes.sizeof(Result)))
            numbers = [result.confidence, *result.corners, *result.homography]
            if not np.isfinite(numbers).all() or not 0 <= result.target < loaded:
                raise Finding(f"result {index} is no place: {numbers}")

    def _judge(self, case: Case) -> None:
        if not case.score_steps:
            return
        address = self.store(case.targets[0])
        handle = self.call("arv_score_begin", address, len(case.targets[0]))
        self.call("arv_free", address)
        for _ in range(case.score_steps if handle > 0 else 0):
            self.call("arv_score_step", handle)
        self.call("arv_score_free", handle)

    def _make(self, case: Case) -> None:
        if case.picture is None:
            return
        height, width = case.picture.shape
        address = self.store(case.picture.tobytes())
        handle = self.call("arv_compile_begin", address, width, height, width, height)
        self.call("arv_free", address)
        for _ in range(case.compile_steps if handle > 0 else 0):
            if self.call("arv_compile_step", handle) < 0:
                break
        self.call("arv_compile_data", handle)
        self.call("arv_compile_free", handle)

    def _strange(self, case: Case) -> None:
        """Handles nobody gave out, options nobody knows: refused, nothing else."""
        first, second, third, fourth = (_signed(number) for number in case.strange)
        for name in (
            "arv_compile_step",
            "arv_compile_data",
            "arv_compile_report",
            "arv_score_step",
        ):
            self.call(name, first)
        self.call("arv_tracker_process", second, third, 0.0)
        self.call("arv_tracker_option", first, second, third)
        self.call("arv_tracker_free", third)
        self.call("arv_free", fourth)
        self.call("arv_tracker_free", self.call("arv_tracker_new", first, second, 1))
        self.call("arv_free", self.call("arv_alloc", 0))

    def _write(self, address: int, content: bytes) -> None:
        self._memory.write(self._store, content, address)

    def _read(self, address: int, index: int, size: int) -> bytes:
        start = address + index * size
        return bytes(self._memory.read(self._store, start, start + size))


_modules: dict[Path, tuple[wasmtime.Engine, wasmtime.Module]] = {}


def _module(path: Path) -> tuple[wasmtime.Engine, wasmtime.Module]:
    if path not in _modules:
        config = wasmtime.Config()
        config.consume_fuel = True
        engine = wasmtime.Engine(config)
        _modules[path] = (engine, wasmtime.Module(engine, path.read_bytes()))
    return _modules[path]


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number

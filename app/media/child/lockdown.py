"""The rights a child gives up before it opens what a stranger sent (ADR 0037).

Ceilings of the kernel on memory, time and file sizes hold everywhere. On Linux, seccomp takes away sockets,
new programs and other processes, and Landlock all files but the ones named. Both are irrevocable.
"""

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

OPEN_FILES = 64
LARGEST_FILE_BYTES = 4 * 1024**3

# include/uapi/linux/prctl.h and seccomp.h
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 38, 22
SECCOMP_MODE_FILTER = 2
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # EPERM
NOT_THERE = 0x00050026  # ENOSYS: the C library then asks in the older way, which is looked at
CLONE_THREAD = 0x00010000
SIGKILL = 9

# Classic BPF (include/uapi/linux/bpf_common.h): load a word, jump if equal, at least, or bits set; return.
LOAD, EQUAL, AT_LEAST, BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

# System call numbers (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h):
# sockets · new programs and processes · other processes · io_uring, which could do all that.
_REFUSED = {
    "x86_64": (
        *(41, 42, 43, 44, 46, 49, 50, 53, 288, 307),
        *(57, 58, 59, 322),
        *(62, 101, 200, 310, 311, 424, 434, 438),
        *(321, 323, 425, 426, 427, 165, 272, 308),
    ),
    "aarch64": (
        *(198, 199, 200, 201, 202, 203, 206, 211, 242, 269),
        *(221, 281),
        *(117, 129, 130, 270, 271, 424, 434, 438),
        *(280, 282, 425, 426, 427, 40, 97, 268),
    ),
}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
X32_CALLS = 0x40000000

# include/uapi/linux/landlock.h
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
PATH_BENEATH = 1
EXECUTE, WRITE, READ, READ_FOLDER, TRUNCATE = 1, 2, 4, 8, 1 << 14
ALL_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
NETWORK = 3  # bind and connect

_libc = ctypes.CDLL(None, use_errno=True)


def limit_resources(*, memory_bytes: int, cpu_seconds: int) -> None:
    """Ceilings of the kernel; passing one ends the process, and the parent calls the file broken."""
    _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_CPU, cpu_seconds)
    _lower(resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def lock_down(*, reads: Iterable[Path], writes: Iterable[Path]) -> list[str]:
    """Give up network, programs and foreign files for good; what the kernel granted, by name.

    `writes` must exist. Code is still read from Python's own folders, for imports that come late.
    """
    if sys.platform != "linux":
        return []
    _libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return []
    granted = []
    if _restrict_files(reads, writes):
        granted.append("landlock")
    if _filter_calls():
        granted.append("seccomp")
    return granted


def _restrict_files(reads: Iterable[Path], writes: Iterable[Path]) -> bool:
    version = _libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = ALL_RIGHTS[min(version, 3)]
    attributes = struct.pack("QQ", rights, NETWORK) if version >= 4 else struct.pack("Q", rights)
    rules = _libc.syscall(LANDLOCK_CREATE, attributes, len(attributes), 0)
    if rules < 0:
        return False
    for folder in _code_folders():
        _permit(rules, folder, rights & (READ | READ_FOLDER | EXECUTE))
    for path in reads:
        _permit(rules, path, READ)
    for path in writes:
        _permit(rules, path, rights & (READ | WRITE | TRUNCATE))
    restricted: bool = _libc.syscall(LANDLOCK_RESTRICT, rules, 0) == 0
    os.close(rules)
    return restricted


def _code_folders() -> set[Path]:
    """Where Python, its packages and the C libraries lie; nothing of them is secret."""
    found = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parent}
    found |= {Path(entry) for entry in sys.path if entry.endswith("-packages")}
    return {path for path in (*found, Path("/usr"), Path("/lib"), Path("/lib64")) if path.is_dir()}


def _permit(rules: int, path: Path, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, descriptor)
        _libc.syscall(LANDLOCK_ADD, rules, PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _filter_calls() -> bool:
    machine = platform.machine()
    if machine not in _REFUSED:
        return False
    steps = _program(machine)
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("HL", len(steps), ctypes.addressof(buffer)))
    done: int = _libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)
    return done == 0


def _program(machine: str) -> list[tuple[int, int, int, int]]:
    """Steps (code, jump if true, jump if false, value) over `struct seccomp_data`."""
    steps = [
        (LOAD, 0, 0, 4),
        (EQUAL, 1, 0, _ARCHITECTURE[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, 0),
        (AT_LEAST, 0, 1, X32_CALLS),
        (RETURN, 0, 0, REFUSE),
        (EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, NOT_THERE),
        (EQUAL, 0, 4, _CLONE[machine]),
        (LOAD, 0, 0, 16),
        (BITS, 0, 1, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    for number in _REFUSED[machine]:
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    return [*steps, (RETURN, 0, 0, ALLOW)]


def close_inherited() -> None:
    """Nothing but the three standard streams came along."""
    with contextlib.suppress(OSError):
        os.closerange(3, 4096)

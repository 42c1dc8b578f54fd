"""The frames that the parser process and its parent exchange: a length, then JSON or the bytes of a file. No pickle:
what a hostile file makes the parser process say must stay data.
"""

import json
from typing import Any, BinaryIO

MAX_FRAME_BYTES = 400_000_000


def send(stream: BinaryIO, frame: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(len(frame).to_bytes(8, "big"))
    stream.write(frame)
    stream.flush()


def receive(stream: BinaryIO) -> bytes | None:
    """The next frame; None when the other side has gone, in the middle of a frame included."""
    size = stream.read(8)
    if len(size) < 8 or int.from_bytes(size, "big") > MAX_FRAME_BYTES:
        return None
    frame = stream.read(int.from_bytes(size, "big"))
    return frame if len(frame) == int.from_bytes(size, "big") else None


def send_json(stream: BinaryIO, value: Any) -> None:
    # ASCII only: lone surrogates pass as escapes.
    send(stream, json.dumps(value, ensure_ascii=True).encode("ascii"))


def receive_json(stream: BinaryIO) -> Any:
    """None when the other side has gone."""
    frame = receive(stream)
    return None if frame is None else json.loads(frame)

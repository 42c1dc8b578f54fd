"""Serves the page over an index for the browser's tests: python page_server.py FOLDER CACHE PORT [OPTIONS].

--slow: a model that takes a minute. --login: asks for one. --few: only four questions may wait.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.deadlines import Deadlines
from assistant.llm import Message, Schema, asked_odds
from assistant.settings import load_settings
from assistant.ui import WAITING, serve
from index.prepare import Tools
from index.store import Index


class SlowLLM:
    """Words one statement on the first sentence it is given, a letter at a time, over a minute."""

    name = "slow"
    digest = ""

    def __init__(self, log: Path) -> None:
        self._log = log

    def stream(
        self, messages: Sequence[Message], *, schema: Schema | None, max_tokens: int, deadlines: Deadlines
    ) -> Iterator[str]:
        if asked_odds(schema):
            yield "3.0"
            return
        reply = json.dumps({"statements": [{"ids": ["s1"], "text": "Trucks, trucks, trucks and more trucks." * 8}]})
        try:
            for letter in reply:
                time.sleep(60 / len(reply))
                yield letter
        finally:
            self._log.write_text("stopped")

    def close(self) -> None: ...


if __name__ == "__main__":
    folder, cache, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    llm = SlowLLM(folder / "llm.log") if "--slow" in sys.argv else None
    with Index.open(folder, Tools("builtin", cache)) as index:
        auth = ("ana", "s3cret") if "--login" in sys.argv else None
        waiting = 4 if "--few" in sys.argv else WAITING
        serve(index, load_settings(), llm, port=port, auth=auth, waiting=waiting)

"""How alike words are, whichever thread asks."""

from collections.abc import Sequence
from threading import Thread

import numpy as np

from assistant.likeness import likest
from index.embed import Vectors


class Interrupted:
    """All words mean the same. While it first embeds new words, another thread asks about 25,000 more."""

    name = "interrupted"
    dimension = 1

    def __init__(self) -> None:
        self.interruptions = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        if "late" in texts:
            self.interruptions += 1
            other = Thread(target=likest, args=("word", [f"word {n}" for n in range(25_000)], self))
            other.start()
            other.join()
        return np.ones((len(texts), 1), dtype=np.float32)

    def close(self) -> None:
        pass


def test_words_are_compared_while_another_thread_fills_the_memory_of_vectors():
    embedder = Interrupted()
    assert likest("early", ["first"], embedder) == 1.0

    assert likest("late", ["early", "first"], embedder) == 1.0
    assert embedder.interruptions == 1

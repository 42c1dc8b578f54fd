"""A fragment of HTML (a feed's entry, a mail's HTML part) to text. Not for whole pages: they have menus around it."""

from html.parser import HTMLParser

from index.readers.clean import MANY_BLANK_LINES

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav ol p pre section table td th tr ul".split()
)
PARAGRAPHS = frozenset("article blockquote div h1 h2 h3 h4 h5 h6 p section table".split())
UNSEEN = frozenset("head noscript object script style svg template title".split())


def markup_text(fragment: str) -> str:
    """What a reader of `fragment` would see, a blank line between paragraphs."""
    collector = _Collector()
    collector.feed(fragment)
    collector.close()
    lines = (" ".join(line.split()) for line in "".join(collector.pieces).split("\n"))
    return MANY_BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Collector(HTMLParser):  # the standard library's parser is used by subclassing it
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unseen_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in UNSEEN:
            self.unseen_depth += 1
        elif tag in BLOCKS:
            self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen_depth = max(0, self.unseen_depth - 1)
        elif tag in BLOCKS and tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self.unseen_depth:
            self.pieces.append(" ".join(data.split("\n")))

    def _break(self, tag: str) -> None:
        self.pieces.append("\n\n" if tag in PARAGRAPHS else "\n")

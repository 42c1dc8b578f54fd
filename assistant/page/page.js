// What the page does by itself: citations lead to their quotes, dots and bars filter the sources, reports open.
// Runs once, as the body of a function that Gradio calls with `element`, `trigger` and `watch`.

const root = document.documentElement;

function followLanguage() {
  const brand = element.querySelector(".brand");
  if (!brand) return;
  root.lang = brand.dataset.language;
  root.dir = brand.dataset.direction;
  document.title = brand.querySelector("h1").textContent;
}

function reveal(target) {
  for (let outer = target.parentElement; outer; outer = outer.parentElement) {
    if (outer.tagName === "DETAILS") outer.open = true;
  }
  if (target.closest(".is-left-out")) showAll();
  document.querySelectorAll(".is-target").forEach((old) => old.classList.remove("is-target"));
  target.classList.add("is-target");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
}

// An element of an answer whose sources are not the ones shown is revealed when the server has sent them.
let awaited = "";

function goTo(id) {
  const target = document.getElementById(id);
  if (target) {
    reveal(target);
    return;
  }
  const turn = /^t-(\d+)-/.exec(id);
  if (turn) {
    awaited = id;
    trigger("click", { turn: Number(turn[1]) });
  }
}

// The first of the rows that a longer list will have: the button that asked for it goes with the old list.
let awaitedRow = Infinity;

function focusAwaitedRow() {
  const row = document.querySelectorAll(".report-row")[awaitedRow];
  if (!row) return;
  awaitedRow = Infinity;
  row.focus();
}

function revealAwaited() {
  const target = awaited && document.getElementById(awaited);
  if (!target) return;
  awaited = "";
  reveal(target);
}

// While a [n] is hovered or focused: its quote beside it, and its place among the sources tinted.
const peek = document.createElement("div");
peek.id = "peek";
peek.setAttribute("role", "tooltip");
peek.hidden = true;
document.body.append(peek);

function hidePeek() {
  peek.hidden = true;
  document.querySelectorAll(".is-near").forEach((mark) => mark.classList.remove("is-near"));
  document.querySelectorAll('[aria-describedby="peek"]').forEach((link) => link.removeAttribute("aria-describedby"));
}

function piece(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  made.dir = tag === "time" ? "ltr" : "auto";
  return made;
}

function showPeek(link) {
  hidePeek();
  const { outlet, published, quote } = link.dataset;
  peek.replaceChildren(piece("bdi", outlet), piece("time", published), piece("p", quote));
  peek.hidden = false;
  link.setAttribute("aria-describedby", "peek");
  const [at, size] = [link.getBoundingClientRect(), peek.getBoundingClientRect()];
  const below = at.bottom + 6 + size.height < innerHeight;
  peek.style.top = `${Math.max(6, below ? at.bottom + 6 : at.top - 6 - size.height)}px`;
  peek.style.left = `${Math.max(6, Math.min(at.left, innerWidth - size.width - 6))}px`;
  document.getElementById(link.hash.slice(1))?.classList.add("is-near");
}

function showAll() {
  document.querySelectorAll(".is-left-out").forEach((each) => each.classList.remove("is-left-out"));
  document.querySelectorAll(".is-chosen-mark").forEach((mark) => mark.classList.remove("is-chosen-mark"));
  document.querySelectorAll(".filter-bar").forEach((bar) => (bar.hidden = true));
}

function filterBy(mark) {
  const wasChosen = mark.classList.contains("is-chosen-mark");
  showAll();
  if (wasChosen) return;
  const panel = mark.closest(".answer-sources");
  if (!panel) return;
  const [key, wanted] = mark.dataset.day ? ["days", mark.dataset.day] : ["places", mark.dataset.place];
  panel.querySelectorAll("article.source").forEach((card) => {
    const told = (card.dataset[key] || "").split(" ");
    if (!wanted.split(" ").some((each) => told.includes(each))) card.classList.add("is-left-out");
  });
  // What is folded away and passes is brought out; a fold with nothing that passes has nothing to open.
  panel.querySelectorAll("details.more").forEach((fold) => {
    const passes = fold.querySelector("article.source:not(.is-left-out)") !== null;
    if (passes) fold.open = true;
    else fold.classList.add("is-left-out");
  });
  mark.classList.add("is-chosen-mark");
  const bar = panel.querySelector(".filter-bar");
  if (bar) {
    bar.hidden = false;
    bar.querySelector(".what").textContent = mark.dataset.name;
  }
}

function press(event) {
  hidePeek();
  const link = event.target.closest('a[href^="#t-"]');
  if (link) {
    event.preventDefault();
    goTo(link.hash.slice(1));
    return;
  }
  const example = event.target.closest(".example");
  if (example) {
    askFor(example.textContent);
    return;
  }
  const asker = event.target.closest("[data-report], [data-list]");
  if (asker) {
    const { report, quoted = "", list } = asker.dataset;
    if (list !== undefined) awaitedRow = document.querySelectorAll(".report-row").length;
    trigger("click", report === undefined ? { list: Number(list) } : { report, quoted });
    return;
  }
  const mark = event.target.closest("[data-day], [data-place]");
  if (mark) filterBy(mark);
  else if (event.target.closest(".filter-bar button")) showAll();
  else if (getSelection().isCollapsed) event.target.closest(".statement")?.querySelector(".cite")?.click();
}

function askFor(question) {
  const field = document.querySelector("#question textarea");
  field.focus();
  field.value = question;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => document.getElementById("button-ask").click());
}

function scrollToEnd() {
  const turns = document.querySelectorAll("#conversation .turn");
  const last = turns[turns.length - 1];
  // Twice a question: when it is asked, and when its answer stands; between, the reader may scroll.
  const state = last && `${last.id} ${last.className}`;
  if (last && state !== scrollToEnd.at) {
    scrollToEnd.at = state;
    last.scrollIntoView({ block: "start" });
  }
}

// A report that has just been opened: its row in the list, and the sentences it was opened for.
function followReading() {
  const opened = document.querySelector("#whole [data-opened]");
  document.querySelectorAll(".report-row").forEach((row) => {
    const isChosen = opened !== null && row.dataset.report === opened.dataset.opened;
    if (row.classList.contains("is-chosen") !== isChosen) {
      row.classList.toggle("is-chosen", isChosen);
      row.setAttribute("aria-current", String(isChosen));
    }
  });
  if (opened === followReading.at) return;
  followReading.at = opened;
  if (!opened?.offsetParent) return;
  const isNarrow = matchMedia("(max-width: 960px)").matches;
  const first = opened.querySelector("mark") || (isNarrow ? opened : null);
  if (first) first.scrollIntoView({ block: first === opened ? "start" : "center" });
  else document.getElementById("reading").scrollTop = 0;
}

// Gradio's fields of several lines ask with Shift+Enter and break the line with Enter; here it is the other way round.
function askWithEnter(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("#question textarea")) return;
  event.stopPropagation();
  if (event.shiftKey) return;
  event.preventDefault();
  document.getElementById("button-ask").click();
}

// What is typed decides in which direction a field is written, whatever the page's language; days stay as they are.
function followTyping() {
  document.querySelectorAll("textarea:not([dir=auto]), input[type=text]:not([dir=auto])").forEach((field) => {
    if (!/^\d{4}-\d{2}/.test(field.placeholder || field.value)) field.dir = "auto";
  });
}

// Gradio names its upload field otherwise than it is labelled, which misleads those who speak to their browser.
function nameUpload() {
  document.querySelectorAll("#upload .upload-container[aria-label]").forEach((field) => field.removeAttribute("aria-label"));
  const said = document.querySelector("#add-files > button")?.innerText.trim();
  document.querySelectorAll("#upload input[type=file]").forEach((input) => input.setAttribute("aria-label", said));
}

// Two rows have buttons of the same names; what they save is said before them.
for (const row of document.querySelectorAll(".actions")) {
  row.setAttribute("role", "group");
  row.setAttribute("aria-labelledby", row.querySelector(".caption").id);
}

document.addEventListener("click", press);
document.addEventListener("keydown", askWithEnter, true);
document.addEventListener("keypress", (event) => {
  if (event.key === "Enter" && event.target.matches("#question textarea")) event.stopPropagation();
}, true);
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if ((event.key === "Enter" || event.key === " ") && event.target.matches('[role="button"][data-name]')) {
    event.preventDefault();
    filterBy(event.target);
  } else if (event.key === "/" && !field) {
    const question = document.querySelector("#question textarea");
    if (question) {
      event.preventDefault();
      question.focus();
    }
  } else if (event.key === "Escape") {
    hidePeek();
    const stop = document.getElementById("button-stop");
    if (stop && !stop.disabled) stop.click();
  }
});
for (const [shows, hides] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(shows, (event) => {
    const link = event.target.closest?.("a.cite");
    if (link) showPeek(link);
  });
  document.addEventListener(hides, (event) => {
    if (event.target.closest?.("a.cite")) hidePeek();
  });
}
document.addEventListener("scroll", hidePeek, true);
// Either Stop can be pressed, or what begins a question or a conversation. Done here, as each change of a button by the server costs it as much as finding evidence.
function followWork() {
  const isBusy = document.querySelector("#running .turn") !== null;
  const stop = document.getElementById("button-stop");
  if (!stop || stop.disabled !== isBusy) return;
  const held = document.activeElement;
  const beginners = document.querySelectorAll("#button-ask, #button-ask-again, #button-clear");
  beginners.forEach((button) => (button.disabled = isBusy));
  stop.disabled = !isBusy;
  // A button that can no longer be pressed would drop the focus.
  if ([...beginners].includes(held)) stop.focus();
  if (held === stop) document.querySelector("#question textarea").focus();
  // For those who read by ear: that it is being searched, then what came of it.
  const states = document.querySelectorAll(isBusy ? "#running .state" : "#talk .turn:last-child :is(.outcome, .problem)");
  progress.textContent = states[states.length - 1]?.textContent ?? "";
}

const progress = document.createElement("p");
progress.id = "progress";
progress.setAttribute("role", "status");
document.body.append(progress);

new MutationObserver(() => {
  followWork();
  scrollToEnd();
  revealAwaited();
  followReading();
  focusAwaitedRow();
  followTyping();
  nameUpload();
}).observe(document.body, { childList: true, subtree: true });
watch("value", followLanguage);
followLanguage();

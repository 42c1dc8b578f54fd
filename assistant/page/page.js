// What the page does by itself: citations lead to their quotes, dots and bars filter the sources, reports open.
// Runs once, as the body of a function that Gradio calls with `element`, `trigger` and `watch`.

const root = document.documentElement;

function followLanguage() {
  const brand = element.querySelector(".brand");
  if (!brand) return;
  root.lang = brand.dataset.language;
  root.dir = brand.dataset.direction;
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

function showAll() {
  document.querySelectorAll(".is-left-out").forEach((card) => card.classList.remove("is-left-out"));
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
  mark.classList.add("is-chosen-mark");
  const bar = panel.querySelector(".filter-bar");
  if (bar) {
    bar.hidden = false;
    bar.querySelector(".what").textContent = mark.dataset.name;
  }
}

function press(event) {
  const link = event.target.closest('a[href^="#t-"]');
  if (link) {
    const target = document.getElementById(link.getAttribute("href").slice(1));
    event.preventDefault();
    if (target) reveal(target);
    return;
  }
  const opener = event.target.closest("[data-report]");
  if (opener) {
    trigger("click", { report: opener.dataset.report });
    return;
  }
  const mark = event.target.closest("[data-day], [data-place]");
  if (mark) filterBy(mark);
  else if (event.target.closest(".filter-bar button")) showAll();
}

function scrollToEnd() {
  const turns = document.querySelectorAll("#talk .turn");
  const last = turns[turns.length - 1];
  // Twice a question: when it is asked, and when its answer stands; between, the reader may scroll.
  const state = last && `${last.id} ${last.className}`;
  if (last && state !== scrollToEnd.at) {
    scrollToEnd.at = state;
    last.scrollIntoView({ block: "start" });
  }
}

// Gradio's fields of several lines ask with Shift+Enter and break the line with Enter; here it is the other way round.
function askWithEnter(event) {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("#question textarea")) return;
  event.stopPropagation();
  if (event.shiftKey) return;
  event.preventDefault();
  document.getElementById("button-ask").click();
}

// Gradio names its upload field otherwise than it is labelled, which misleads those who speak to their browser.
function nameUpload() {
  document.querySelectorAll("#upload .upload-container[aria-label]").forEach((field) => field.removeAttribute("aria-label"));
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
    const stop = document.getElementById("button-stop");
    if (stop && !stop.disabled) stop.click();
  }
});
new MutationObserver(() => {
  scrollToEnd();
  nameUpload();
}).observe(document.body, { childList: true, subtree: true });
watch("value", followLanguage);
followLanguage();

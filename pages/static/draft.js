// What somebody writes is kept while they write, so that a phone may be put away. It does
// what the button "keep for later" does; without script that button is there. It says that
// it is kept only where that was answered, and else why it is not.

const QUIET = 2500; // ms without a key before it is kept
const AGAIN = 10000; // ms until what could not be kept is tried again
const KEPT = 204;
const OUT = [0, 401, 403]; // 0: sent on to another page
const LATER = [429, 500, 502, 503, 504];
const form = document.querySelector("form:has(textarea[name=response])");
const said = document.getElementById("kept");
const save = form?.querySelector("button[name=do][value=save]");

if (form && said && save) {
  const text = form.querySelector("textarea[name=response]");
  let timer = 0;
  let kept = text.defaultValue;
  let sending = new AbortController();

  async function keep() {
    const value = text.value;
    if (value === kept || !value.trim()) return;
    const { signal } = sending;
    const told = await asked(signal);
    if (signal.aborted) return;
    if (told?.status === KEPT) {
      kept = value;
      tell("saved", { time: now() });
    } else if (!told || LATER.includes(told.status)) {
      tell("away");
      soon(AGAIN);
    } else if (OUT.includes(told.status)) {
      tell("out");
      soon(AGAIN);
    } else {
      tell("not", { why: await why(told) });
    }
  }

  async function asked(signal) {
    const body = new FormData(form);
    body.set("do", "save");
    const headers = { Prefer: "return=minimal" };
    try {
      // Where a page sends on nothing was kept: that is no 204.
      return await fetch(form.action, { method: "POST", body, headers, redirect: "manual", signal });
    } catch {
      return null; // no network: the text is still in the page
    }
  }

  async function why(told) {
    const plain = told.headers.get("content-type")?.startsWith("text/plain");
    return plain ? told.text() : said.dataset.odd;
  }

  function tell(what, facts = {}) {
    const words = said.dataset[what].replace(/\{(\w+)\}/g, (_, name) => facts[name]);
    said.classList.toggle("missed", what !== "saved");
    if (said.textContent !== words) said.textContent = words;
  }

  function now() {
    const parts = { hour: "2-digit", minute: "2-digit" };
    return new Date().toLocaleTimeString(document.documentElement.lang, parts);
  }

  function soon(after) {
    clearTimeout(timer);
    timer = setTimeout(keep, after);
  }

  text.addEventListener("input", () => soon(QUIET));
  addEventListener("online", () => soon(0));
  addEventListener("pagehide", () => clearTimeout(timer));
  // What is sent is not kept besides: what is on its way is called back.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending.abort();
  });
  addEventListener("pageshow", () => (sending = new AbortController()));
  // What was typed before this script was there.
  if (text.value !== kept) soon(QUIET);
}

// What others do appears by itself: on an event the page asks for itself anew, and every part
// marked `data-live` with an id takes the place of what was there. Where somebody is typing
// nothing moves. Private texts are not opened by a page on its own: what holds one stays as
// it was until somebody asks. Without script nothing is missing: a reload shows the same.

const said = document.getElementById("live-said");
const stream = document.body.dataset.events;
const GATHER = 60; // ms: events of one act come together
const BACK = 2000; // ms until a stream that ended is opened again
const LONGEST = 30000;
const UNREAD = "\ue000"; // what stands for a private text in a page that asked for itself

const ANEW = { Accept: "text/html", "Polder-Anew": "by-itself" };

let busy = false;
let again = false;
let timer = 0;
let held = false;

function same(one, other) {
  return one.outerHTML === other.outerHTML;
}

function inUse(part) {
  if (part.contains(document.activeElement) && document.activeElement !== document.body)
    return true;
  return [...part.querySelectorAll("input, textarea, select")].some((each) =>
    each.type === "checkbox" || each.type === "radio"
      ? each.checked !== each.defaultChecked
      : each.tagName === "SELECT"
        ? [...each.options].some((o) => o.selected !== o.defaultSelected)
        : each.type !== "hidden" && each.value !== each.defaultValue,
  );
}

// What people are called is not asked for anew: a name that stands here stays.
function keepNames(fresh) {
  const names = [...document.querySelectorAll("[data-called]")];
  const called = new Map(names.map((each) => [each.dataset.called, each.textContent]));
  for (const each of fresh.querySelectorAll("[data-called]"))
    if (each.textContent === UNREAD)
      each.textContent = called.get(each.dataset.called) ?? each.dataset.called;
}

function put(fresh) {
  const changed = [];
  held = false;
  keepNames(fresh);
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const next = fresh.getElementById(part.id);
    // What one part holds is not put in twice.
    if (!next || part.parentElement.closest("[data-live]") || alike(part, next)) continue;
    if (next.outerHTML.includes(UNREAD)) continue;
    if (inUse(part)) {
      // Its turn comes when they look elsewhere and nothing is typed in it.
      held = true;
      changed.push(part.dataset.live);
      continue;
    }
    const opened = new Set([...part.querySelectorAll("details[open][id]")].map((d) => d.id));
    const taken = document.importNode(next, true);
    for (const each of taken.querySelectorAll("details[id]"))
      if (opened.has(each.id)) each.open = true;
    taken.classList.add("fresh");
    part.replaceWith(taken);
    changed.push(taken.dataset.live);
  }
  return changed;
}

// Ids of commands are made with each page: they alone are no change.
function alike(part, next) {
  const bare = (each) => {
    const copy = each.cloneNode(true);
    copy.classList.remove("fresh");
    if (!copy.classList.length) copy.removeAttribute("class");
    for (const hidden of copy.querySelectorAll("input[name=id]")) hidden.remove();
    for (const each of copy.querySelectorAll("details[open]")) each.open = false;
    return copy;
  };
  return same(bare(part), bare(next));
}

async function renew() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href, { headers: ANEW });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const changed = put(fresh);
    if (changed.length && said) {
      const what = [...new Set(changed.filter(Boolean))].join(", ");
      said.textContent = what
        ? said.dataset.changed.replace("{what}", what)
        : said.dataset.some;
    }
    document.dispatchEvent(new CustomEvent("polder:renewed"));
  } catch {
    // The next event, or the next visit, tells it.
  } finally {
    busy = false;
    if (again) {
      again = false;
      renew();
    }
  }
}

// Read as a body and not by EventSource: every event has a name of its own there, and to us
// it matters only that there was one.
async function follow(where) {
  let last = null;
  let wait = BACK;
  for (;;) {
    await seen();
    const control = new AbortController();
    const hide = () => document.hidden && control.abort();
    document.addEventListener("visibilitychange", hide);
    try {
      const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
      const answer = await fetch(where, { headers, signal: control.signal });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
      if (answer.ok) {
        wait = BACK;
        // What happened while this page was on its way, or nobody looked.
        renew();
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let more = await reader.read(); !more.done; more = await reader.read()) {
          last = [...more.value.matchAll(/^id: (\d+)$/gm)].pop()?.[1] ?? last;
          if (/^data:/m.test(more.value)) soon();
        }
      }
    } catch {
      // Gone or hidden: it is opened again.
    }
    document.removeEventListener("visibilitychange", hide);
    if (!document.hidden) await new Promise((go) => setTimeout(go, wait));
    wait = Math.min(2 * wait, LONGEST);
  }
}

// A page that nobody sees follows nothing: a browser has few connections for one server.
function seen() {
  if (!document.hidden) return null;
  return new Promise((go) =>
    document.addEventListener("visibilitychange", go, { once: true }),
  ).then(seen);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, GATHER);
}

if (stream && document.querySelector("[data-live]")) follow(stream);

document.addEventListener("focusout", () => held && soon());

// A page that a browser kept shows how things are now, if it is one that follows them.
addEventListener("pageshow", (event) => event.persisted && stream && renew());

// After a refusal, what is the matter is read first.
document.getElementById("problem")?.focus();

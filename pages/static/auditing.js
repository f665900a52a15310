// "Why is this true?" and "check a pack": what was downloaded is checked here, by verify.js,
// with the key that somebody pastes. This file only shows what comes of it; it decides
// nothing, and nothing it shows is green that was not computed.

import { BadKey, NOT_SOUND, SOUND, UNDECIDED, examine, readKeys, utf8 } from "./verify.js";
import { DUTCH } from "./verify-nl.js";

const MOST = 100;
const terms = document.getElementById("words").content.querySelectorAll("dt");
const WORDS = new Map([...terms].map((dt) => [dt.textContent, dt.nextElementSibling.textContent]));

const say = (name, facts = {}) =>
  (WORDS.get(name) ?? name).replace(/\{(\w+)\}/g, (_, fact) => facts[fact] ?? "");

function made(name, text, kind) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

/** A fact from a file as short, printable text. */
function plain(fact) {
  const text = String(fact);
  const short = text.length > 100 ? `${text.slice(0, 99)}…` : text;
  return short.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (sign) =>
    `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`,
  );
}

function told(form, { check, file, seq, text, facts }) {
  const words = form.dataset.lang === "nl" ? (DUTCH[text] ?? text) : text;
  let nth = 0;
  const said = words.replace(/\{\}/g, () => plain(facts[nth++]));
  const where = [file, seq === null ? "" : say("event", { seq })].filter(Boolean).join(", ");
  return `[${check}] ${where ? `${where}: ` : ""}${said}`;
}

const MOODS = new Map([[true, ["good", "holds"]], [false, ["alarm", "fails"]], [null, ["open", "undecided"]]]);
// Steps that compute or read, and compare nothing: they are done, and vouch for nothing. Nor
// does an event that names this one: whoever gives the file can have written it.
const DONE = new Map([["hash", "computed"], ["checkpoint", "read"], ["after", "named"]]);
const LONG = new Set(["text", "note"]);

function shownPath(path) {
  const list = made("ol", undefined, "path");
  for (const { side, sibling, root } of path) {
    const item = made("li");
    item.append(made("code", say(`path-${side}`, { sibling }), "hash"), made("br"), "→ ");
    item.append(made("code", root, "hash"));
    list.append(item);
  }
  return list;
}

function shownValue(name, value) {
  if (name === "path") return shownPath(value);
  if (LONG.has(name)) {
    const pre = made("pre", value, "hash");
    pre.tabIndex = 0;
    return pre;
  }
  if (name === "openings") return made("span", value.map((one) => `${one.path}: ${plain(JSON.stringify(one.value))}`).join("; "));
  return made("code", String(value), "hash");
}

function shownStep(form, { step, holds, values, found }) {
  const plainly = holds === true && DONE.has(step);
  const [mood, word] = plainly ? ["done", DONE.get(step)] : MOODS.get(holds);
  const item = made("li", undefined, mood);
  const title = made("h3", say(`step-${step}`));
  title.append(" ", made("span", say(word), `tag ${mood}`));
  item.append(title);
  if (WORDS.has(`how-${step}`)) item.append(made("p", say(`how-${step}`), "help"));
  for (const one of found) item.append(made("p", told(form, one), `${mood}-text`));
  const list = made("dl", undefined, "facts");
  for (const [name, value] of Object.entries(values)) {
    const row = made("div");
    const detail = made("dd");
    if (value !== true) detail.append(shownValue(name, value));
    row.append(made("dt", say(`value-${name}`)), detail);
    list.append(row);
  }
  if (list.children.length) item.append(list);
  return item;
}

function openEnds(report) {
  const ends = [];
  if (report.kind === "proof") {
    if (!report.neighbours.before) ends.push(say("not-neighbour-before"));
    ends.push(say(report.neighbours.after ? "not-after-in-log" : "not-neighbour-after"));
    ends.push(say("not-others"));
  } else if (report.private?.withheld) {
    ends.push(say("not-withheld", { n: report.private.withheld }));
  }
  if (report.since === null) ends.push(say("not-since"));
  ends.push(say("not-witness"), say("not-later"));
  if (report.kind === "pack") ends.push(say("not-texts"));
  return [...ends, say("not-true")];
}

function packFacts(report) {
  if (report.kind !== "pack" || !report.events) return [];
  const point = report.checkpoint;
  return [
    ["pack-stream", plain(report.stream ?? "")],
    ["pack-events", String(report.events)],
    ["pack-point", point ? say("pack-point-of", { size: point.size, origin: plain(point.origin) }) : ""],
    ["pack-root", point?.root ?? ""],
    ["pack-made", plain(report.createdAt ?? "")],
    ["pack-private", say("pack-private-of", report.private)],
  ].filter(([, value]) => value);
}

function shownFindings(form, report) {
  const findings = [...report.failures, ...report.undecided];
  const list = made("ul", undefined, "findings");
  for (const one of findings.slice(0, MOST)) {
    const failed = report.failures.includes(one);
    list.append(made("li", told(form, one), failed ? "alarm-text" : "open-text"));
  }
  const more = findings.length - MOST;
  if (more > 0) list.append(made("li", say("more", { n: more })));
  return list;
}

function showVerdict(form, report, took) {
  const area = form.querySelector("[data-outcome]");
  const verdict = area.querySelector("[data-verdict]");
  const sound = report.verdict === SOUND;
  verdict.className = `notice ${sound ? "good" : report.verdict === NOT_SOUND ? "alarm" : "open"}`;
  const word = sound ? `sound-${report.kind}` : report.verdict === NOT_SOUND ? "wrong" : "open";
  verdict.querySelector(".notice-title").textContent = report.other ?? say(word);
  verdict.querySelector("[data-took]").textContent = say("took", took);
  verdict.dataset.verdict = String(report.verdict);
  verdict.dataset.ms = String(took.ms);
  // Of one event each step tells what it found; of a pack nothing else does.
  const findings = area.querySelector("[data-findings]");
  const whole = report.kind === "pack" || !area.querySelector("[data-steps] > li");
  findings.replaceChildren(...(whole ? [shownFindings(form, report)] : []));
  const rows = packFacts(report).map(([name, value]) => {
    const row = made("div");
    row.append(made("dt", say(name)), made("dd", value));
    return row;
  });
  area.querySelector("[data-facts]").replaceChildren(...rows);
  area.querySelector("[data-not]").replaceChildren(...openEnds(report).map((end) => made("li", end)));
  area.hidden = false;
  area.focus();
}

async function chosenFile(form) {
  const file = form.elements.file.files[0];
  return file ? new Uint8Array(await file.arrayBuffer()) : null;
}

async function fetched(form) {
  const asked = new URLSearchParams();
  const size = form.elements.checkpoint.value.trim();
  if (size) asked.set("checkpoint", size);
  const older = form.elements.since.value.split("\n")[1]?.trim() ?? "";
  if (/^[1-9][0-9]*$/.test(older)) asked.set("since", older);
  const answer = await fetch(`${form.dataset.proof}?${asked}`);
  const type = answer.headers.get("content-type") ?? "";
  if (answer.ok && type.startsWith("application/json")) {
    return new Uint8Array(await answer.arrayBuffer());
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const problem = page.querySelector("main")?.innerText.trim().split("\n").join(" ");
  throw new Error(say("unreachable", { problem: problem || String(answer.status) }));
}

async function check(form) {
  const steps = form.querySelector("[data-steps]");
  steps.replaceChildren();
  form.querySelector("[data-outcome]").hidden = true;
  const given = await chosenFile(form);
  if (given === null && form.dataset.check === "pack") throw new Error(say("no-file"));
  const data = given ?? (await fetched(form));
  const begun = performance.now();
  const keys = await readKeys(form.elements.key.value);
  const older = form.elements.since.value.trim();
  const since = older ? utf8(`${older.replaceAll("\r\n", "\n")}\n`) : null;
  const tell = (step) => steps.append(shownStep(form, step));
  const report = await examine(data, keys.map((key) => key.text), { since, tell });
  const ms = Math.round((performance.now() - begun) * 10) / 10;
  compare(form, given, report);
  showVerdict(form, report, { ms, bytes: data.length });
}

/** Whether what was checked is what this very page shows: its event, and its hash. */
function compare(form, given, report) {
  const shown = document.getElementById("told-hash")?.textContent;
  if (!shown || report.hash === shown) return;
  const { stream, seq } = form.dataset;
  const own = report.stream === stream && report.seq === Number(seq);
  if (given !== null && !own) {
    other(form, report);
    return;
  }
  if (report.verdict !== SOUND && !report.hash) return;
  const facts = [shown];
  const text = say("other-hash", { hash: shown });
  report.failures.push({ check: "hash", file: "", seq: report.seq, text, facts });
  report.verdict = NOT_SOUND;
  form.querySelector("[data-steps]").append(made("li", text, "alarm"));
}

/** A file of something else says nothing of this page, however sound it is. */
function other(form, report) {
  if (report.verdict !== SOUND) return;
  const named = report.seq ? `${report.stream}, ${say("event", report)}` : (report.stream ?? "");
  report.verdict = UNDECIDED;
  report.other = say("other-event", { named: plain(named) });
  form.querySelector("[data-steps]").append(made("li", report.other, "open"));
}

for (const form of document.querySelectorAll("form[data-check]")) {
  const problem = form.querySelector("[data-problem]");
  const button = form.querySelector("button");
  form.hidden = false;
  form.parentElement.querySelector("[data-unscripted]").hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      await check(form);
    } catch (error) {
      const bad = error instanceof BadKey;
      problem.textContent = bad ? say("bad-key", { key: plain(error.message) }) : error.message;
      problem.hidden = false;
      if (bad) form.elements.key.focus();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

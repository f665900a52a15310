/**
 * Checks an evidence pack, or the proof of one event, in the browser.
 *
 * It is `evidence/verify.py` once more, in the same order and with the same names of
 * checks, on WebCrypto (SHA-256 and Ed25519) alone. It asks nothing of any server and
 * trusts nothing but the keys that it is given. The format is that of "The format of
 * the record" in Polder's documentation. This file stands alone on purpose, so that it
 * can be read in one go, and used without the page that it came with.
 * It is part of Polder, under the EUPL 1.2.
 *
 *     const report = await examine(bytes, [vkey], { since, tell })
 *
 * `report.verdict` is 0 sound, 1 not sound, 6 can't be decided.
 */

export const SOUND = 0, NOT_SOUND = 1, UNDECIDED = 6;
export const PACK_FORMAT = "polder-pack/1", PROOF_FORMAT = "polder-proof/1";
const MAX_UNPACKED = 2 ** 28;

/** A check fails; the rest of what it stands in can't be checked. */
class Wrong extends Error {
  constructor(check, text, ...facts) {
    super(text);
    Object.assign(this, { check, text, facts });
  }
}

/** The text is no verifier key, or one that must not be trusted. */
export class BadKey extends Error {}

function must(condition, check, text, ...facts) {
  if (!condition) throw new Wrong(check, text, ...facts);
}

// ---------------------------------------------------------------- bytes

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export const utf8 = (text) => encoder.encode(text);

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));

export function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Read strict base64: what does not re-encode to itself is malformed. */
function strict64(text) {
  const raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (base64(raw) !== text) throw new RangeError("base64");
  return raw;
}

function unbase64(text, length) {
  if (typeof text !== "string" || text.length !== Math.floor((length + 2) / 3) * 4) {
    throw new RangeError("base64");
  }
  const raw = strict64(text);
  if (raw.length !== length) throw new RangeError("base64");
  return raw;
}

export async function sha256(...parts) {
  const data = parts.length === 1 ? parts[0] : concat(...parts);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

// ---------------------------------------------------------------- values

const HASH = /^[0-9a-f]{64}$/;
const PART = "[a-z0-9][a-z0-9-]{1,62}";
// Of `polder` there is one stream, and neither it nor `org` is an organisation.
const STREAM = new RegExp(
  `^(?:polder:log|org:(?!(?:org|polder)$)${PART}|(?!(?:org|polder):)${PART}:${PART})$`,
);
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{6}Z$/;
export const ZERO_HASH = "0".repeat(64);
const MAX_DEPTH = 64;

const isInt = (value) => Number.isInteger(value);
const isCount = (value) => isInt(value) && value >= 1;
const isIndex = (value) => isInt(value) && value >= 0;
const isText = (value) => typeof value === "string" && value !== "";
const isTextOrNull = (value) => value === null || isText(value);
const isHash = (value) => typeof value === "string" && HASH.test(value);
const isStream = (value) => typeof value === "string" && STREAM.test(value);
const isList = (value) => Array.isArray(value);
const isObject = (value) => typeof value === "object" && value !== null && !isList(value);
const isObjectOrNull = (value) => value === null || isObject(value);
const isAnything = () => true;
const isEventId = (value) => typeof value === "string" && EVENT_ID.test(value);

function isRoot(value) {
  try {
    return unbase64(value, 32).length === 32;
  } catch {
    return false;
  }
}

function isInstant(value) {
  const found = typeof value === "string" && INSTANT.exec(value);
  if (!found) return false;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year > 0 && day > 0 && day <= days && hour < 24 && minute < 60 && second < 60;
}

function hasShape(value, shape) {
  if (!isObject(value)) return false;
  const names = Object.keys(shape);
  return (
    Object.keys(value).length === names.length &&
    names.every((name) => Object.hasOwn(value, name) && shape[name](value[name]))
  );
}

// ---------------------------------------------------------------- canonical JSON

/** Return the canonical text of a value (RFC 8785); throws for what it can't hold. */
export function canonicalText(value, depth = 0) {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new RangeError("number");
    return String(value);
  }
  if (typeof value === "string") {
    if (!value.isWellFormed() || value.includes("\0")) throw new RangeError("text");
    return JSON.stringify(value);
  }
  if (depth >= MAX_DEPTH) throw new RangeError("depth");
  if (isList(value)) return `[${value.map((one) => canonicalText(one, depth + 1)).join(",")}]`;
  // Sorting compares UTF-16 units, which is what JCS asks for.
  const members = Object.keys(value).sort();
  const told = members.map((n) => `${canonicalText(n)}:${canonicalText(value[n], depth + 1)}`);
  return `{${told.join(",")}}`;
}

export const canonical = (value) => utf8(canonicalText(value));

/** Read canonical bytes, and no others: no member twice, no other numbers, no space. */
function readJson(bytes) {
  try {
    const text = decoder.decode(bytes);
    const value = JSON.parse(text);
    if (canonicalText(value) === text) return value;
  } catch {
    // Falls through to the one failure there is.
  }
  throw new Wrong("canonical", "this is not JSON in canonical form");
}

function linesOf(bytes) {
  if (!bytes.length) return [];
  must(bytes.at(-1) === 10, "malformed", "the last line does not end");
  const lines = [];
  let from = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return lines;
}

// ---------------------------------------------------------------- Ed25519, RFC 8032
//
// The browser checks the equation. What it may not look at is decided here: S lies below
// the group's order, and a public key that is not canonical, not on the curve or of small
// order is no key.

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function power(base, exponent) {
  let made = 1n;
  for (let square = base % P, left = exponent; left; left >>= 1n) {
    if (left & 1n) made = (made * square) % P;
    square = (square * square) % P;
  }
  return made;
}

const D = ((P - 121665n) * power(121666n, P - 2n)) % P;
const little = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);

function onCurve(bytes) {
  const number = little(bytes);
  const sign = number >> 255n;
  const y = number & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const x2 = ((y * y - 1n + P) * power(D * y * y + 1n, P - 2n)) % P;
  let x = power(x2, (P + 3n) / 8n);
  if ((x * x - x2) % P) x = (x * power(2n, (P - 1n) / 4n)) % P;
  if ((x * x - x2) % P || (x === 0n && sign)) return null;
  return [(x & 1n) === sign ? x : P - x, y];
}

/** Tell whether only its owner can sign under a public key. */
function usable(bytes) {
  let point = onCurve(bytes);
  for (let times = 0; point && times < 3; times += 1) {
    const [x, y] = point;
    const t = (D * ((x * x) % P) * ((y * y) % P)) % P;
    point = [
      (2n * x * y * power(1n + t, P - 2n)) % P,
      ((y * y + x * x) * power(1n - t + P, P - 2n)) % P,
    ];
  }
  return point !== null && !(point[0] === 0n && point[1] === 1n);
}

async function holds(publicKey, message, signature) {
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, [
    "verify",
  ]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}

async function verifies(publicKey, message, signature) {
  if (signature.length !== 64 || little(signature.subarray(32)) >= L) return false;
  return holds(publicKey, message, signature);
}

/** Test 2 of RFC 8032 §7.1: a browser that can't do this can't check a signature. */
async function trySignature() {
  const key = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const signature = unhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
  return (
    (await holds(key, Uint8Array.of(0x72), signature)) &&
    !(await holds(key, Uint8Array.of(0x73), signature))
  );
}

/** Say what this browser can do: whether it has SHA-256, and whether Ed25519. */
export async function able() {
  const sha = typeof crypto !== "undefined" && crypto.subtle !== undefined;
  const signatures = sha && (await trySignature().catch(() => false));
  return { sha, signatures };
}

// ---------------------------------------------------------------- signed notes, C2SP

const PLAIN = 1, COSIGNATURE = 4, MAX_SIGNATURES = 100;
const SPACE = "\\x00-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NAME = new RegExp(`^[^+${SPACE}\\ud800-\\udfff]+$`, "u");

async function keyId(name, kind, publicKey) {
  const told = concat(utf8(`${name}\n`), Uint8Array.of(kind), publicKey);
  return (await sha256(told)).subarray(0, 4);
}

/** Read `name+id+base64(kind ‖ public key)`; throws `BadKey`. */
export async function parseKey(text) {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  const name = text.slice(0, first);
  try {
    const raw = unbase64(text.slice(second + 1), 33);
    const [kind, publicKey] = [raw[0], raw.subarray(1)];
    const id = await keyId(name, kind, publicKey);
    const known = kind === PLAIN || kind === COSIGNATURE;
    const fits = first > 0 && second > first && hex(id) === text.slice(first + 1, second);
    if (NAME.test(name) && known && fits && usable(publicKey)) {
      return { name, kind, publicKey, id, text };
    }
  } catch {
    // Falls through to the one failure there is.
  }
  throw new BadKey(text);
}

/** Read pasted keys, one a line; what follows a key is what somebody says of it. */
export async function readKeys(text) {
  const lines = text.split("\n").map((line) => line.trim().split(/\s/)[0]);
  return Promise.all(lines.filter(Boolean).map(parseKey));
}

function parseNote(bytes) {
  try {
    const whole = decoder.decode(bytes);
    const blank = whole.lastIndexOf("\n\n");
    const below = whole.slice(blank + 2);
    if (blank < 0 || !below.endsWith("\n")) throw new RangeError("note");
    // eslint-disable-next-line no-control-regex
    if (/[\x00-\x09\x0b-\x1f]/.test(whole)) throw new RangeError("note");
    const lines = below.slice(0, -1).split("\n");
    if (lines.length > MAX_SIGNATURES) throw new RangeError("note");
    return { text: whole.slice(0, blank + 1), signatures: lines.map(parseSignature) };
  } catch {
    throw new Wrong("malformed", "this is not a signed note");
  }
}

function parseSignature(line) {
  const [dash, name, encoded, ...more] = line.split(" ");
  const raw = strict64(encoded);
  if (dash !== "—" || !NAME.test(name) || raw.length <= 4 || more.length) {
    throw new RangeError("signature");
  }
  return { name, id: raw.subarray(0, 4), signature: raw.subarray(4) };
}

function parseCheckpoint(text) {
  const lines = text.slice(0, -1).split("\n");
  try {
    const [origin, size, root] = lines;
    if (lines.length < 3 || lines.includes("") || !/^(0|[1-9][0-9]{0,15})$/.test(size)) {
      throw new RangeError("checkpoint");
    }
    if (!Number.isSafeInteger(Number(size)) || !/^polder\/./u.test(origin)) {
      throw new RangeError("checkpoint");
    }
    return { origin, size: Number(size), root: unbase64(root, 32) };
  } catch {
    throw new Wrong("malformed", "this is not a checkpoint");
  }
}

// ---------------------------------------------------------------- Merkle, RFC 6962

const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);
const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;

/**
 * Walk an audit path upwards (RFC 9162 §2.1.3.2); null if it can't be one.
 * `told` hears of every node: on which side, and what came of it.
 */
async function rootOfPath(leaf, index, size, proof, told = () => {}, node = nodeHash) {
  if (!(index >= 0 && index < size)) return null;
  let [left, last, root] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return null;
    const onTheLeft = odd(left) || left === last;
    root = onTheLeft ? await node(sibling, root) : await node(root, sibling);
    told({ side: onTheLeft ? "left" : "right", sibling, root });
    while (onTheLeft && left && !odd(left)) [left, last] = [half(left), half(last)];
    [left, last] = [half(left), half(last)];
  }
  return last === 0 ? root : null;
}

/** Remember nodes: the paths of one pack share most of what is high in the tree. */
function remembering() {
  const known = new Map();
  return (left, right) => {
    const name = String.fromCharCode(...left, ...right);
    if (!known.has(name)) known.set(name, nodeHash(left, right));
    return known.get(name);
  };
}

/** Return the old and the new root that a proof leads to, or null (RFC 9162 §2.1.4.2). */
async function rootsOfConsistency(old, size, seed, proof) {
  let [left, last] = [old - 1, size - 1];
  while (odd(left)) [left, last] = [half(left), half(last)];
  let [before, after] = [seed, seed];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== 32) return null;
    if (odd(left) || left === last) {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
      while (left && !odd(left)) [left, last] = [half(left), half(last)];
    } else {
      after = await nodeHash(after, sibling);
    }
    [left, last] = [half(left), half(last)];
  }
  return last === 0 ? [before, after] : null;
}

function isPower(number) {
  let left = number;
  while (left && !odd(left)) left = half(left);
  return left <= 1;
}

async function isConsistent(old, size, oldRoot, root, proof) {
  if (!(old > 0 && old <= size)) return false;
  if (old === size) return !proof.length && same(oldRoot, root);
  const power2 = isPower(old);
  if (!power2 && (!proof.length || proof[0].length !== 32)) return false;
  const [seed, rest] = power2 ? [oldRoot, proof] : [proof[0], proof.slice(1)];
  const roots = await rootsOfConsistency(old, size, seed, rest);
  return roots !== null && same(roots[0], oldRoot) && same(roots[1], root);
}

function consistencyLength(from, to) {
  let [old, size, length, whole] = [from, to, 0, true];
  while (old !== size) {
    let under = 1;
    while (under * 2 < size) under *= 2;
    if (old <= under) size = under;
    else [old, size, whole] = [old - under, size - under, false];
    length += 1;
  }
  return whole ? length : length + 1;
}

// ---------------------------------------------------------------- the ZIP
//
// Read strictly: stored files only, one after the other, with nothing between, before or
// behind them. So no two readers can see different packs. What somebody packed anew is
// not sound as a pack; it is opened all the same, to say what else is wrong, if anything.

export const MEMBERS = [
  "LEESMIJ.md", "README.md", "census.json", "checkpoint.txt", "consistency.jsonl",
  "events.jsonl", "log.vkey", "openings.jsonl", "pack.json", "pack.note", "proofs.jsonl",
  "verify.py",
];
const TEXTS = MEMBERS.filter((name) => !name.includes(".json"));
const END_SIZE = 22, CENTRAL_SIZE = 46, LOCAL_SIZE = 30;
const DOS_1980 = 0x21, DESCRIPTOR = 0x0008, UTF8_NAME = 0x0800;

const need = (condition, text, ...facts) => must(condition, "pack", text, ...facts);

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest;
});

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Look at numbers in a file; beyond its end there are none. */
function viewOf(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return {
    two: (at) => view.getUint16(at, true),
    four: (at) => view.getUint32(at, true),
    text: (at, length) => String.fromCharCode(...data.subarray(at, at + length)),
  };
}

function readEnd(data, view) {
  need(data.length >= END_SIZE, "this is not a readable ZIP file");
  const at = data.length - END_SIZE;
  const [length, start] = [view.four(at + 12), view.four(at + 16)];
  const whole = view.text(at, 4) === "PK\x05\x06" && start + length + END_SIZE === data.length;
  need(whole && !view.two(at + 4) && !view.two(at + 6), "this is not a readable ZIP file");
  return { count: view.two(at + 10), onDisk: view.two(at + 8), length, start };
}

function readEntry(view, at) {
  need(view.text(at, 4) === "PK\x01\x02", "this is not a readable ZIP file");
  const named = view.two(at + 28);
  return {
    flags: view.two(at + 8), method: view.two(at + 10), time: view.two(at + 12),
    day: view.two(at + 14), crc: view.four(at + 16), packed: view.four(at + 20),
    size: view.four(at + 24), comment: view.two(at + 32), offset: view.four(at + 42),
    name: view.text(at + CENTRAL_SIZE, named),
    next: at + CENTRAL_SIZE + named + view.two(at + 30),
  };
}

function readLocal(data, view, entry) {
  const at = entry.offset;
  const named = view.two(at + 26);
  const start = at + LOCAL_SIZE + named + view.two(at + 28);
  let end = start + entry.size;
  const told = entry.flags & DESCRIPTOR ? [0, 0, 0] : [entry.crc, entry.size, entry.size];
  const found = [view.four(at + 14), view.four(at + 18), view.four(at + 22)];
  const alike =
    view.text(at, 4) === "PK\x03\x04" && view.two(at + 6) === entry.flags &&
    view.two(at + 8) === 0 && view.text(at + LOCAL_SIZE, named) === entry.name &&
    view.two(at + 10) === 0 && view.two(at + 12) === DOS_1980 &&
    found.every((number, place) => number === told[place]);
  need(alike && end <= data.length, "{} is said to be two things", entry.name);
  const content = data.subarray(start, end);
  need(crc32(content) === entry.crc, "{} is damaged", entry.name);
  if (entry.flags & DESCRIPTOR) {
    end += view.text(end, 4) === "PK\x07\x08" ? 4 : 0;
    const behind = [view.four(end), view.four(end + 4), view.four(end + 8)];
    const right = [entry.crc, entry.size, entry.size];
    const fits = behind.every((number, place) => number === right[place]);
    need(fits, "{} is said to be two things", entry.name);
    end += 12;
  }
  return [content, end];
}

function readZip(data) {
  const view = viewOf(data);
  try {
    const { count, onDisk, length, start } = readEnd(data, view);
    const right = onDisk === count && count === MEMBERS.length;
    need(right, "these are not the files of a pack");
    const files = new Map();
    let [at, place] = [start, 0];
    for (const name of MEMBERS) {
      const entry = readEntry(view, at);
      need(entry.name === name, "these are not the files of a pack");
      const stored = entry.method === 0 && entry.packed === entry.size;
      need(stored, "{} is not stored as it is", name);
      need(!(entry.flags & ~(DESCRIPTOR | UTF8_NAME)), "{} is not stored as it is", name);
      const dated = !entry.time && entry.day === DOS_1980 && !entry.comment;
      need(dated, "{} is not dated 1980-01-01", name);
      need(entry.offset === place, "there is something between the files");
      let content;
      [content, place] = readLocal(data, view, entry);
      files.set(name, content);
      at = entry.next;
    }
    const whole = place === start && at === start + length;
    need(whole, "there is something between the files");
    return files;
  } catch (error) {
    if (error instanceof Wrong) throw error;
    throw new Wrong("pack", "this is not a readable ZIP file");
  }
}

async function inflate(packed, size) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const parts = [];
  let length = 0;
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    length += value.length;
    if (length > size) throw new RangeError("size");
    parts.push(value);
  }
  return concat(...parts);
}

/** Open what somebody packed anew, deflated or not, in whatever order. */
async function openAnyway(data) {
  const view = viewOf(data);
  const files = new Map();
  const { count, start } = readEnd(data, view);
  let left = MAX_UNPACKED;
  for (let nth = 0, at = start; nth < count; nth += 1) {
    const entry = readEntry(view, at);
    at = entry.next + entry.comment;
    left -= entry.size;
    if (left < 0) throw new RangeError("size");
    const begins = entry.offset + LOCAL_SIZE + view.two(entry.offset + 26) +
      view.two(entry.offset + 28);
    const packed = data.subarray(begins, begins + entry.packed);
    files.set(entry.name, entry.method ? await inflate(packed, entry.size) : packed);
  }
  return MEMBERS.every((name) => files.has(name)) ? files : new Map();
}

// ---------------------------------------------------------------- events

const ACTOR = { id: isText, role: isText, via: isTextOrNull };
const MANDATE = { stream: isText, seq: isInt, hash: isHash };
const EVENT = {
  v: isInt,
  stream: isStream,
  seq: isCount,
  prev: isHash,
  id: isEventId,
  type: isText,
  at: isInstant,
  actor: (value) => hasShape(value, ACTOR),
  mandate: (value) => value === null || hasShape(value, MANDATE),
  cause: isText,
  data: isObject,
  private: isObject,
};

const EVENT_PREFIX = utf8("polder/event/v1\n");
const FIELD_PREFIX = utf8("polder/field/v1\n");

export const eventHash = (body) => sha256(EVENT_PREFIX, body);

async function commitment(salt, stream, subject, value) {
  return hex(await sha256(FIELD_PREFIX, salt, canonical([stream, subject, value])));
}

/** Return what a JSON pointer (RFC 6901) leads to; throws where that is nowhere. */
function target(pointer, data) {
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) throw new RangeError("pointer");
  let found = data;
  for (const token of pointer.slice(1).split("/")) {
    const name = isList(found) ? token : token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isList(found) && !/^(0|[1-9][0-9]{0,15})$/.test(token)) throw new RangeError("pointer");
    if (found === null || typeof found !== "object" || !Object.hasOwn(found, name)) {
      throw new RangeError("pointer");
    }
    found = found[name];
  }
  return found;
}

/** Return a well-formed event; null if its version is unknown; throws `Wrong`. */
function checkEvent(event) {
  must(isObject(event), "malformed", "an event is an object");
  if (isInt(event.v) && event.v !== 1) return null;
  const names = Object.keys(EVENT);
  const right = Object.keys(event).length === names.length &&
    names.every((name) => Object.hasOwn(event, name));
  must(right, "malformed", "the event does not have exactly its members");
  for (const name of names) {
    must(EVENT[name](event[name]), "malformed", "the event's {} is not as it should be", name);
  }
  for (const [pointer, committed] of Object.entries(event.private)) {
    let nothing = false;
    try {
      nothing = target(pointer, event.data) === null;
    } catch {
      // Leads nowhere.
    }
    must(nothing && isHash(committed), "private", "{} is no private field", pointer);
  }
  return event;
}

// ---------------------------------------------------------------- the examination

const MANIFEST = {
  checkpoint: (value) => hasShape(value, { root: isRoot, size: isIndex }),
  counts: isObject,
  created_at: isText,
  created_by: isText,
  files: isObject,
  first_seq: isInt,
  format: isText,
  last_seq: isCount,
  stream: isStream,
  withheld: isList,
};
const PROOF_LINE = { leaf_index: isIndex, proof: isList, seq: isInt };
const CENSUS = {
  event: isObject, head: isList, head_index: isIndex, head_proof: isList,
  leaf_index: isIndex, proof: isList,
};
const CENSUS_DATA = { events: isIndex, heads_root: isHash, streams: isCount };
const ERASURE = { paths: isList };
const CONSISTENCY = { from: isCount, proof: isList };
const OPENING = {
  path: isText, salt: isRoot, seq: isCount, subject: isText, value: isAnything,
};
const PROOF = {
  after: isObjectOrNull, before: isObjectOrNull, checkpoint: isText, consistency: isList,
  event: isObject, format: isText, leaf_index: isIndex, openings: isList, proof: isList,
};

const fieldName = (seq, path) => `${seq}:${path}`;
const isField = (value) =>
  isList(value) && value.length === 2 && isCount(value[0]) && isText(value[1]);
const alike = (one, other) => canonicalText(one) === canonicalText(other);

function nodes(proof) {
  try {
    return proof.map((node) => unbase64(node, 32));
  } catch {
    throw new Wrong("malformed", "a node of the proof is not 32 bytes");
  }
}

/** Compare two paths as bytes, which is how openings are sorted. */
function lower(one, other) {
  const [a, b] = [utf8(one), utf8(other)];
  const at = a.findIndex((byte, place) => byte !== b[place]);
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1);
}

const SHA_LACKS = "this browser computes no SHA-256 here: open the page over https";
const ED25519_LACKS = "this browser can't check Ed25519 signatures: use another one, or verify.py";

class Examination {
  constructor({ keys, since, signatures, tell }) {
    Object.assign(this, { keys, since, signatures, tell });
    this.failures = [];
    this.undecided = [];
    this.stream = null;
    this.key = null;
    this.note = null;
    this.checkpoint = null;
    this.compared = null;
    this.proofs = new Map();
    this.commitments = new Map();
    this.erased = new Map();
    this.opened = new Map();
    this.withheld = new Map();
  }

  async part(file, check, seq = null) {
    try {
      await check();
    } catch (error) {
      const wrong = error instanceof Wrong;
      const facts = wrong ? error.facts : [error.name];
      const text = wrong ? error.text : "this can't be read ({})";
      this.fail(file, seq, wrong ? error.check : "malformed", text, ...facts);
    }
  }

  fail(file, seq, check, text, ...facts) {
    this.failures.push({ check, file, stream: this.stream, seq, text, facts });
  }

  leave(file, seq, check, text, ...facts) {
    this.undecided.push({ check, file, stream: this.stream, seq, text, facts });
  }

  get verdict() {
    // A failure beats what can't be decided.
    if (this.failures.length) return NOT_SOUND;
    return this.undecided.length ? UNDECIDED : SOUND;
  }

  /** Return how often `key` signed a note; throws when a line by this key fails. */
  async signedBy(note, key, file) {
    let times = 0;
    for (const { name, id, signature } of note.signatures) {
      if (name !== key.name || !same(id, key.id)) continue;
      times += 1;
      if (!this.signatures) {
        this.leave(file, null, "signature", ED25519_LACKS);
        continue;
      }
      const cosigned = key.kind === COSIGNATURE;
      const at = cosigned ? BigInt(`0x0${hex(signature.subarray(0, 8))}`) : 0n;
      const said = cosigned ? utf8(`cosignature/v1\ntime ${at}\n`) : new Uint8Array();
      const bare = cosigned ? signature.subarray(8) : signature;
      const right = at < 2n ** 63n &&
        (await verifies(key.publicKey, concat(said, utf8(note.text)), bare));
      must(right, "signature", "the signature of {} does not hold", name);
    }
    return times;
  }

  async included(hashed, index, proof, node) {
    if (this.checkpoint === null) return true;
    const leaf = await leafHash(unhex(hashed));
    const { size, root } = this.checkpoint;
    const found = await rootOfPath(leaf, index, size, nodes(proof), undefined, node);
    return found !== null && same(found, root);
  }

  async checkConsistency(lines) {
    let last = 0;
    for (const proof of lines()) {
      must(hasShape(proof, CONSISTENCY), "malformed", "the members are not as they should be");
      const size = proof.from;
      must(size > last, "consistency", "the sizes do not rise");
      last = size;
      this.proofs.set(size, nodes(proof.proof));
      if (this.checkpoint !== null) {
        const right = await this.plausible(size);
        must(right, "consistency", "the proof from {} does not hold", size);
      }
    }
  }

  /** Without the older root, a proof from a power of two can't be followed. */
  async plausible(size) {
    const { size: now, root } = this.checkpoint;
    if (size > now) return false;
    const proof = this.proofs.get(size);
    if (proof.length !== consistencyLength(size, now)) return false;
    if (isPower(size) || size === now) return true;
    const roots = await rootsOfConsistency(size, now, proof[0], proof.slice(1));
    return roots !== null && same(roots[1], root);
  }

  async checkOpening(opening) {
    const { seq, path } = opening;
    const committed = this.commitments.get(fieldName(seq, path));
    must(committed !== undefined, "opening", "{} is no private field", path);
    const gone = this.erased.has(fieldName(seq, path));
    must(!gone, "opening", "{} was erased, and is opened here", path);
    if (this.stream === null) return;
    const salt = unbase64(opening.salt, 32);
    const made = await commitment(salt, this.stream, opening.subject, opening.value);
    must(made === committed, "opening", "{} is not what was committed to", path);
  }

  async checkOpenings(file, lines, unknown = new Set()) {
    let [lastSeq, lastPath] = [0, ""];
    for (const opening of lines()) {
      must(hasShape(opening, OPENING), "malformed", "the members are not as they should be");
      const { seq, path } = opening;
      if (seq < lastSeq || (seq === lastSeq && lower(path, lastPath) <= 0)) {
        this.fail(file, seq, "opening", "the openings are not in order, each once");
      }
      [lastSeq, lastPath] = [seq, path];
      this.opened.set(fieldName(seq, path), opening);
      if (!unknown.has(seq)) await this.part(file, () => this.checkOpening(opening), seq);
    }
  }

  /** What the reader's older checkpoint covered is still there, unchanged. */
  async checkSince() {
    if (this.since === null) return;
    const [note, older] = this.readSince();
    const trusted = this.keys.length ? this.keys : this.key ? [this.key] : [];
    let signed = 0;
    for (const key of trusted.filter((one) => one.name === older.origin)) {
      signed += await this.signedBy(note, key, "");
    }
    const known = !trusted.length || signed;
    must(known, "since", "the older checkpoint is not signed by a key given");
    const now = this.checkpoint;
    if (now === null) return;
    must(now.origin === older.origin, "since", "the older checkpoint is of another log");
    if (older.size > now.size) {
      const text = "the older checkpoint has {} events, the pack's has {}";
      this.leave("", null, "since", text, older.size, now.size);
    } else if (older.size < now.size && !this.proofs.has(older.size)) {
      const text = "the pack has no proof from a checkpoint of {} events";
      this.leave("", null, "since", text, older.size);
    } else {
      const proof = older.size < now.size ? this.proofs.get(older.size) : [];
      const right = await isConsistent(older.size, now.size, older.root, now.root, proof);
      must(right, "since", "the log is not a continuation of the older checkpoint");
      this.compared = older.size;
    }
  }

  readSince() {
    try {
      const note = parseNote(this.since);
      return [note, parseCheckpoint(note.text)];
    } catch {
      throw new Wrong("since", "the older checkpoint can't be read");
    }
  }

  report() {
    const point = this.checkpoint;
    return {
      verdict: this.verdict,
      sound: this.verdict === SOUND,
      stream: this.stream,
      checkpoint: point && { origin: point.origin, size: point.size, root: base64(point.root) },
      since: this.compared,
      failures: this.failures,
      undecided: this.undecided,
    };
  }
}

// ---------------------------------------------------------------- a pack

class Pack extends Examination {
  async examine(data) {
    this.files = new Map();
    this.manifest = {};
    this.hashes = [];
    this.types = new Map();
    this.mandates = 0;
    this.place = -1;
    this.unknown = new Set();
    this.allOpened = false;
    await this.part("", () => this.open(data));
    if (!this.files.size) return;
    await this.part("log.vkey", () => this.checkKey());
    await this.part("pack.json", () => this.checkManifest());
    await this.part("pack.note", () => this.checkIssuer());
    await this.part("", () => this.checkFiles());
    if (![undefined, PACK_FORMAT].includes(this.manifest.format)) return;
    await this.part("", () => this.checkTexts());
    await this.part("checkpoint.txt", () => this.checkCheckpoint());
    await this.part("events.jsonl", () => this.checkEvents());
    await this.part("pack.json", () => this.checkSummary());
    await this.part("proofs.jsonl", () => this.checkProofs());
    await this.part("census.json", () => this.checkCensus());
    await this.part("consistency.jsonl", () => this.checkConsistency(this.read("consistency.jsonl")));
    await this.part("openings.jsonl", async () => {
      await this.checkOpenings("openings.jsonl", this.read("openings.jsonl"), this.unknown);
      this.allOpened = true;
    });
    await this.part("pack.json", () => this.checkWithheld());
    await this.part("events.jsonl", () => this.checkAccounts());
    await this.part("", () => this.checkSince());
  }

  read(name) {
    const { files } = this;
    return function* lines() {
      for (const line of linesOf(files.get(name))) yield readJson(line);
    };
  }

  async open(data) {
    try {
      this.files = readZip(data);
    } catch (error) {
      this.files = await openAnyway(data).catch(() => new Map());
      throw error;
    }
  }

  /** The key in the pack is one that the reader has from elsewhere. */
  async checkKey() {
    const text = new TextDecoder().decode(this.files.get("log.vkey"));
    try {
      this.key = await parseKey(text.slice(0, -1));
    } catch {
      throw new Wrong("key", "this is no key");
    }
    if (this.key.kind !== PLAIN || !text.endsWith("\n")) {
      this.key = null;
      throw new Wrong("key", "this is no key");
    }
    if (!this.keys.length) {
      const told = "no key was given: who made this pack can't be decided";
      this.leave("log.vkey", null, "key", told);
    } else if (!this.keys.some((key) => key.text === this.key.text)) {
      throw new Wrong("key", "the pack is by {}, which is not a key given", this.key.text);
    }
  }

  checkManifest() {
    const manifest = readJson(this.files.get("pack.json"));
    const text = "the members are not as they should be";
    must(isObject(manifest) && isText(manifest.format), "malformed", text);
    if (manifest.format !== PACK_FORMAT) {
      this.manifest = manifest;
      const told = "the format {} is not known to this program";
      this.leave("pack.json", null, "version", told, manifest.format);
      return;
    }
    must(hasShape(manifest, MANIFEST), "malformed", text);
    Object.assign(this, { manifest, stream: manifest.stream });
  }

  async checkIssuer() {
    const note = parseNote(this.files.get("pack.note"));
    const hashed = hex(await sha256(this.files.get("pack.json")));
    const named = [PACK_FORMAT, String(this.manifest.format ?? PACK_FORMAT)];
    const right = named.some((name) => note.text === `${name}\n${hashed}\n`);
    must(right, "issuer", "the note is over another pack.json");
    must(note.signatures.length === 1, "issuer", "the note must have one signature");
    if (this.key !== null) {
      const signed = await this.signedBy(note, this.key, "pack.note");
      must(signed, "issuer", "the note is not signed by the log's key");
    }
  }

  async checkFiles() {
    const said = this.manifest.files;
    if (!isObject(said)) return;
    const others = MEMBERS.filter((name) => !["pack.json", "pack.note"].includes(name));
    const right = Object.keys(said).length === others.length &&
      others.every((name) => Object.hasOwn(said, name));
    if (!right) this.fail("pack.json", null, "files", "not exactly the files are named");
    for (const name of others.filter((one) => Object.hasOwn(said, one))) {
      if (said[name] !== hex(await sha256(this.files.get(name)))) {
        this.fail(name, null, "files", "{} is not the file that pack.json names", name);
      }
    }
  }

  checkTexts() {
    for (const name of TEXTS) {
      const content = this.files.get(name);
      if (content.at(-1) !== 10 || content.at(-2) === 10) {
        this.fail(name, null, "malformed", "a text ends with one newline");
      }
    }
  }

  async checkCheckpoint() {
    const note = parseNote(this.files.get("checkpoint.txt"));
    const checkpoint = parseCheckpoint(note.text);
    if (this.key !== null) {
      const own = checkpoint.origin === this.key.name;
      must(own, "checkpoint", "it is of another log: {}", checkpoint.origin);
      const signed = await this.signedBy(note, this.key, "checkpoint.txt");
      must(signed, "checkpoint", "it is not signed by the log's key");
    }
    Object.assign(this, { note, checkpoint });
    const said = this.manifest.checkpoint;
    const is = { root: base64(checkpoint.root), size: checkpoint.size };
    const right = said === undefined || said === null || alike(said, is);
    must(right, "checkpoint", "pack.json names another checkpoint");
  }

  async checkEvents() {
    const bodies = linesOf(this.files.get("events.jsonl"));
    must(bodies.length, "head", "there is not one event");
    this.hashes = await Promise.all(bodies.map(async (body) => hex(await eventHash(body))));
    let before = ZERO_HASH;
    for (const [place, body] of bodies.entries()) {
      const [seq, named] = [place + 1, before];
      await this.part("events.jsonl", () => this.checkLink(seq, body, named), seq);
      before = this.hashes[place];
    }
  }

  checkLink(seq, body, before) {
    const event = checkEvent(readJson(body));
    const file = "events.jsonl";
    if (event === null) {
      // How an event of another version is hashed is not for this program to say.
      this.hashes[seq - 1] = null;
      this.unknown.add(seq);
      const text = "the event is of a version that this program does not know";
      this.leave(file, seq, "version", text);
      return;
    }
    this.types.set(event.type, (this.types.get(event.type) ?? 0) + 1);
    if (this.stream !== null && event.stream !== this.stream) {
      this.fail(file, seq, "stream", "the event says it belongs to {}", event.stream);
    }
    if (event.seq !== seq) {
      this.fail(file, seq, "seq", "the event says it is number {}", event.seq);
    }
    if (before !== null && event.prev !== before) {
      this.fail(file, seq, "prev", "the event does not name the one before it");
    }
    for (const [pointer, committed] of Object.entries(event.private)) {
      this.commitments.set(fieldName(seq, pointer), committed);
    }
    this.mandates += event.mandate === null ? 0 : 1;
    if (event.type === "personal_data_erased") this.noteErasure(seq, event.data);
  }

  noteErasure(seq, data) {
    const text = "the erasure is not as it should be";
    must(hasShape(data, ERASURE), "erasure", text);
    for (const path of data.paths) {
      must(isField(path) && path[0] < seq, "erasure", text);
      const name = fieldName(...path);
      const known = this.commitments.has(name) || this.unknown.has(path[0]);
      must(known, "erasure", "{} of event {} is no private field", path[1], path[0]);
      this.erased.set(name, { seq: path[0], path: path[1], by: seq });
    }
  }

  checkSummary() {
    if (!Object.keys(this.manifest).length) return;
    const { first_seq: first, last_seq: last, counts } = this.manifest;
    if (first !== 1) this.fail("pack.json", null, "head", "a pack begins with event 1");
    if (last !== this.hashes.length) {
      const text = "{} events are announced, {} are there";
      this.fail("pack.json", null, "head", text, last, this.hashes.length);
    }
    const right = Object.values(counts).every(isCount) &&
      (this.unknown.size || alike(counts, Object.fromEntries(this.types)));
    must(right, "counts", "the counts are not those of the events");
  }

  async checkProofs() {
    const lines = linesOf(this.files.get("proofs.jsonl"));
    must(lines.length === this.hashes.length, "proof", "there are {} proofs", lines.length);
    const node = remembering();
    await Promise.all(lines.map((line, place) =>
      this.part("proofs.jsonl", () => this.checkProof(place + 1, line, node), place + 1),
    ));
  }

  /** What comes before the first `await` happens in the order of the events. */
  async checkProof(seq, line, node) {
    const proof = readJson(line);
    const right = hasShape(proof, PROOF_LINE) && proof.seq === seq;
    must(right, "malformed", "the members are not as they should be");
    const [last, index] = [this.place, proof.leaf_index];
    this.place = index;
    must(index > last, "proof", "the places in the log do not rise");
    const spoken = this.checkpoint === null || index < this.checkpoint.size - 1;
    must(spoken, "proof", "the event is not in what the census speaks for");
    const hashed = this.hashes[seq - 1];
    const there = hashed === null || (await this.included(hashed, index, proof.proof, node));
    must(there, "proof", "the event is not in the log at {}", index);
  }

  async checkCensus() {
    const census = readJson(this.files.get("census.json"));
    must(hasShape(census, CENSUS), "malformed", "the members are not as they should be");
    const event = checkEvent(census.event);
    if (event === null) {
      const text = "the census is of a version that this program does not know";
      this.leave("census.json", null, "version", text);
      return;
    }
    const { data } = event;
    const named = event.stream === "polder:log" && event.type === "census_taken";
    must(named, "census", "this event is no census");
    must(hasShape(data, CENSUS_DATA), "census", "the census is not as it should be");
    const index = census.leaf_index;
    const before = "the census does not speak for what is before it";
    must(index === data.events, "census", before);
    const last = this.checkpoint === null || index === this.checkpoint.size - 1;
    must(last, "census", "the census is not the last in the log");
    const hashed = hex(await eventHash(canonical(event)));
    const there = await this.included(hashed, index, census.proof);
    must(there, "census", "the census is not in the log at {}", index);
    await this.checkHead(census, data);
  }

  async checkHead(census, data) {
    const { head } = census;
    const shaped = head.length === 3 && isStream(head[0]) && isCount(head[1]) && isHash(head[2]);
    must(shaped, "malformed", "the members are not as they should be");
    const path = nodes(census.head_proof);
    const leaf = await leafHash(canonical(head));
    const root = await rootOfPath(leaf, census.head_index, data.streams, path);
    const known = root !== null && same(root, unhex(data.heads_root));
    must(known, "census", "the census does not know this head");
    const [stream, seq, hashed] = head;
    if (!this.hashes.length) return;
    const own = this.stream === null || stream === this.stream;
    must(own, "head", "the census is shown for {}", stream);
    must(seq === this.hashes.length, "head", "the stream ends at event {}", seq);
    const ends = this.hashes.at(-1);
    const right = ends === null || hashed === ends;
    must(right, "head", "the stream ends with another event {}", seq);
  }

  checkWithheld() {
    for (const field of this.manifest.withheld ?? []) {
      must(isField(field), "malformed", "the members are not as they should be");
      const [seq, path] = field;
      const name = fieldName(seq, path);
      if (this.withheld.has(name)) {
        this.fail("pack.json", seq, "withheld", "{} is named twice", path);
      }
      this.withheld.set(name, { seq, path });
      if (!this.unknown.has(seq) && !this.commitments.has(name)) {
        this.fail("pack.json", seq, "withheld", "{} is no private field", path);
      }
    }
  }

  /** Every private field is opened, withheld or erased: one of the three. */
  checkAccounts() {
    const read = this.allOpened && Object.keys(this.manifest).length;
    for (const name of this.commitments.keys()) {
      const at = name.indexOf(":");
      const [seq, path] = [Number(name.slice(0, at)), name.slice(at + 1)];
      const withheld = this.withheld.has(name);
      const ways = [this.opened, this.withheld, this.erased].filter((way) => way.has(name));
      if (!ways.length && read) {
        const text = "{} is not opened, and no event says that it was erased";
        this.fail("events.jsonl", seq, "opening", text, path);
      } else if (withheld && ways.length > 1) {
        const text = "{} is withheld, and opened or erased as well";
        this.fail("events.jsonl", seq, "withheld", text, path);
      }
    }
  }

  report() {
    return {
      ...super.report(),
      kind: "pack",
      events: this.hashes.length,
      counts: Object.fromEntries([...this.types].sort()),
      createdAt: this.manifest.created_at ?? null,
      createdBy: this.manifest.created_by ?? null,
      mandates: this.mandates,
      private: {
        opened: this.opened.size, withheld: this.withheld.size, erased: this.erased.size,
      },
    };
  }
}

// ---------------------------------------------------------------- one event

/**
 * The proof of one event. `tell` hears of each step as it is computed, with the values:
 * `{ step, holds, values }`, where `holds` is true, false or null (can't be decided).
 */
class Proof extends Examination {
  async examine(data) {
    this.proof = null;
    this.hash = null;
    this.wrong = 0;
    this.neighbours = { before: false, after: false };
    await this.step("file", "", () => this.open(data));
    if (this.proof === null) return;
    await this.step("canonical", "event", () => this.checkBody());
    if (this.event) {
      await this.step("hash", "event", () => this.checkHash());
      await this.step("before", "before", () => this.checkBefore());
      await this.step("after", "after", () => this.checkAfter());
    }
    await this.step("checkpoint", "checkpoint", () => this.checkCheckpoint());
    if (this.event) await this.step("path", "proof", () => this.checkPath());
    await this.step("signature", "checkpoint", () => this.checkSignature());
    if (this.event && this.proof.openings.length) {
      await this.step("openings", "openings", () => this.checkTexts());
    }
    await this.step("since", "", () => this.compare());
  }

  async step(step, file, check) {
    const [failed, left] = [this.failures.length, this.undecided.length];
    let values = null;
    await this.part(file, async () => {
      values = await check();
    });
    const wrong = this.failures.slice(failed);
    const open = this.undecided.slice(left);
    if (values === null && !wrong.length && !open.length) return;
    const holds = wrong.length ? false : open.length ? null : true;
    this.tell({ step, holds, values: { ...this.seen, ...values }, found: [...wrong, ...open] });
    this.seen = {};
  }

  /** Keep a value to be shown, also where what follows fails. */
  show(values) {
    this.seen = { ...this.seen, ...values };
  }

  open(data) {
    const proof = readJson(data);
    const text = "the members are not as they should be";
    must(isObject(proof) && isText(proof.format), "malformed", text);
    if (proof.format !== PROOF_FORMAT) {
      const told = "the format {} is not known to this program";
      this.leave("", null, "version", told, proof.format);
      return { bytes: data.length };
    }
    must(hasShape(proof, PROOF), "malformed", text);
    this.proof = proof;
    return { format: proof.format, bytes: data.length };
  }

  checkBody() {
    const event = checkEvent(this.proof.event);
    if (event === null) {
      const text = "the event is of a version that this program does not know";
      this.leave("event", null, "version", text);
      return null;
    }
    this.body = canonical(event);
    Object.assign(this, { event, stream: event.stream });
    for (const [pointer, committed] of Object.entries(event.private)) {
      this.commitments.set(fieldName(event.seq, pointer), committed);
    }
    return { text: canonicalText(event), bytes: this.body.length };
  }

  async checkHash() {
    this.hash = hex(await eventHash(this.body));
    return { hash: this.hash };
  }

  neighbour(member, seq) {
    const event = checkEvent(this.proof[member]);
    if (event === null) {
      const text = "the event is of a version that this program does not know";
      this.leave(member, seq, "version", text);
      return null;
    }
    const { stream } = event;
    must(stream === this.stream, "stream", "the event says it belongs to {}", stream);
    must(event.seq === seq, "seq", "the event says it is number {}", event.seq);
    return event;
  }

  async checkBefore() {
    const { seq, prev } = this.event;
    this.show({ prev });
    if (seq === 1) {
      const alone = prev === ZERO_HASH && this.proof.before === null;
      must(alone, "prev", "the event does not name the one before it");
      this.neighbours.before = true;
      return { first: true };
    }
    if (this.proof.before === null) return null;
    const before = this.neighbour("before", seq - 1);
    if (before === null) return null;
    const hashed = hex(await eventHash(canonical(before)));
    this.show({ seq: seq - 1, hash: hashed });
    must(hashed === prev, "prev", "the event does not name the one before it");
    this.neighbours.before = true;
    return {};
  }

  // It names this one, as anybody could have written it: nothing here shows it in the log.
  checkAfter() {
    if (this.proof.after === null) return null;
    const after = this.neighbour("after", this.event.seq + 1);
    if (after === null) return null;
    this.show({ seq: after.seq, prev: after.prev, hash: this.hash });
    must(after.prev === this.hash, "prev", "the event after it does not name this one");
    this.neighbours.after = true;
    return {};
  }

  checkCheckpoint() {
    const note = parseNote(utf8(this.proof.checkpoint));
    const checkpoint = parseCheckpoint(note.text);
    Object.assign(this, { note, checkpoint });
    const { origin, size, root } = checkpoint;
    return { note: this.proof.checkpoint, origin, size, wanted: base64(root) };
  }

  async checkPath() {
    if (this.checkpoint === null) return null;
    const index = this.proof.leaf_index;
    const leaf = await leafHash(unhex(this.hash));
    const path = [];
    this.show({ leaf: hex(leaf), index, path, wanted: base64(this.checkpoint.root) });
    const walked = ({ side, sibling, root }) =>
      path.push({ side, sibling: hex(sibling), root: hex(root) });
    const { size, root } = this.checkpoint;
    const found = await rootOfPath(leaf, index, size, nodes(this.proof.proof), walked);
    if (found !== null) this.show({ root: base64(found) });
    const right = found !== null && same(found, root);
    must(right, "proof", "the event is not in the log at {}", index);
    return {};
  }

  async checkSignature() {
    if (this.note === null) return null;
    const { origin } = this.checkpoint;
    this.show({ text: this.note.text });
    if (!this.keys.length) {
      const text = "no key was given: who signed the checkpoint can't be decided";
      this.leave("checkpoint", null, "key", text);
      return {};
    }
    const own = this.keys.filter((key) => key.name === origin && key.kind === PLAIN);
    must(own.length, "checkpoint", "it is of another log: {}", origin);
    let signed = 0;
    for (const key of own) {
      const times = await this.signedBy(this.note, key, "checkpoint");
      if (times) this.show({ key: key.text, id: hex(key.id), public: hex(key.publicKey) });
      signed += times;
    }
    must(signed, "checkpoint", "it is not signed by the log's key");
    return {};
  }

  async checkTexts() {
    const { openings } = this.proof;
    await this.checkOpenings("openings", () => openings);
    return { openings: openings.map(({ path, value }) => ({ path, value })) };
  }

  async compare() {
    const { consistency } = this.proof;
    await this.part("consistency", () => this.checkConsistency(() => consistency));
    await this.checkSince();
    return this.compared === null ? null : { size: this.compared };
  }

  report() {
    const { event, proof } = this;
    return {
      ...super.report(),
      kind: "proof",
      seq: event?.seq ?? null,
      hash: this.hash,
      leafIndex: proof?.leaf_index ?? null,
      neighbours: this.neighbours,
    };
  }
}

/**
 * Check a pack or a proof, which are told apart by how they begin.
 *
 * `keys` are verifier keys as text. `since` is an older checkpoint, as bytes, and `tell`
 * hears of each step. Throws `BadKey`, and nothing for whatever the data is.
 */
export async function examine(data, keys, { since = null, tell = () => {} } = {}) {
  const can = await able();
  const signatures = can.signatures;
  const kind = data[0] === 0x7b ? Proof : Pack;
  if (!can.sha) {
    const none = new kind({ keys: [], since: null, signatures, tell });
    none.leave("", null, "browser", SHA_LACKS);
    return none.report === undefined ? null : Examination.prototype.report.call(none);
  }
  const trusted = await Promise.all(keys.map(parseKey));
  const seen = new kind({ keys: trusted, since, signatures, tell });
  await seen.examine(data);
  return seen.report();
}

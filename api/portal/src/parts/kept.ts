/**
 * What the portal keeps in this browser for whoever is signed in: what they typed and did not send, and how far they have read.
 *
 * It is in the page's memory, and sealed in the browser's storage, so that it survives the page. The key is made of a
 * secret that the service tells this session alone and the browser stores nowhere: once the session is over, nobody opens what may be left (ASVS 14.3.3).
 * A page that hears of the end empties the storage. Its memory stays, for the same person to sign in again and go on.
 */
const PREFIX = "casestream.kept.";

/**
 * Told to the other pages of this browser when the session is over or another, before what is stored goes: they do not take that for sent, and
 * look who is signed in. Its value says what becomes of what they remember.
 */
const OVER = "casestream.over";
type Rest = "stays" | "goes";

const memory = new Map<string, unknown>();
const listeners = new Set<(elsewhere: boolean) => void>();
const endings = new Set<() => void>();
let owner: string | undefined;
let isOpen = false;
let hasLeft = false;
let key: CryptoKey | undefined;
let turn = 0;
const latest = new Map<string, number>();

const text = new TextEncoder();

/** Whoever this is goes on with what they left, in this session; what others left is forgotten. */
export async function openKept(person: string, secret: string | null | undefined): Promise<void> {
  if (owner !== person) memory.clear();
  owner = person;
  isOpen = true;
  hasLeft = false;
  key = secret ? await keyOf(person, secret) : undefined;
  const left = storedNames().map(async (name) => {
    const value = await unsealed(name, localStorage.getItem(PREFIX + name));
    if (value === undefined) localStorage.removeItem(PREFIX + name);
    else if (!memory.has(name)) memory.set(name, value);
  });
  await Promise.all(left);
  await Promise.all([...memory.keys()].map(seal));
  changed(true);
}

/** The session is over: nothing stays in the browser's storage. */
export function closeKept(): void {
  if (isOpen || storedNames().length > 0) close("stays");
}

/** Somebody signed out: nothing stays at all, on any page. */
export function forgetKept(): void {
  close("goes");
  forget();
}

/** Whether the one who was here signed out, on whatever page: who comes next has no business where they were. */
export function isLeft(): boolean {
  return hasLeft;
}

/** Somebody has signed in: other pages may show what was somebody else's. */
export function tellSignedIn(): void {
  close("stays");
}

/** Tells when the session is over, or another, by what another page of this browser did; answers what ends it. */
export function onSessionElsewhere(listener: () => void): () => void {
  endings.add(listener);
  return () => void endings.delete(listener);
}

function close(rest: Rest): void {
  key = undefined;
  isOpen = false;
  localStorage.setItem(OVER, rest);
  for (const name of storedNames()) localStorage.removeItem(PREFIX + name);
  localStorage.removeItem(OVER);
}

function forget(): void {
  hasLeft = true;
  memory.clear();
  owner = undefined;
}

/** What is kept by this name: the same value until something else is. */
export function kept(name: string): unknown {
  return memory.get(name);
}

/** The names by which something is kept and that begin like this. */
export function keptNames(beginning: string): string[] {
  return [...memory.keys()].filter((name) => name.startsWith(beginning));
}

/** Tells whenever something else is kept, and whether another page of this browser did that; answers what ends it. */
export function onKept(listener: (elsewhere: boolean) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Keeps something by a name, in place of what was. */
export function keep(name: string, value: unknown): void {
  memory.set(name, value);
  void seal(name);
  changed(false);
}

/** Keeps nothing by this name any more. */
export function drop(name: string): void {
  latest.set(name, ++turn);
  localStorage.removeItem(PREFIX + name);
  if (memory.delete(name)) changed(false);
}

function changed(elsewhere: boolean): void {
  for (const listener of listeners) listener(elsewhere);
}

// Another page of this browser kept or sent something.
window.addEventListener("storage", (event) => {
  if (event.key === OVER && event.newValue !== null) {
    key = undefined;
    isOpen = false;
    if (event.newValue === ("goes" satisfies Rest)) forget();
    for (const listener of endings) listener();
  }
  if (key === undefined || !event.key?.startsWith(PREFIX)) return;
  const name = event.key.slice(PREFIX.length);
  const mine = ++turn;
  latest.set(name, mine);
  if (event.newValue === null) {
    memory.delete(name);
    changed(true);
    return;
  }
  void unsealed(name, event.newValue).then((value) => {
    // What was typed here in the meantime is newer.
    if (value === undefined || latest.get(name) !== mine) return;
    memory.set(name, value);
    changed(true);
  });
});

function storedNames(): string[] {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? "");
  return keys.filter((each) => each.startsWith(PREFIX)).map((each) => each.slice(PREFIX.length));
}

/** Undefined where the browser has no cryptography to offer, as on a page that came over plain HTTP from another machine. */
async function keyOf(person: string, secret: string): Promise<CryptoKey | undefined> {
  const { subtle } = window.crypto as { subtle?: SubtleCrypto };
  if (!subtle) return undefined;
  const material = await subtle.importKey("raw", text.encode(secret), "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(person), info: text.encode(PREFIX) };
  return subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const how = (name: string, iv: Uint8Array<ArrayBuffer>) => ({ name: "AES-GCM", iv, additionalData: text.encode(name) });

/** Writes what is kept by a name into the storage; what comes later wins, however long either takes. */
async function seal(name: string): Promise<void> {
  const mine = ++turn;
  latest.set(name, mine);
  const by = key;
  if (!by) return;
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(how(name, iv), by, text.encode(JSON.stringify(memory.get(name))));
  if (key !== by || latest.get(name) !== mine) return;
  const bytes = [...iv, ...new Uint8Array(sealed)];
  try {
    localStorage.setItem(PREFIX + name, btoa(bytes.map((byte) => String.fromCharCode(byte)).join("")));
  } catch {
    // A browser that keeps nothing, or no more: it stays in the page's memory.
  }
}

/** What was written by `seal`; undefined where it was by another session, or is broken. */
async function unsealed(name: string, sealed: string | null): Promise<unknown> {
  if (!key || sealed === null) return undefined;
  try {
    const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0));
    const plain = await crypto.subtle.decrypt(how(name, bytes.slice(0, 12)), key, bytes.slice(12));
    return JSON.parse(new TextDecoder().decode(plain)) as unknown;
  } catch {
    return undefined;
  }
}

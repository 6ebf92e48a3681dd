/** An authenticator app. */
import { createHmac } from "node:crypto";

import { until } from "./until";

/** How long a code is good, and how much of that has to be left for a browser to send it, in milliseconds. */
const life = 30_000;
const enough = 10_000;

const used = new Map<string, number>();

/** A code that was not used yet and is good for long enough: each is good once, in its own half minute. */
export async function nextCode(secret: string): Promise<string> {
  const now = () => Math.floor(Date.now() / life);
  const last = used.get(secret) ?? 0;
  await until("the app shows another code", 2 * life, () => now() > last && life - (Date.now() % life) >= enough);
  used.set(secret, now());
  return totp(secret, now());
}

/** What an authenticator app shows (RFC 6238: SHA-1, six digits, thirty seconds). */
function totp(secret: string, step: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = Array.from(secret, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return ((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

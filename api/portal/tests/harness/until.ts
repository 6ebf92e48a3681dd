import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition, and says what it was when its time is over. */
export async function until(what: string, limitMs: number, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await pause(50);
  }
}

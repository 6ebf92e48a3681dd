import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** How often it is tried while the service answers: then it has no such part any more, as after a newer version was started. */
const ATTEMPTS = 5;
const PAUSE_MS = 2_000;

/**
 * A part of a page that is loaded when it is wanted: again and again while the service does not answer, so that the rest of the page stays, with all
 * that is typed there. `load` gives its component.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    for (let attempt = 1; ;) {
      try {
        return { default: await load() };
      } catch (error) {
        if (await answers()) attempt += 1;
        if (attempt > ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  });
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch("/", { method: "HEAD" })).ok;
  } catch {
    return false;
  }
}

import { useEffect, useRef, useState } from "react";

const OFF = "casestream.keys.off";

/** Whether single keys do something in this browser. Whoever uses speech input may not want that (WCAG 2.2, 2.1.4). */
function areOn(): boolean {
  return localStorage.getItem(OFF) === null;
}

/** Whether single keys do something, and how to change that. */
export function useKeySwitch(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(areOn);
  return [
    on,
    (wanted) => {
      if (wanted) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "");
      setOn(wanted);
    },
  ];
}

/** Where keys are meant for what has the focus: fields, and all that opens over the page. */
const OWN = "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox], [role=slider]";

/** How long nothing has to be typed before a key is meant for the page, in milliseconds. */
const PAUSE_MS = 1_000;

const FIELD = "input, textarea, select, [contenteditable]";

let typedAt = -Infinity;

// Whoever writes on when the field is gone, because a colleague moved the case, means none of these keys. Leaving a field on purpose is another matter.
window.addEventListener(
  "keydown",
  (event) => {
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    const isTyped = event.target instanceof Element && event.target.closest(FIELD) !== null;
    if (isLetter && (isTyped || event.timeStamp - typedAt < PAUSE_MS)) typedAt = event.timeStamp;
    else if (["Escape", "Enter", "Tab"].includes(event.key)) typedAt = -Infinity;
  },
  { capture: true },
);
for (const left of ["pointerdown", "popstate"]) window.addEventListener(left, () => (typedAt = -Infinity));

/** Has single keys do something, as long as the component is there: never while something is typed, never together with Ctrl, Alt or Meta. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = latest.current[event.key];
      if (!act || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (!areOn() || (event.target instanceof Element && event.target.closest(OWN))) return;
      if (event.timeStamp - typedAt < PAUSE_MS) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

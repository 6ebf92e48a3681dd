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
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

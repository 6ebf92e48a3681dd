import { type RefObject, useEffect } from "react";
import { NavigationType, useNavigationType } from "react-router";

import { useKeys } from "../../parts/keys";

/** The case that was opened last. It is the page's memory alone: what cases somebody opened is nobody's business afterwards. */
let lastOpened: string | undefined;

const linksOf = (list: HTMLElement | null) => [
  ...(list?.querySelectorAll<HTMLAnchorElement>('[data-case] a[href^="/cases/"]') ?? []),
];

/**
 * Walks a list of cases by j and k. The focus goes from case to case, so that Enter opens one as it opens any link, and screen
 * readers say where it is. Whoever comes back from a case is where they were.
 */
export function useWalk(list: RefObject<HTMLElement | null>, numbers: readonly string[]): void {
  const step = (by: 1 | -1) => {
    const links = linksOf(list.current);
    const at = links.findIndex((link) => link.closest("[data-case]")?.contains(document.activeElement));
    const next =
      links[at === -1 ? (by === 1 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  useKeys({ j: () => step(1), k: () => step(-1) });

  const cameBack = useNavigationType() === NavigationType.Pop;
  const there = numbers.length > 0;
  useEffect(() => {
    if (!there || !cameBack || lastOpened === undefined) return;
    const at = lastOpened;
    lastOpened = undefined;
    linksOf(list.current)
      .find((link) => link.closest<HTMLElement>("[data-case]")?.dataset["case"] === at)
      ?.focus();
  }, [there, cameBack, list]);
  useEffect(() => {
    const element = list.current;
    const note = (event: Event) => {
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-case]") : null;
      if (at?.dataset["case"]) lastOpened = at.dataset["case"];
    };
    element?.addEventListener("click", note);
    return () => element?.removeEventListener("click", note);
  }, [list]);
}

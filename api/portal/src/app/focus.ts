/** What a reader finds their place by when the control that had the focus is gone. */
const REGIONS = "[role], ul, ol, form, section, main";

/** How long a dialog that closes may take to give the focus back by itself, in milliseconds. */
const PATIENCE_MS = 50;

/**
 * Keeps the focus where the reader is. A browser takes it from a control that is disabled for a moment, or removed because what it does is done; then
 * it goes back to that control, or to what is left around it, and not to the top of the page (WCAG 2.2, 2.4.3).
 */
export function keepFocus(): void {
  /** What has the focus, or had it last, and what is around that, from within. */
  let place: HTMLElement[] = [];
  let wasDisabled = false;
  let pointing = false;
  let timer: number | undefined;

  const restore = () => {
    const [last] = place;
    if (!last || (document.activeElement ?? document.body) !== document.body) return;
    if (last.isConnected) {
      if (wasDisabled && !last.matches(":disabled")) last.focus();
      return;
    }
    const around = place.find((each) => each.isConnected && each.matches(REGIONS)) ?? document.getElementById("main");
    if (!around) return;
    if (!around.hasAttribute("tabindex")) around.tabIndex = -1;
    around.dataset["place"] = "";
    around.focus({ preventScroll: true });
  };

  document.addEventListener("focusin", ({ target }) => {
    place = [];
    wasDisabled = false;
    for (let each = target; each instanceof HTMLElement; each = each.parentElement) place.push(each);
  });
  // Whoever points beside everything means it.
  document.addEventListener("pointerdown", () => (pointing = true), { capture: true });
  document.addEventListener("pointerup", () => (pointing = false), { capture: true });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    if (pointing && relatedTarget === null) place = [];
  });
  new MutationObserver(() => {
    const [last] = place;
    if (!last) return;
    wasDisabled ||= last.matches(":disabled");
    window.clearTimeout(timer);
    timer = window.setTimeout(restore, PATIENCE_MS);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}

/** What a reader finds their place by when the control that had the focus is gone. */
const REGIONS = "[role], ul, ol, form, section, main";

/** What opens above a page, and leaves it as it was. */
const ABOVE = "[role=dialog], [role=menu]";

/** How long somebody else may take to say where the focus goes, in milliseconds. */
const PATIENCE_MS = 50;

/** What has the focus, with what is around it, from within; and for what is above the page, where the focus was before. */
interface Place {
  around: HTMLElement[];
  above: Element | null;
  from: Place | undefined;
}

/**
 * Keeps the focus where the reader is. A browser takes it from a control that is disabled for a moment, or removed because what it does is done; then
 * it goes back to that control, or to what opened the dialog that it was in, or to what is left around it, and not to the top of the page (WCAG 2.2, 2.4.3).
 */
export function keepFocus(): void {
  let place: Place | undefined;
  let wasDisabled = false;
  let pointing = false;
  let timer: number | undefined;

  const restore = () => {
    const [last] = place?.around ?? [];
    if (!last || (document.activeElement ?? document.body) !== document.body) return;
    if (!last.isConnected) placeLeft(place)?.focus({ preventScroll: true });
    else if (wasDisabled && !last.matches(":disabled")) last.focus();
  };

  document.addEventListener("focusin", ({ target }) => {
    const around: HTMLElement[] = [];
    for (let each = target; each instanceof HTMLElement; each = each.parentElement) around.push(each);
    const above = around[0]?.closest(ABOVE) ?? null;
    const from = above === null ? undefined : place?.above === above ? place.from : place;
    place = { around, above, from };
    wasDisabled = false;
  });
  // Whoever points beside everything means it.
  document.addEventListener("pointerdown", () => (pointing = true), { capture: true });
  document.addEventListener("pointerup", () => (pointing = false), { capture: true });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    if (pointing && relatedTarget === null) place = undefined;
  });
  new MutationObserver(() => {
    const [last] = place?.around ?? [];
    if (!last) return;
    wasDisabled ||= last.matches(":disabled");
    window.clearTimeout(timer);
    timer = window.setTimeout(restore, PATIENCE_MS);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["disabled"] });
}

/** What the focus goes to when what had it is gone. */
function placeLeft(place: Place | undefined): HTMLElement | null {
  if (place === undefined) return document.getElementById("main");
  const { around, above, from } = place;
  if (above !== null && !above.isConnected) {
    const [opener] = from?.around ?? [];
    return opener?.isConnected && !opener.matches(":disabled") ? opener : placeLeft(from);
  }
  const left = around.find((each) => each.isConnected && each.matches(REGIONS));
  if (!left) return document.getElementById("main");
  if (!left.hasAttribute("tabindex")) left.tabIndex = -1;
  left.dataset["place"] = "";
  return left;
}

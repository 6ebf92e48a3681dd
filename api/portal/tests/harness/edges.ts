/** What axe does not look at: whether fields can be told from what is around them, and the focus from what has it not (WCAG 2.2, 1.4.11). */
import type { Page } from "playwright-core";

/** How much the edge of a field differs from what is inside and around it, at least. */
const LEAST = 3;

/** The fields of a page, with axe loaded in it, whose edge or ring is too faint. */
export function faintEdges(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    interface Color {
      parseString: (text: string) => void;
      alpha: number;
    }
    const { axe } = window as unknown as {
      axe: { commons: { color: { Color: new () => Color; getContrast: (one: Color, other: Color) => number } } };
    };
    const { Color, getContrast } = axe.commons.color;
    const read = (text: string) => {
      const color = new Color();
      color.parseString(text);
      return color;
    };
    const behind = (element: Element | null): Color => {
      for (let each = element; each !== null; each = each.parentElement) {
        const color = read(getComputedStyle(each).backgroundColor);
        if (color.alpha === 1) return color;
      }
      return read("rgb(255, 255, 255)");
    };
    const resolved = (name: string, element: HTMLElement) => {
      const before = element.style.outlineColor;
      element.style.outlineColor = `var(${name})`;
      const color = read(getComputedStyle(element).outlineColor);
      element.style.outlineColor = before;
      return color;
    };
    const fields = [...document.querySelectorAll<HTMLElement>("input, select, textarea")].filter(
      (field) => !field.matches(":disabled, :checked, [type=file], [role=switch]") && field.checkVisibility(),
    );
    return fields.flatMap((field) => {
      const edged = field.closest<HTMLElement>(".mantine-Input-input") ?? field;
      const style = getComputedStyle(edged);
      if (style.borderTopStyle === "none" || style.opacity === "0" || edged.offsetWidth < 8) return [];
      const around = [behind(edged), behind(edged.parentElement)];
      // The ring of what has the focus covers its edge.
      const edge = read(style.outlineStyle === "solid" ? style.outlineColor : style.borderTopColor);
      const ring = resolved("--ring", edged);
      const faint = around.some((each) => getContrast(each, edge) < least || getContrast(each, ring) < least);
      return faint ? [`${field.id || field.outerHTML.slice(0, 120)}: ${style.borderTopColor}`] : [];
    });
  }, LEAST);
}

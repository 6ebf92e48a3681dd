import { language } from "../../app/languages";

const UNITS = ["B", "kB", "MB", "GB"] as const;

/** A number of bytes as people read it, of 1,024 to the next, as limits are set: `48 kB`. */
export function readableSize(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const number = new Intl.NumberFormat(language(), { maximumFractionDigits: 1 }).format(bytes / 1024 ** step);
  return `${number} ${UNITS[step] ?? ""}`;
}

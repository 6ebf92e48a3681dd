import type { Shown } from "./useStream";

/** How many files a case has: those of notes are counted apart, since customers do not see them. */
export function filesThere(of: Shown, ofNotes: boolean): number {
  return of.attachments.filter(({ state, internal }) => state === "PRESENT" && internal === ofNotes).length;
}

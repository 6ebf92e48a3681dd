import type { TFunction } from "i18next";

import type { EntryFragment } from "../../gql/graphql";

type Named = (name: string, value: string) => string | undefined;
type Told = Pick<EntryFragment, "kind" | "values"> & {
  about?: { name?: string | null } | null;
  text?: string | null;
};

type Authored = Pick<EntryFragment, "kind" | "writtenAt"> & Pick<Told, "about">;

/** Kinds whose text is an answer to be read as such, and not part of a sentence. */
const SPOKEN = new Set([
  "OPENED",
  "MESSAGE_POSTED",
  "INTERNAL_NOTE_ADDED",
  "RESOLVED",
  "RESOLUTION_REJECTED",
  "REOPENED",
  "CANCELED",
  "SATISFACTION_RATED",
  "CARRIED_OVER",
  "LEGAL_HOLD_PLACED",
  "SUBJECT_CHANGED",
]);

/** Whether an entry's text is shown below what happened. */
export function isSpoken(kind: EntryFragment["kind"]): boolean {
  return SPOKEN.has(kind);
}

/** Whether somebody brought over what another person wrote. */
export function isBroughtOver({ kind, writtenAt, about }: Authored): boolean {
  return Boolean(writtenAt && about) && ["OPENED", "MESSAGE_POSTED", "INTERNAL_NOTE_ADDED"].includes(kind);
}

/** Who did it, as far as the reader may know: of what was brought over, who wrote it. */
export function who(
  t: TFunction,
  entry: Authored & Pick<EntryFragment, "actorRole"> & { actor: { name?: string | null } },
): string {
  if (isBroughtOver(entry)) return entry.about?.name ?? t("activity.somebody");
  return entry.actorRole === "CLOCK" ? t("activity.clock") : (entry.actor.name ?? t("activity.somebody"));
}

/** What happened, in words that follow the name of who did it; a wait for the customer is one for the reader, unless the desk reads. */
export function words(t: TFunction, entry: Told, named: Named, desk = false): string {
  const value = (name: string) => entry.values.find((each) => each.name === name)?.value;
  const called = (name: string) => {
    const found = value(name);
    if (found === undefined) return "";
    return named(name, found) ?? t(`values.${name}.${found.toLowerCase()}`, { defaultValue: found });
  };
  const forCustomer = entry.kind === "WAIT_STARTED" && value("reason")?.toLowerCase() === "customer";
  const waits = forCustomer && !desk ? "WAIT_STARTED_CUSTOMER" : entry.kind;
  return t(`activity.${waits}`, {
    about: entry.about?.name ?? entry.text ?? t("activity.somebody"),
    queue: called("queue"),
    priority: called("priority"),
    type: called("type"),
    category: called("category"),
    reason: called("reason"),
    score: value("score") ?? "",
    name: value("name") ?? "",
  });
}

/** The mail that the service wrote into its folder instead of sending it. */
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import PostalMime, { type Email } from "postal-mime";

import type { Place } from "./server";
import { until } from "./until";

async function mailTo(place: Place, address: string): Promise<Email[]> {
  const folder = join(place.dataFolder, "mailbox");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".eml"))
    .sort();
  const mails = await Promise.all(files.map((name) => PostalMime.parse(readFileSync(join(folder, name)))));
  return mails.filter((mail) => mail.to?.some((to) => to.address?.toLowerCase() === address.toLowerCase()));
}

/** Waits for a mail to somebody whose text has a link to a page, and answers the newest such link. */
export async function mailedLink(place: Place, address: string, page: string): Promise<string> {
  let found: string | undefined;
  await until(`a mail to ${address} links to ${page}`, 60_000, async () => {
    const links = (await mailTo(place, address)).flatMap((mail) => mail.text?.match(/https?:\/\/[^\s<>"]+/g) ?? []);
    found = links.findLast((link) => new URL(link).pathname === page);
    return found !== undefined;
  });
  if (found === undefined) throw new Error("it was just there");
  return found;
}

/** Waits for a mail to somebody whose subject or text has some words. */
export async function mailSaying(place: Place, address: string, words: string): Promise<Email> {
  let found: Email | undefined;
  await until(`a mail to ${address} says ${words}`, 60_000, async () => {
    const mails = await mailTo(place, address);
    found = mails.findLast((mail) => `${mail.subject ?? ""}\n${mail.text ?? ""}`.includes(words));
    return found !== undefined;
  });
  if (found === undefined) throw new Error("it was just there");
  return found;
}

/** Accounts of the tests' service with people who sign in, and cases of theirs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { ask, member, password, somebody, type Person } from "./people";
import { command, type Place } from "./server";
import { until } from "./until";

/** An account with two places, a product at each, and an ADMIN and a MEMBER who sign in. */
export interface Customer {
  account: string;
  ana: Person;
  bo: Person;
}

let made = 0;

/** What no other account is called by. */
function newReference(): string {
  made += 1;
  return `EX-${process.pid}-${Date.now().toString(36)}-${made}`;
}

async function importAccounts(place: Place, reference: string, rows: object[]): Promise<void> {
  const file = join(place.dataFolder, `${reference}.ndjson`);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  await command(place, "import", "accounts", file);
}

/** Another account of somebody who has one; answers what it is called. */
export async function anotherAccount(place: Place, person: Person): Promise<string> {
  const reference = newReference();
  const account = `Example Library ${reference}`;
  await importAccounts(place, reference, [
    {
      account: reference,
      account_name: account,
      account_address: "7 Placeholder Road",
      location: "A",
      location_name: "Reading room",
      location_address: "7 Placeholder Road",
    },
    { account: reference, contact: person.name, contact_email: person.email, contact_role: "ADMIN" },
  ]);
  // What is imported is read a moment later.
  const token = await tokenOf(place, person);
  await until(`${person.name} sees ${account}`, 30_000, async () => {
    const document = "{ viewer { accounts { reference } } }";
    const { viewer } = await ask<{ viewer: { accounts: { reference: string }[] } }>(place, document, {}, token);
    return viewer.accounts.some((each) => each.reference === reference);
  });
  return account;
}

/** A customer of its own for each test. */
export async function customer(place: Place): Promise<Customer> {
  const reference = newReference();
  const account = `Sample Bakery ${reference}`;
  const ana = somebody("Ana Torres");
  const bo = somebody("Bo Lind");
  const rows = [
    {
      account: reference,
      account_name: account,
      account_address: "1 Example Square",
      location: "A",
      location_name: "Main shop",
      location_address: "1 Example Square",
      product: `${reference}-SV`,
      product_name: "SmartVoice",
    },
    {
      account: reference,
      location: "B",
      location_name: "Flour mill",
      location_address: "12 Sample Lane",
      product: `${reference}-DT`,
      product_name: "Managed WAN",
    },
    { account: reference, contact: ana.name, contact_email: ana.email, contact_role: "ADMIN" },
    { account: reference, contact: bo.name, contact_email: bo.email, contact_role: "MEMBER" },
  ];
  await importAccounts(place, reference, rows);
  await Promise.all([ana, bo].map((person) => member(place, "contact", person)));
  return { account, ana, bo };
}

/** What somebody's programs show to be let in. */
export async function tokenOf(place: Place, person: Person): Promise<string> {
  const document = "mutation ($input: SignInInput!) { signIn(input: $input) { token userErrors { message } } }";
  const input = { name: person.email, password, transport: "TOKEN" };
  const { signIn } = await ask<{ signIn: { token: string | null } }>(place, document, { input });
  if (signIn.token === null) throw new Error(`${person.name} is not let in`);
  return signIn.token;
}

/** A case that somebody opened. */
export interface Opened {
  id: string;
  number: string;
}

/** Opens a case as one of an account's contacts. */
export async function openCase(place: Place, token: string, description: string): Promise<Opened> {
  const { viewer } = await ask<{ viewer: { accounts: { id: string }[] } }>(
    place,
    "{ viewer { accounts { id } } }",
    {},
    token,
  );
  const input = {
    accountId: viewer.accounts[0]?.id,
    type: "billing",
    category: "billing",
    description,
    locationNotListed: true,
  };
  const document =
    "mutation ($input: CaseOpenInput!) { it: caseOpen(input: $input) { case { id number } userErrors { message } } }";
  const { it } = await ask<{ it: { case: Opened | null; userErrors: { message: string }[] } }>(
    place,
    document,
    { input },
    token,
  );
  if (it.case === null) throw new Error(it.userErrors[0]?.message ?? "the case is pending");
  return it.case;
}

/** Does something to a case as somebody's program; fails where it was refused. */
export async function act(
  place: Place,
  token: string,
  mutation: string,
  type: string,
  input: Record<string, unknown>,
): Promise<void> {
  const document = `mutation ($input: ${type}!) { it: ${mutation}(input: $input) { userErrors { message } } }`;
  const { it } = await ask<{ it: { userErrors: { message: string }[] } }>(place, document, { input }, token);
  const [error] = it.userErrors;
  if (error !== undefined) throw new Error(error.message);
}

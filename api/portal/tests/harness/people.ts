/** People of a service: each test has its own, so that none finds what another left. */
import { command, type Place } from "./server";

export const password = "tin lantern over wet gravel";

export interface Person {
  name: string;
  email: string;
}

let made = 0;

/** Somebody new, in words that no other test uses. */
export function somebody(name = "Ana Sample"): Person {
  made += 1;
  return { name, email: `person-${process.pid}-${Date.now().toString(36)}-${made}@portal.example` };
}

/** Invites somebody; answers the link by which they choose a password. */
export async function invite(place: Place, person: Person, role: string): Promise<string> {
  const printed = await command(
    place,
    "user",
    "create",
    "--email",
    person.email,
    "--name",
    person.name,
    "--role",
    role,
  );
  const link = /https?:\/\/\S+/.exec(printed)?.[0];
  if (link === undefined) throw new Error(`no link in: ${printed}`);
  return link;
}

/** Invites a contact as an administrator does at the desk: the link comes by mail. */
export async function inviteByMail(place: Place, person: Person): Promise<void> {
  const token = await command(place, "token", "create", "--role", "administrator", "--name", "Portal tests");
  const accounts = '{ account(reference: "EX-1001") { id } }';
  const { account } = await ask<{ account: { id: string } }>(place, accounts, {}, token);
  const document = "mutation ($input: UserInviteInput!) { userInvite(input: $input) { userErrors { code message } } }";
  const answer = await ask<{ userInvite: { userErrors: { message: string }[] } }>(
    place,
    document,
    { input: { person: { new: person }, roles: ["CONTACT"], account: { accountId: account.id, role: "MEMBER" } } },
    token,
  );
  const [error] = answer.userInvite.userErrors;
  if (error !== undefined) throw new Error(error.message);
}

/** Somebody who has set their password. */
export async function member(place: Place, role: string, person: Person = somebody()): Promise<Person> {
  const link = await invite(place, person, role);
  const token = new URL(link).hash.slice(1);
  const document =
    "mutation ($input: AccountActivateInput!) { accountActivate(input: $input) { userErrors { code message } } }";
  const answer = await ask<{ accountActivate: { userErrors: { message: string }[] } }>(place, document, {
    input: { token, newPassword: password },
  });
  const [error] = answer.accountActivate.userErrors;
  if (error !== undefined) throw new Error(error.message);
  return person;
}

/** Asks the API as a program does. */
export async function ask<T>(place: Place, query: string, variables: unknown, token?: string): Promise<T> {
  const response = await fetch(`${place.url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (answer.data === undefined || answer.data === null || answer.errors !== undefined) {
    throw new Error(`${query}: ${JSON.stringify(answer.errors)}`);
  }
  return answer.data;
}

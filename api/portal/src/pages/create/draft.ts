import type { CaseOpenInput, WatcherInput } from "../../gql/graphql";

/** What the form holds. */
export interface Values {
  accountId: string;
  type: string;
  category: string;
  locationId: string;
  locationNotListed: boolean;
  productId: string;
  productNotListed: boolean;
  contactId: string;
  subject: string;
  description: string;
  watchers: string[];
}

/** A form that nobody has touched. */
export const EMPTY: Values = {
  accountId: "",
  type: "",
  category: "",
  locationId: "",
  locationNotListed: false,
  productId: "",
  productNotListed: false,
  contactId: "",
  subject: "",
  description: "",
  watchers: [],
};

/** Whether there is nothing in it that somebody typed or chose: nothing that is otherwise than it began, but for what is chosen by itself. */
export function isUntouched(values: Values, from: Values): boolean {
  const said = (each: Values) => JSON.stringify({ ...each, accountId: "", contactId: "" });
  return said(values) === said(from);
}

/** The fields that have to be filled, by what the type asks for. */
export const REQUIRED = [
  "accountId",
  "type",
  "category",
  "locationId",
  "productId",
  "contactId",
  "description",
] as const;

/** One of them. */
export type RequiredField = (typeof REQUIRED)[number];

/** What is still to be filled in, in the order of the form. */
export function missing(
  values: Values,
  asks: { location: boolean; product: boolean; contact: boolean },
): RequiredField[] {
  const filled: Record<RequiredField, boolean> = {
    accountId: values.accountId !== "",
    type: values.type !== "",
    category: values.category !== "",
    locationId: values.locationId !== "" || values.locationNotListed || !asks.location,
    productId: values.productId !== "" || values.productNotListed || values.locationNotListed || !asks.product,
    contactId: values.contactId !== "" || !asks.contact,
    description: values.description.trim() !== "",
  };
  return REQUIRED.filter((field) => !filled[field]);
}

const ADDRESS = /^[^\s@]+@[^\s@]+$/u;

/** Whoever is to get mail: a contact by their name, or an address. Nothing where it is neither. */
export function watcher(text: string, contacts: ReadonlyMap<string, string>): WatcherInput | undefined {
  const contact = contacts.get(text);
  if (contact !== undefined) return { contact };
  return ADDRESS.test(text) ? { email: text } : undefined;
}

/** What the API is asked to do. */
export function inputOf(
  values: Values,
  contacts: ReadonlyMap<string, string>,
  uploads: string[],
  followUpOf: string | undefined,
): Omit<CaseOpenInput, "idempotencyKey"> {
  const some = (text: string) => (text === "" ? null : text);
  return {
    accountId: values.accountId,
    type: values.type,
    category: values.category,
    locationId: values.locationNotListed ? null : some(values.locationId),
    locationNotListed: values.locationNotListed,
    productId: values.productNotListed || values.locationNotListed ? null : some(values.productId),
    productNotListed: values.productNotListed && !values.locationNotListed,
    contactId: some(values.contactId),
    subject: some(values.subject.trim()),
    description: values.description,
    watchers: values.watchers.flatMap((text) => watcher(text, contacts) ?? []),
    uploads,
    ...(followUpOf === undefined ? {} : { followUpOf }),
  };
}

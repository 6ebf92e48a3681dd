/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A language in which mail is written. */
export type Language =
  /** English. */
  | 'ENGLISH'
  /** Spanish. */
  | 'SPANISH';

/** A role. */
export type Role =
  /** Runs the installation. */
  | 'ADMINISTRATOR'
  /** Works cases. */
  | 'AGENT'
  /** Asks questions of reports. */
  | 'ANALYST'
  /** Reads everything ever recorded. */
  | 'AUDITOR'
  /** A date that was reached. */
  | 'CLOCK'
  /** A customer's person. */
  | 'CONTACT'
  /** A machine with an API token. */
  | 'SERVICE'
  /** An agent who also runs the desk. */
  | 'SUPERVISOR'
  /** Whoever holds a link that was mailed to a watcher. */
  | 'WATCHER';

/** How a session is carried. */
export type SessionTransport =
  /** In a cookie, for browsers: only from a page of the portal. */
  | 'COOKIE'
  /** As `token` in the answer, for programs, which send it as `Authorization: Bearer`. */
  | 'TOKEN';

/** What somebody signs in with. */
export type SignInInput = {
  /** A code of the authenticator app, where one is asked for. */
  code?: string | null | undefined;
  /** A username or an e-mail address. */
  name: string;
  /** The password. */
  password: string;
  /** A recovery code in its place. */
  recoveryCode?: string | null | undefined;
  /** How the session is carried. */
  transport?: SessionTransport;
};

/** The codes of refusals. Clients may rely on them; messages may change. */
export type UserErrorCode =
  /** It was done before and cannot be done twice. */
  | 'ALREADY_DONE'
  /** The challenge question is to be answered, too. */
  | 'ANSWER_REQUIRED'
  /** Others kept changing it; try again. */
  | 'CONTENDED'
  /** The idempotency key was used for another request. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The input breaks a rule that the message names. */
  | 'INVALID_INPUT'
  /** Nobody would run the installation any more. */
  | 'LAST_ADMINISTRATOR'
  /** A legal hold is in force: nothing may be destroyed. */
  | 'LEGAL_HOLD'
  /** No more fit. */
  | 'LIMIT_REACHED'
  /** The mailed link was used, replaced or is too old. */
  | 'LINK_NOT_GOOD'
  /** Too many attempts failed in a row: even the right password is refused until the time that is named, or a mailed link unlocks. */
  | 'LOCKED'
  /** The case is over: open a follow-up case. */
  | 'NEEDS_FOLLOW_UP'
  /** There is nothing by this id that the caller may see. */
  | 'NOT_FOUND'
  /** The case's state does not take this. */
  | 'NOT_IN_STATE'
  /** The caller's roles do not include this. */
  | 'NOT_PERMITTED'
  /** The file is not there. */
  | 'NO_SUCH_ATTACHMENT'
  /** The message is not there. */
  | 'NO_SUCH_MESSAGE'
  /** The password is right, and a code of the second factor is asked for. */
  | 'SECOND_FACTOR_REQUIRED'
  /** A name, password, code or answer is not right. */
  | 'SIGN_IN_REFUSED'
  /** It has changed since the version named. */
  | 'STALE_VERSION'
  /** Another one has the value. */
  | 'TAKEN'
  /** The time for it has passed. */
  | 'TOO_LATE'
  /** Too many attempts failed: wait until the time that is named. */
  | 'TOO_MANY_ATTEMPTS'
  /** The password is too short, or easy to guess. */
  | 'WEAK_PASSWORD';

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { userErrors: Array<{ code: UserErrorCode, message: string }> } };

export type BrandQueryVariables = Exact<{ [key: string]: never; }>;


export type BrandQuery = { brand: { portalName: string, logo: string | null, primaryColor: string, accentColor: string } | null };

export type SessionQueryVariables = Exact<{ [key: string]: never; }>;


export type SessionQuery = { viewer: { roles: Array<Role>, person: { id: string, name: string | null }, accounts: Array<{ id: string, name: string | null, reference: string | null }>, preferences: { language: Language | null, timeZone: string | null }, user: { email: string | null, username: string | null } | null } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { retryAt: string | null, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };


export const SignOutDocument = {"__meta__":{"documentId":"sha256:ecd7369839d3927510a2f91fc19be2aeb41279f4c7ec7e325fed9735813d134d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignOutMutation, SignOutMutationVariables>;
export const BrandDocument = {"__meta__":{"documentId":"sha256:3cfbc319785dcbc93ff02184a0f89aee67a15dcaa35d2320feaab3d49afdc3bf"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Brand"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"brand"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portalName"}},{"kind":"Field","name":{"kind":"Name","value":"logo"}},{"kind":"Field","name":{"kind":"Name","value":"primaryColor"}},{"kind":"Field","name":{"kind":"Name","value":"accentColor"}}]}}]}}]} as unknown as DocumentNode<BrandQuery, BrandQueryVariables>;
export const SessionDocument = {"__meta__":{"documentId":"sha256:c757d56f5c8f55b6e61f8ba48f1d9981eb5fc9bcacf9791dc55884a3eddf6040"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"accounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}}]}},{"kind":"Field","name":{"kind":"Name","value":"preferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"username"}}]}}]}}]}}]} as unknown as DocumentNode<SessionQuery, SessionQueryVariables>;
export const SignInDocument = {"__meta__":{"documentId":"sha256:5ebf5ef8fdb10fc419de4b4119c5be8f2cf888e0324508f4a9bd34a5422f12e8"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
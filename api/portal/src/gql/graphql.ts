/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What the public form takes. */
export type AccessRequestSubmitInput = {
  /** The account, as the asker knows it. */
  accountName: string;
  /** The rest: who else needs access, for example. At most 16,000 characters. */
  description: string;
  /** The asker's e-mail address. */
  email: string;
  /** The asker's name. */
  name: string;
  /** The asker's telephone number. */
  phone?: string | null | undefined;
  /** Where the service is. */
  serviceAddress?: string | null | undefined;
  /** What is asked for. */
  type: AccessRequestType;
};

/** What somebody asks for. */
export type AccessRequestType =
  /** *Change or Remove Access*: that somebody may see more, less or nothing any more. */
  | 'CHANGE_OR_REMOVAL'
  /** *Other*. */
  | 'OTHER'
  /** *Request Customer Portal Access*: to sign in, for themselves and perhaps for others. */
  | 'PORTAL_ACCESS';

/** The first password of somebody who was invited. */
export type AccountActivateInput = {
  /** The password. */
  newPassword: string;
  /** What follows the `#` in the invitation's link. */
  token: string;
};

/** No challenge question any more. */
export type ChallengeQuestionRemoveInput = {
  /** The password. */
  currentPassword: string;
};

/** A challenge question. */
export type ChallengeQuestionSetInput = {
  /** The answer, 4 to 100 characters, however it is spelled. */
  answer: string;
  /** The password. */
  currentPassword: string;
  /** Which question: a name out of `challengeQuestions`. */
  question: string;
};

/** A language in which mail is written. */
export type Language =
  /** English. */
  | 'ENGLISH'
  /** Spanish. */
  | 'SPANISH';

/** A kind of mail. */
export type MailKind =
  /** Somebody who signs in already was given access to an account. */
  | 'ACCESS_GRANTED'
  /** An invitation, with the link that activates it. */
  | 'ACTIVATION'
  /** Somebody else made the reader responsible. */
  | 'CASE_ASSIGNED'
  /** A case was withdrawn. */
  | 'CASE_CANCELED'
  /** A case is settled. */
  | 'CASE_CLOSED'
  /** Somebody attached files without a message. */
  | 'CASE_FILE'
  /** A note for the desk names the reader. */
  | 'CASE_MENTION'
  /** Another case goes on in its place. */
  | 'CASE_MERGED'
  /** Somebody wrote to the other side. */
  | 'CASE_MESSAGE'
  /** A case began. */
  | 'CASE_OPENED'
  /** The answer has stood for a while. */
  | 'CASE_REMINDER'
  /** Work goes on after all. */
  | 'CASE_REOPENED'
  /** An answer was given. */
  | 'CASE_RESOLVED'
  /** Work waits for the customer. */
  | 'CASE_WAITING'
  /** The challenge question was switched off. */
  | 'CHALLENGE_QUESTION_REMOVED'
  /** A challenge question was set. */
  | 'CHALLENGE_QUESTION_SET'
  /** A second factor was enrolled. */
  | 'FACTOR_ENROLLED'
  /** A second factor was removed. */
  | 'FACTOR_REMOVED'
  /** Too many tries to sign in. */
  | 'LOCKED'
  /** A sign-in from a device that was not known before. */
  | 'NEW_DEVICE'
  /** The password was set or changed. */
  | 'PASSWORD_CHANGED'
  /** The link to set another password. */
  | 'PASSWORD_RESET'
  /** There are new recovery codes. */
  | 'RECOVERY_CODES_REPLACED'
  /** A recovery code was used to sign in. */
  | 'RECOVERY_CODE_USED'
  /** A request for access was declined. */
  | 'REQUEST_DECLINED'
  /** The link that ends a lock. */
  | 'UNLOCK'
  /** Signing in is possible again. */
  | 'UNLOCKED'
  /** Somebody put an address on a watch list, whose owner is asked. */
  | 'WATCH_CONFIRM';

/** Another password. */
export type PasswordChangeInput = {
  /** The password until now. */
  currentPassword: string;
  /** The new one. */
  newPassword: string;
};

/** A new password in place of a forgotten one. */
export type PasswordResetInput = {
  /** The answer to the challenge question, where one is asked. */
  answer?: string | null | undefined;
  /** The new password. */
  newPassword: string;
  /** What follows the `#` in the link. */
  token: string;
};

/** A forgotten password. */
export type PasswordResetRequestInput = {
  /** A username or an e-mail address. */
  name: string;
};

/** Which mail somebody wants from now on. What is left out stays as it is; null takes a choice back. */
export type PreferencesSetInput = {
  /** The language of their mail. */
  language?: Language | null | undefined;
  /** The time zone of the times in it, by its name in the IANA database, such as `Europe/Madrid`. */
  timeZone?: string | null | undefined;
  /** All kinds of mail that they do not want. Mail about signing in is sent in any case. */
  unwanted?: Array<MailKind> | null | undefined;
};

/** New recovery codes. */
export type RecoveryCodesReplaceInput = {
  /** The password. */
  currentPassword: string;
};

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

/** A session that is to end. */
export type SessionRevokeInput = {
  /** Which one, out of `viewer.sessions`. */
  sessionId: string | number;
};

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

/** A code that shows that the authenticator app has the secret. */
export type TotpConfirmInput = {
  /** Six digits. */
  code: string;
};

/** A second factor that is to be added. */
export type TotpEnrollInput = {
  /** The password. */
  currentPassword: string;
};

/** A second factor that is to be taken away. */
export type TotpRemoveInput = {
  /** A code of the authenticator app. */
  code?: string | null | undefined;
  /** The password. */
  currentPassword: string;
  /** A recovery code in its place. */
  recoveryCode?: string | null | undefined;
};

/** The end of a lock. */
export type UnlockInput = {
  /** The answer to the challenge question, where one is asked. */
  answer?: string | null | undefined;
  /** What follows the `#` in the link. */
  token: string;
};

/** A lock that is to end. */
export type UnlockRequestInput = {
  /** A username or an e-mail address. */
  name: string;
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

export type ChallengeQuestionSetMutationVariables = Exact<{
  input: ChallengeQuestionSetInput;
}>;


export type ChallengeQuestionSetMutation = { challengeQuestionSet: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type ChallengeQuestionRemoveMutationVariables = Exact<{
  input: ChallengeQuestionRemoveInput;
}>;


export type ChallengeQuestionRemoveMutation = { challengeQuestionRemove: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type TotpEnrollMutationVariables = Exact<{
  input: TotpEnrollInput;
}>;


export type TotpEnrollMutation = { totpEnroll: { secret: string | null, uri: string | null, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type TotpConfirmMutationVariables = Exact<{
  input: TotpConfirmInput;
}>;


export type TotpConfirmMutation = { totpConfirm: { recoveryCodes: Array<string>, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type PasswordChangeMutationVariables = Exact<{
  input: PasswordChangeInput;
}>;


export type PasswordChangeMutation = { passwordChange: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type TotpRemoveMutationVariables = Exact<{
  input: TotpRemoveInput;
}>;


export type TotpRemoveMutation = { totpRemove: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type RecoveryCodesReplaceMutationVariables = Exact<{
  input: RecoveryCodesReplaceInput;
}>;


export type RecoveryCodesReplaceMutation = { recoveryCodesReplace: { recoveryCodes: Array<string>, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type SessionRevokeMutationVariables = Exact<{
  input: SessionRevokeInput;
}>;


export type SessionRevokeMutation = { sessionRevoke: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type CredentialsQueryVariables = Exact<{ [key: string]: never; }>;


export type CredentialsQuery = { challengeQuestions: Array<{ name: string, text: string }>, viewer: { credentials: { hasSecondFactor: boolean, recoveryCodesLeft: number, challengeQuestion: { name: string, text: string } | null, sessions: Array<{ id: string, createdAt: string, usedAt: string, expiresAt: string, isCurrent: boolean }> }, preferences: { language: Language | null, timeZone: string | null, unwanted: Array<MailKind> } } };

export type PreferencesSetMutationVariables = Exact<{
  input: PreferencesSetInput;
}>;


export type PreferencesSetMutation = { preferencesSet: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type AccountActivateMutationVariables = Exact<{
  input: AccountActivateInput;
}>;


export type AccountActivateMutation = { accountActivate: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type PasswordResetRequestMutationVariables = Exact<{
  input: PasswordResetRequestInput;
}>;


export type PasswordResetRequestMutation = { passwordResetRequest: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type AccessRequestSubmitMutationVariables = Exact<{
  input: AccessRequestSubmitInput;
}>;


export type AccessRequestSubmitMutation = { accessRequestSubmit: { received: boolean, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type PasswordResetMutationVariables = Exact<{
  input: PasswordResetInput;
}>;


export type PasswordResetMutation = { passwordReset: { challengeQuestion: { name: string, text: string } | null, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { retryAt: string | null, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type UnlockMutationVariables = Exact<{
  input: UnlockInput;
}>;


export type UnlockMutation = { unlock: { challengeQuestion: { name: string, text: string } | null, userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };

export type UnlockRequestMutationVariables = Exact<{
  input: UnlockRequestInput;
}>;


export type UnlockRequestMutation = { unlockRequest: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }> } };


export const SignOutDocument = {"__meta__":{"documentId":"sha256:ecd7369839d3927510a2f91fc19be2aeb41279f4c7ec7e325fed9735813d134d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signOut"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignOutMutation, SignOutMutationVariables>;
export const BrandDocument = {"__meta__":{"documentId":"sha256:3cfbc319785dcbc93ff02184a0f89aee67a15dcaa35d2320feaab3d49afdc3bf"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Brand"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"brand"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portalName"}},{"kind":"Field","name":{"kind":"Name","value":"logo"}},{"kind":"Field","name":{"kind":"Name","value":"primaryColor"}},{"kind":"Field","name":{"kind":"Name","value":"accentColor"}}]}}]}}]} as unknown as DocumentNode<BrandQuery, BrandQueryVariables>;
export const SessionDocument = {"__meta__":{"documentId":"sha256:c757d56f5c8f55b6e61f8ba48f1d9981eb5fc9bcacf9791dc55884a3eddf6040"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"person"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roles"}},{"kind":"Field","name":{"kind":"Name","value":"accounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}}]}},{"kind":"Field","name":{"kind":"Name","value":"preferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"username"}}]}}]}}]}}]} as unknown as DocumentNode<SessionQuery, SessionQueryVariables>;
export const ChallengeQuestionSetDocument = {"__meta__":{"documentId":"sha256:e901c95ee86f6b0e642f05275eda36f9df61b2c15ba7ba4ad82191bd9e593e90"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChallengeQuestionSet"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChallengeQuestionSetInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestionSet"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ChallengeQuestionSetMutation, ChallengeQuestionSetMutationVariables>;
export const ChallengeQuestionRemoveDocument = {"__meta__":{"documentId":"sha256:25dddc13ebd1cbc6c007e9dcaf7aabf5df21df0e3cf582f5cfccf37f9bfc240d"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChallengeQuestionRemove"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChallengeQuestionRemoveInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestionRemove"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ChallengeQuestionRemoveMutation, ChallengeQuestionRemoveMutationVariables>;
export const TotpEnrollDocument = {"__meta__":{"documentId":"sha256:b4e696b718e98920fab8edaf1057294abf821c35a6e202315bd1185af8250255"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TotpEnroll"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TotpEnrollInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totpEnroll"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"secret"}},{"kind":"Field","name":{"kind":"Name","value":"uri"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TotpEnrollMutation, TotpEnrollMutationVariables>;
export const TotpConfirmDocument = {"__meta__":{"documentId":"sha256:371fa2d8375def7d0dcda6fc20d8a8185ea35efbe8bd5c4a263af3dd29eb985c"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TotpConfirm"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TotpConfirmInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totpConfirm"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TotpConfirmMutation, TotpConfirmMutationVariables>;
export const PasswordChangeDocument = {"__meta__":{"documentId":"sha256:472ca3019316538626cf2e740198f4a2ef817bbc55beb0d2d8e3cafa98e6c19f"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PasswordChange"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PasswordChangeInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"passwordChange"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PasswordChangeMutation, PasswordChangeMutationVariables>;
export const TotpRemoveDocument = {"__meta__":{"documentId":"sha256:3ca22e22a0d9e88bc65d4dd9d02ef64911b4a8a437adf24fe4db38fd9f513071"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"TotpRemove"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"TotpRemoveInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totpRemove"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<TotpRemoveMutation, TotpRemoveMutationVariables>;
export const RecoveryCodesReplaceDocument = {"__meta__":{"documentId":"sha256:39de19d37552e270b062ee27ade73d4bb62cc1730d52a738121fb2033bfe374a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RecoveryCodesReplace"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RecoveryCodesReplaceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recoveryCodesReplace"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"recoveryCodes"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RecoveryCodesReplaceMutation, RecoveryCodesReplaceMutationVariables>;
export const SessionRevokeDocument = {"__meta__":{"documentId":"sha256:81ca5bfd1c0c54997002ee47dc8caafb429c9214d20f71c9e5458677b929c441"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SessionRevoke"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SessionRevokeInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionRevoke"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SessionRevokeMutation, SessionRevokeMutationVariables>;
export const CredentialsDocument = {"__meta__":{"documentId":"sha256:7610ece1315808925e680ade9939e2b2b44ce5fdafddb30638d1d4ae0061927a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Credentials"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"credentials"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestion"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"hasSecondFactor"}},{"kind":"Field","name":{"kind":"Name","value":"recoveryCodesLeft"}},{"kind":"Field","name":{"kind":"Name","value":"sessions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"usedAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"isCurrent"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"preferences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"timeZone"}},{"kind":"Field","name":{"kind":"Name","value":"unwanted"}}]}}]}}]}}]} as unknown as DocumentNode<CredentialsQuery, CredentialsQueryVariables>;
export const PreferencesSetDocument = {"__meta__":{"documentId":"sha256:73ac6e2c8112612bb5a6291743f95f5933ad28c99f1866dc3edccd74c90111be"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PreferencesSet"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PreferencesSetInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preferencesSet"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PreferencesSetMutation, PreferencesSetMutationVariables>;
export const AccountActivateDocument = {"__meta__":{"documentId":"sha256:b25ca9df9b56aa21336618bfc8f7c0b475427f2a722569414626e9c8e9bbf76a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AccountActivate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AccountActivateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountActivate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<AccountActivateMutation, AccountActivateMutationVariables>;
export const PasswordResetRequestDocument = {"__meta__":{"documentId":"sha256:cf8acf8ca9f47aecf97ebaf0630fbcef95e8e0e2b477d53019c23326b790f356"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PasswordResetRequest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PasswordResetRequestInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"passwordResetRequest"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PasswordResetRequestMutation, PasswordResetRequestMutationVariables>;
export const AccessRequestSubmitDocument = {"__meta__":{"documentId":"sha256:f6c46ea7070e0455e09587533bf4f7143ae2a2c33ea0815455ecb5bbe41e5156"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AccessRequestSubmit"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AccessRequestSubmitInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessRequestSubmit"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"received"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<AccessRequestSubmitMutation, AccessRequestSubmitMutationVariables>;
export const PasswordResetDocument = {"__meta__":{"documentId":"sha256:ffe43d988cdc1c87bf6d968916e7d492596b07cc7a1609c172dcb57b472ea2d4"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PasswordReset"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PasswordResetInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"passwordReset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestion"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PasswordResetMutation, PasswordResetMutationVariables>;
export const SignInDocument = {"__meta__":{"documentId":"sha256:5ebf5ef8fdb10fc419de4b4119c5be8f2cf888e0324508f4a9bd34a5422f12e8"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
export const UnlockDocument = {"__meta__":{"documentId":"sha256:5860086eaa05c590e0235df5d36b124e2cc0fde57ed70865caffb08ff3fb0548"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Unlock"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UnlockInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unlock"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"challengeQuestion"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UnlockMutation, UnlockMutationVariables>;
export const UnlockRequestDocument = {"__meta__":{"documentId":"sha256:dc455fef600496795e7e9f0a492d3af7029e461bc2d2fba9e60f11b7e5bae5d4"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UnlockRequest"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UnlockRequestInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unlockRequest"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UnlockRequestMutation, UnlockRequestMutationVariables>;
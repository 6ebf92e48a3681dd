/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n": typeof types.SignOutDocument,
    "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n": typeof types.BrandDocument,
    "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n        }\n    }\n": typeof types.SessionDocument,
    "\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.ChallengeQuestionSetDocument,
    "\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.ChallengeQuestionRemoveDocument,
    "\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpEnrollDocument,
    "\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpConfirmDocument,
    "\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordChangeDocument,
    "\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpRemoveDocument,
    "\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.RecoveryCodesReplaceDocument,
    "\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.SessionRevokeDocument,
    "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n": typeof types.CredentialsDocument,
    "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.PreferencesSetDocument,
    "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.AccountActivateDocument,
    "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordResetRequestDocument,
    "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.AccessRequestSubmitDocument,
    "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordResetDocument,
    "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.SignInDocument,
    "\n    mutation Unlock($input: UnlockInput!) {\n        unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.UnlockDocument,
    "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.UnlockRequestDocument,
};
const documents: Documents = {
    "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n": types.SignOutDocument,
    "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n": types.BrandDocument,
    "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n        }\n    }\n": types.SessionDocument,
    "\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.ChallengeQuestionSetDocument,
    "\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.ChallengeQuestionRemoveDocument,
    "\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpEnrollDocument,
    "\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpConfirmDocument,
    "\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordChangeDocument,
    "\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpRemoveDocument,
    "\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.RecoveryCodesReplaceDocument,
    "\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.SessionRevokeDocument,
    "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n": types.CredentialsDocument,
    "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.PreferencesSetDocument,
    "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.AccountActivateDocument,
    "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordResetRequestDocument,
    "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.AccessRequestSubmitDocument,
    "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordResetDocument,
    "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.SignInDocument,
    "\n    mutation Unlock($input: UnlockInput!) {\n        unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.UnlockDocument,
    "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.UnlockRequestDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n"): (typeof documents)["\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n        }\n    }\n"): (typeof documents)["\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n"): (typeof documents)["\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation AccountActivate($input: AccountActivateInput!) {\n        accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PasswordReset($input: PasswordResetInput!) {\n        passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation Unlock($input: UnlockInput!) {\n        unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation Unlock($input: UnlockInput!) {\n        unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
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
    "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n": typeof types.BrandDocument,
    "\n    mutation PostMessage($input: CasePostMessageInput!) {\n        sent: casePostMessage(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n": typeof types.PostMessageDocument,
    "\n    mutation AddNote($input: CaseAddNoteInput!) {\n        sent: caseAddNote(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n": typeof types.AddNoteDocument,
    "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            lacksSecondFactor\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n            sessionKey\n        }\n    }\n": typeof types.SessionDocument,
    "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n": typeof types.SignOutDocument,
    "\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.ChallengeQuestionSetDocument,
    "\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.ChallengeQuestionRemoveDocument,
    "\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpEnrollDocument,
    "\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpConfirmDocument,
    "\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordChangeDocument,
    "\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.TotpRemoveDocument,
    "\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.RecoveryCodesReplaceDocument,
    "\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.SessionRevokeDocument,
    "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      lacksSecondFactor\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n": typeof types.CredentialsDocument,
    "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.PreferencesSetDocument,
    "\n    query CannedReplies {\n        desk {\n            cannedReplies {\n                replies {\n                    key\n                    title\n                    body\n                }\n            }\n        }\n    }\n": typeof types.CannedRepliesDocument,
    "\n  fragment Outcome on CasePayload {\n    caseId\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    missedActivity {\n      ...Entry\n    }\n    case {\n      ...Shown\n    }\n  }\n": typeof types.OutcomeFragmentDoc,
    "\n  mutation CancelCase($input: CaseCancelInput!) {\n    outcome: caseCancel(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.CancelCaseDocument,
    "\n  mutation AcceptResolution($input: CaseResolutionAcceptInput!) {\n    outcome: caseResolutionAccept(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.AcceptResolutionDocument,
    "\n  mutation RejectResolution($input: CaseResolutionRejectInput!) {\n    outcome: caseResolutionReject(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.RejectResolutionDocument,
    "\n  mutation RateCase($input: CaseRateInput!) {\n    outcome: caseRate(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.RateCaseDocument,
    "\n  mutation AddFiles($input: CaseAttachmentAddInput!) {\n    outcome: caseAttachmentAdd(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.AddFilesDocument,
    "\n  mutation RemoveFile($input: CaseAttachmentRemoveInput!) {\n    outcome: caseAttachmentRemove(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.RemoveFileDocument,
    "\n  mutation AddWatcher($input: CaseWatcherAddInput!) {\n    outcome: caseWatcherAdd(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.AddWatcherDocument,
    "\n  mutation RemoveWatcher($input: CaseWatcherRemoveInput!) {\n    outcome: caseWatcherRemove(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.RemoveWatcherDocument,
    "\n  mutation TakeUp($input: CaseTakeUpInput!) {\n    outcome: caseTakeUp(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.TakeUpDocument,
    "\n  mutation AssignCase($input: CaseAssignInput!) {\n    outcome: caseAssign(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.AssignCaseDocument,
    "\n  mutation ReleaseCase($input: CaseReleaseInput!) {\n    outcome: caseRelease(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.ReleaseCaseDocument,
    "\n  mutation ResolveCase($input: CaseResolveInput!) {\n    outcome: caseResolve(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.ResolveCaseDocument,
    "\n  mutation StartWait($input: CaseWaitStartInput!) {\n    outcome: caseWaitStart(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.StartWaitDocument,
    "\n  mutation EndWait($input: CaseWaitEndInput!) {\n    outcome: caseWaitEnd(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.EndWaitDocument,
    "\n  mutation ReclassifyCase($input: CaseReclassifyInput!) {\n    outcome: caseReclassify(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.ReclassifyCaseDocument,
    "\n  mutation ClearTriage($input: CaseTriageClearInput!) {\n    outcome: caseTriageClear(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.ClearTriageDocument,
    "\n  mutation SetPriority($input: CaseSetPriorityInput!) {\n    outcome: caseSetPriority(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SetPriorityDocument,
    "\n  mutation MoveToQueue($input: CaseMoveToQueueInput!) {\n    outcome: caseMoveToQueue(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.MoveToQueueDocument,
    "\n  mutation SetLocation($input: CaseSetLocationInput!) {\n    outcome: caseSetLocation(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SetLocationDocument,
    "\n  mutation SetProduct($input: CaseSetProductInput!) {\n    outcome: caseSetProduct(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SetProductDocument,
    "\n  mutation SetSubject($input: CaseSetSubjectInput!) {\n    outcome: caseSetSubject(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SetSubjectDocument,
    "\n  mutation SetContact($input: CaseSetContactInput!) {\n    outcome: caseSetContact(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SetContactDocument,
    "\n  mutation MergeCase($input: CaseMergeInput!) {\n    outcome: caseMerge(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.MergeCaseDocument,
    "\n  mutation UndoMerge($input: CaseMergeUndoInput!) {\n    outcome: caseMergeUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.UndoMergeDocument,
    "\n  mutation SplitCase($input: CaseSplitInput!) {\n    outcome: caseSplit(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.SplitCaseDocument,
    "\n  mutation UndoSplit($input: CaseSplitUndoInput!) {\n    outcome: caseSplitUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.UndoSplitDocument,
    "\n  mutation LinkCase($input: CaseLinkInput!) {\n    outcome: caseLink(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.LinkCaseDocument,
    "\n  mutation UnlinkCase($input: CaseUnlinkInput!) {\n    outcome: caseUnlink(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.UnlinkCaseDocument,
    "\n  mutation CloseCase($input: CaseCloseInput!) {\n    outcome: caseClose(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.CloseCaseDocument,
    "\n  mutation ReopenCase($input: CaseReopenInput!) {\n    outcome: caseReopen(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.ReopenCaseDocument,
    "\n  mutation UndoReopening($input: CaseReopenUndoInput!) {\n    outcome: caseReopenUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": typeof types.UndoReopeningDocument,
    "\n    query FindCase($filter: CaseFilterInput!) {\n        cases(filter: $filter, orderBy: { field: UPDATED, direction: DESC }, first: 6) {\n            nodes {\n                id\n                number\n                subject\n                status\n                account {\n                    id\n                    name\n                }\n                contact {\n                    id\n                    name\n                }\n            }\n        }\n    }\n": typeof types.FindCaseDocument,
    "\n  fragment Shown on Case {\n    ...CaseFacts\n    description\n    version\n    type\n    category\n    account {\n      reference\n    }\n    opener {\n      id\n      name\n    }\n    owner {\n      id\n      name\n    }\n    queue\n    queueName\n    priority\n    needsContact\n    legalHold\n    wait {\n      reason\n      until\n    }\n    resolution {\n      at\n      text\n      codeName\n      satisfactionScore\n      satisfactionComment\n    }\n    cancellation {\n      at\n      reason\n      comment\n    }\n    closing {\n      at\n      cause\n    }\n    allowedActions\n    links {\n      relation\n      case {\n        id\n        number\n        subject\n        status\n      }\n    }\n    attachments {\n      id\n      name\n      addedAt\n      mediaType\n      sizeBytes\n      state\n      internal\n      fromDesk\n      messageId\n      url\n      uploader {\n        id\n        name\n      }\n    }\n    watchers {\n      addedAt\n      confirmed\n      email\n      person {\n        id\n        name\n      }\n    }\n  }\n": typeof types.ShownFragmentDoc,
    "\n  fragment Stretch on ActivityConnection {\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n    edges {\n      cursor\n      node {\n        ...Entry\n      }\n    }\n  }\n": typeof types.StretchFragmentDoc,
    "\n  query CasePage($number: String!, $followMerges: Boolean!) {\n    case(number: $number, followMerges: $followMerges) {\n      ...Shown\n      activity(last: 30, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n": typeof types.CasePageDocument,
    "\n  query EarlierActivity($number: String!, $before: String!) {\n    case(number: $number, followMerges: false) {\n      id\n      activity(last: 50, before: $before, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n": typeof types.EarlierActivityDocument,
    "\n  subscription CaseActivity($caseId: ID!, $after: String) {\n    caseActivity(caseId: $caseId, after: $after) {\n      cursor\n      entry {\n        ...Entry\n      }\n      case {\n        id\n        version\n        status\n      }\n    }\n  }\n": typeof types.CaseActivityDocument,
    "\n    query FirstAccounts {\n        accounts(first: 20) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n": typeof types.FirstAccountsDocument,
    "\n    query PickAccount($text: String!) {\n        accountPicker(text: $text, first: 20) {\n            account {\n                id\n                name\n                reference\n            }\n            location {\n                id\n                name\n                address\n                reference\n            }\n        }\n    }\n": typeof types.PickAccountDocument,
    "\n    query FollowedCase($number: String!) {\n        case(number: $number) {\n            id\n            number\n            subject\n            status\n            type\n            category\n            account {\n                id\n            }\n            location {\n                id\n            }\n            locationNotListed\n            product {\n                id\n            }\n            productNotListed\n            contact {\n                id\n            }\n        }\n    }\n": typeof types.FollowedCaseDocument,
    "\n  query AccountForCase($id: ID!) {\n    account(id: $id) {\n      id\n      name\n      reference\n      locations(first: 100) {\n        nodes {\n          id\n          name\n          address\n          reference\n        }\n      }\n      contacts(first: 100) {\n        nodes {\n          person {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": typeof types.AccountForCaseDocument,
    "\n  query ProductsForCase($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Location {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n      ... on Account {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n    }\n  }\n": typeof types.ProductsForCaseDocument,
    "\n  mutation OpenCase($input: CaseOpenInput!) {\n    caseOpen(input: $input) {\n      case {\n        id\n        number\n      }\n      caseId\n      pending\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.OpenCaseDocument,
    "\n  query CaseNumber($id: ID!) {\n    case(id: $id) {\n      id\n      number\n    }\n  }\n": typeof types.CaseNumberDocument,
    "\n  query DeskList(\n    $filter: CaseFilterInput!\n    $orderBy: CaseOrderInput!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $mine: CaseFilterInput!\n    $unassigned: CaseFilterInput!\n    $waiting: CaseFilterInput!\n    $triage: CaseFilterInput!\n    $all: CaseFilterInput!\n    $uncontacted: CaseFilterInput!\n    $desk: Boolean!\n  ) {\n    cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      ...ListedPage\n    }\n    mine: cases(filter: $mine) {\n      totalCount\n    }\n    unassigned: cases(filter: $unassigned) {\n      totalCount\n      countsByQueue {\n        queue {\n          key\n          name\n        }\n        count\n      }\n    }\n    waiting: cases(filter: $waiting) {\n      totalCount\n    }\n    triage: cases(filter: $triage) {\n      totalCount\n    }\n    all: cases(filter: $all) {\n      totalCount\n    }\n    uncontacted: cases(filter: $uncontacted) {\n      totalCount\n    }\n  }\n": typeof types.DeskListDocument,
    "\n  subscription DeskChanges {\n    deskChanges {\n      cursor\n    }\n  }\n": typeof types.DeskChangesDocument,
    "\n    query Overview {\n        overview {\n            openCases {\n                id\n                number\n                subject\n                status\n                typeName\n                updatedAt\n                wait {\n                    reason\n                }\n            }\n            updates {\n                case {\n                    id\n                    number\n                    subject\n                }\n                entry {\n                    kind\n                    occurredAt\n                    writtenAt\n                    actor {\n                        name\n                    }\n                    actorRole\n                    about {\n                        name\n                    }\n                    text\n                    values {\n                        name\n                        value\n                    }\n                }\n                excerpt\n            }\n            countsByStatus {\n                status\n                count\n            }\n        }\n    }\n": typeof types.OverviewDocument,
    "\n  query RequestList(\n    $filter: AccessRequestFilterInput!\n    $orderBy: AccessRequestOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessRequests(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo {\n        ...Edges\n      }\n      nodes {\n        id\n        submittedAt\n        type\n        accountName\n        decided\n        redacted\n        people {\n          number\n          name\n          email\n          decision {\n            outcome\n          }\n        }\n      }\n    }\n  }\n": typeof types.RequestListDocument,
    "\n  fragment Request on AccessRequest {\n    id\n    version\n    submittedAt\n    type\n    accountName\n    serviceAddress\n    description\n    decided\n    redacted\n    people {\n      number\n      name\n      email\n      phone\n      knownAs {\n        id\n        name\n      }\n      decision {\n        outcome\n        decidedAt\n        carriedOut\n        words\n        role\n        decidedBy {\n          id\n          name\n        }\n        account {\n          id\n          name\n        }\n        locations {\n          id\n          name\n          address\n        }\n        person {\n          id\n          name\n        }\n        case {\n          id\n          number\n        }\n      }\n    }\n  }\n": typeof types.RequestFragmentDoc,
    "\n  fragment RequestOutcome on AccessRequestPayload {\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    accessRequest {\n      ...Request\n    }\n  }\n": typeof types.RequestOutcomeFragmentDoc,
    "\n  query RequestPage($id: ID!) {\n    accessRequest(id: $id) {\n      ...Request\n    }\n  }\n": typeof types.RequestPageDocument,
    "\n  mutation DecideRequest($input: AccessRequestDecideInput!) {\n    outcome: accessRequestDecide(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": typeof types.DecideRequestDocument,
    "\n  mutation AddPersonToRequest($input: AccessRequestAddPersonInput!) {\n    outcome: accessRequestAddPerson(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": typeof types.AddPersonToRequestDocument,
    "\n  mutation RedactRequest($input: AccessRequestRedactInput!) {\n    outcome: accessRequestRedact(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": typeof types.RedactRequestDocument,
    "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        outcome: accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.AccountActivateDocument,
    "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        outcome: passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordResetRequestDocument,
    "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.AccessRequestSubmitDocument,
    "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        outcome: passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.PasswordResetDocument,
    "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.SignInDocument,
    "\n    mutation Unlock($input: UnlockInput!) {\n        outcome: unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.UnlockDocument,
    "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        outcome: unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": typeof types.UnlockRequestDocument,
    "\n    query FilterPlaces($ids: [ID!]!) {\n        nodes(ids: $ids) {\n            id\n            ... on Account {\n                name\n                locations(first: 100) {\n                    nodes {\n                        id\n                        name\n                        address\n                    }\n                }\n            }\n        }\n    }\n": typeof types.FilterPlacesDocument,
    "\n    query FilterAccounts {\n        accounts(first: 100) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n": typeof types.FilterAccountsDocument,
    "\n    query CaseList(\n        $filter: CaseFilterInput!\n        $anyStatus: CaseFilterInput!\n        $orderBy: CaseOrderInput!\n        $first: Int\n        $after: String\n        $last: Int\n        $before: String\n        $desk: Boolean!\n    ) {\n        cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n            ...ListedPage\n        }\n        all: cases(filter: $anyStatus) {\n            totalCount\n        }\n    }\n": typeof types.CaseListDocument,
    "\n  query Catalogue {\n    catalogue {\n      types {\n        key\n        name\n        covers\n        isRetired\n        locationRequired\n        productRequired\n        categories {\n          key\n          name\n          isRetired\n        }\n      }\n      queues {\n        key\n        name\n        isRetired\n      }\n      resolutionCodes {\n        key\n        name\n        isRetired\n      }\n    }\n    caseRules {\n      filesPerCase\n      fileSizeLimitBytes\n    }\n  }\n": typeof types.CatalogueDocument,
    "\n  query DeskPeople {\n    desk {\n      people {\n        id\n        name\n      }\n    }\n  }\n": typeof types.DeskPeopleDocument,
    "\n  fragment Entry on ActivityEntry {\n    kind\n    occurredAt\n    recordedAt\n    writtenAt\n    actor {\n      id\n      name\n    }\n    actorRole\n    onBehalfOf {\n      id\n      name\n    }\n    about {\n      id\n      name\n    }\n    via\n    inferred\n    internal\n    messageId\n    text\n    redacted\n    moved\n    status\n    values {\n      name\n      value\n    }\n  }\n": typeof types.EntryFragmentDoc,
    "\n  fragment CaseFacts on Case {\n    id\n    number\n    subject\n    status\n    typeName\n    categoryName\n    account {\n      id\n      name\n    }\n    location {\n      id\n      name\n      address\n    }\n    locationNotListed\n    product {\n      id\n      name\n    }\n    productNotListed\n    contact {\n      id\n      name\n    }\n    openedAt\n    updatedAt\n  }\n": typeof types.CaseFactsFragmentDoc,
    "\n  fragment Listed on Case {\n    ...CaseFacts\n    wait {\n      reason\n    }\n    owner @include(if: $desk) {\n      id\n      name\n    }\n    queueName @include(if: $desk)\n    priority @include(if: $desk)\n  }\n": typeof types.ListedFragmentDoc,
    "\n  fragment ListedPage on CaseConnection {\n    totalCount\n    pageInfo {\n      ...Edges\n    }\n    nodes {\n      ...Listed\n    }\n  }\n": typeof types.ListedPageFragmentDoc,
    "\n  fragment Edges on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n": typeof types.EdgesFragmentDoc,
    "\n  mutation StageUpload($input: UploadStageInput!) {\n    uploadStage(input: $input) {\n      upload {\n        attachmentId\n        url\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.StageUploadDocument,
};
const documents: Documents = {
    "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n": types.BrandDocument,
    "\n    mutation PostMessage($input: CasePostMessageInput!) {\n        sent: casePostMessage(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n": types.PostMessageDocument,
    "\n    mutation AddNote($input: CaseAddNoteInput!) {\n        sent: caseAddNote(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n": types.AddNoteDocument,
    "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            lacksSecondFactor\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n            sessionKey\n        }\n    }\n": types.SessionDocument,
    "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n": types.SignOutDocument,
    "\n    mutation ChallengeQuestionSet($input: ChallengeQuestionSetInput!) {\n        challengeQuestionSet(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.ChallengeQuestionSetDocument,
    "\n    mutation ChallengeQuestionRemove($input: ChallengeQuestionRemoveInput!) {\n        challengeQuestionRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.ChallengeQuestionRemoveDocument,
    "\n    mutation TotpEnroll($input: TotpEnrollInput!) {\n        totpEnroll(input: $input) {\n            secret\n            uri\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpEnrollDocument,
    "\n    mutation TotpConfirm($input: TotpConfirmInput!) {\n        totpConfirm(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpConfirmDocument,
    "\n    mutation PasswordChange($input: PasswordChangeInput!) {\n        passwordChange(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordChangeDocument,
    "\n    mutation TotpRemove($input: TotpRemoveInput!) {\n        totpRemove(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.TotpRemoveDocument,
    "\n    mutation RecoveryCodesReplace($input: RecoveryCodesReplaceInput!) {\n        recoveryCodesReplace(input: $input) {\n            recoveryCodes\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.RecoveryCodesReplaceDocument,
    "\n    mutation SessionRevoke($input: SessionRevokeInput!) {\n        sessionRevoke(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.SessionRevokeDocument,
    "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      lacksSecondFactor\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n": types.CredentialsDocument,
    "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.PreferencesSetDocument,
    "\n    query CannedReplies {\n        desk {\n            cannedReplies {\n                replies {\n                    key\n                    title\n                    body\n                }\n            }\n        }\n    }\n": types.CannedRepliesDocument,
    "\n  fragment Outcome on CasePayload {\n    caseId\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    missedActivity {\n      ...Entry\n    }\n    case {\n      ...Shown\n    }\n  }\n": types.OutcomeFragmentDoc,
    "\n  mutation CancelCase($input: CaseCancelInput!) {\n    outcome: caseCancel(input: $input) {\n      ...Outcome\n    }\n  }\n": types.CancelCaseDocument,
    "\n  mutation AcceptResolution($input: CaseResolutionAcceptInput!) {\n    outcome: caseResolutionAccept(input: $input) {\n      ...Outcome\n    }\n  }\n": types.AcceptResolutionDocument,
    "\n  mutation RejectResolution($input: CaseResolutionRejectInput!) {\n    outcome: caseResolutionReject(input: $input) {\n      ...Outcome\n    }\n  }\n": types.RejectResolutionDocument,
    "\n  mutation RateCase($input: CaseRateInput!) {\n    outcome: caseRate(input: $input) {\n      ...Outcome\n    }\n  }\n": types.RateCaseDocument,
    "\n  mutation AddFiles($input: CaseAttachmentAddInput!) {\n    outcome: caseAttachmentAdd(input: $input) {\n      ...Outcome\n    }\n  }\n": types.AddFilesDocument,
    "\n  mutation RemoveFile($input: CaseAttachmentRemoveInput!) {\n    outcome: caseAttachmentRemove(input: $input) {\n      ...Outcome\n    }\n  }\n": types.RemoveFileDocument,
    "\n  mutation AddWatcher($input: CaseWatcherAddInput!) {\n    outcome: caseWatcherAdd(input: $input) {\n      ...Outcome\n    }\n  }\n": types.AddWatcherDocument,
    "\n  mutation RemoveWatcher($input: CaseWatcherRemoveInput!) {\n    outcome: caseWatcherRemove(input: $input) {\n      ...Outcome\n    }\n  }\n": types.RemoveWatcherDocument,
    "\n  mutation TakeUp($input: CaseTakeUpInput!) {\n    outcome: caseTakeUp(input: $input) {\n      ...Outcome\n    }\n  }\n": types.TakeUpDocument,
    "\n  mutation AssignCase($input: CaseAssignInput!) {\n    outcome: caseAssign(input: $input) {\n      ...Outcome\n    }\n  }\n": types.AssignCaseDocument,
    "\n  mutation ReleaseCase($input: CaseReleaseInput!) {\n    outcome: caseRelease(input: $input) {\n      ...Outcome\n    }\n  }\n": types.ReleaseCaseDocument,
    "\n  mutation ResolveCase($input: CaseResolveInput!) {\n    outcome: caseResolve(input: $input) {\n      ...Outcome\n    }\n  }\n": types.ResolveCaseDocument,
    "\n  mutation StartWait($input: CaseWaitStartInput!) {\n    outcome: caseWaitStart(input: $input) {\n      ...Outcome\n    }\n  }\n": types.StartWaitDocument,
    "\n  mutation EndWait($input: CaseWaitEndInput!) {\n    outcome: caseWaitEnd(input: $input) {\n      ...Outcome\n    }\n  }\n": types.EndWaitDocument,
    "\n  mutation ReclassifyCase($input: CaseReclassifyInput!) {\n    outcome: caseReclassify(input: $input) {\n      ...Outcome\n    }\n  }\n": types.ReclassifyCaseDocument,
    "\n  mutation ClearTriage($input: CaseTriageClearInput!) {\n    outcome: caseTriageClear(input: $input) {\n      ...Outcome\n    }\n  }\n": types.ClearTriageDocument,
    "\n  mutation SetPriority($input: CaseSetPriorityInput!) {\n    outcome: caseSetPriority(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SetPriorityDocument,
    "\n  mutation MoveToQueue($input: CaseMoveToQueueInput!) {\n    outcome: caseMoveToQueue(input: $input) {\n      ...Outcome\n    }\n  }\n": types.MoveToQueueDocument,
    "\n  mutation SetLocation($input: CaseSetLocationInput!) {\n    outcome: caseSetLocation(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SetLocationDocument,
    "\n  mutation SetProduct($input: CaseSetProductInput!) {\n    outcome: caseSetProduct(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SetProductDocument,
    "\n  mutation SetSubject($input: CaseSetSubjectInput!) {\n    outcome: caseSetSubject(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SetSubjectDocument,
    "\n  mutation SetContact($input: CaseSetContactInput!) {\n    outcome: caseSetContact(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SetContactDocument,
    "\n  mutation MergeCase($input: CaseMergeInput!) {\n    outcome: caseMerge(input: $input) {\n      ...Outcome\n    }\n  }\n": types.MergeCaseDocument,
    "\n  mutation UndoMerge($input: CaseMergeUndoInput!) {\n    outcome: caseMergeUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": types.UndoMergeDocument,
    "\n  mutation SplitCase($input: CaseSplitInput!) {\n    outcome: caseSplit(input: $input) {\n      ...Outcome\n    }\n  }\n": types.SplitCaseDocument,
    "\n  mutation UndoSplit($input: CaseSplitUndoInput!) {\n    outcome: caseSplitUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": types.UndoSplitDocument,
    "\n  mutation LinkCase($input: CaseLinkInput!) {\n    outcome: caseLink(input: $input) {\n      ...Outcome\n    }\n  }\n": types.LinkCaseDocument,
    "\n  mutation UnlinkCase($input: CaseUnlinkInput!) {\n    outcome: caseUnlink(input: $input) {\n      ...Outcome\n    }\n  }\n": types.UnlinkCaseDocument,
    "\n  mutation CloseCase($input: CaseCloseInput!) {\n    outcome: caseClose(input: $input) {\n      ...Outcome\n    }\n  }\n": types.CloseCaseDocument,
    "\n  mutation ReopenCase($input: CaseReopenInput!) {\n    outcome: caseReopen(input: $input) {\n      ...Outcome\n    }\n  }\n": types.ReopenCaseDocument,
    "\n  mutation UndoReopening($input: CaseReopenUndoInput!) {\n    outcome: caseReopenUndo(input: $input) {\n      ...Outcome\n    }\n  }\n": types.UndoReopeningDocument,
    "\n    query FindCase($filter: CaseFilterInput!) {\n        cases(filter: $filter, orderBy: { field: UPDATED, direction: DESC }, first: 6) {\n            nodes {\n                id\n                number\n                subject\n                status\n                account {\n                    id\n                    name\n                }\n                contact {\n                    id\n                    name\n                }\n            }\n        }\n    }\n": types.FindCaseDocument,
    "\n  fragment Shown on Case {\n    ...CaseFacts\n    description\n    version\n    type\n    category\n    account {\n      reference\n    }\n    opener {\n      id\n      name\n    }\n    owner {\n      id\n      name\n    }\n    queue\n    queueName\n    priority\n    needsContact\n    legalHold\n    wait {\n      reason\n      until\n    }\n    resolution {\n      at\n      text\n      codeName\n      satisfactionScore\n      satisfactionComment\n    }\n    cancellation {\n      at\n      reason\n      comment\n    }\n    closing {\n      at\n      cause\n    }\n    allowedActions\n    links {\n      relation\n      case {\n        id\n        number\n        subject\n        status\n      }\n    }\n    attachments {\n      id\n      name\n      addedAt\n      mediaType\n      sizeBytes\n      state\n      internal\n      fromDesk\n      messageId\n      url\n      uploader {\n        id\n        name\n      }\n    }\n    watchers {\n      addedAt\n      confirmed\n      email\n      person {\n        id\n        name\n      }\n    }\n  }\n": types.ShownFragmentDoc,
    "\n  fragment Stretch on ActivityConnection {\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n    edges {\n      cursor\n      node {\n        ...Entry\n      }\n    }\n  }\n": types.StretchFragmentDoc,
    "\n  query CasePage($number: String!, $followMerges: Boolean!) {\n    case(number: $number, followMerges: $followMerges) {\n      ...Shown\n      activity(last: 30, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n": types.CasePageDocument,
    "\n  query EarlierActivity($number: String!, $before: String!) {\n    case(number: $number, followMerges: false) {\n      id\n      activity(last: 50, before: $before, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n": types.EarlierActivityDocument,
    "\n  subscription CaseActivity($caseId: ID!, $after: String) {\n    caseActivity(caseId: $caseId, after: $after) {\n      cursor\n      entry {\n        ...Entry\n      }\n      case {\n        id\n        version\n        status\n      }\n    }\n  }\n": types.CaseActivityDocument,
    "\n    query FirstAccounts {\n        accounts(first: 20) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n": types.FirstAccountsDocument,
    "\n    query PickAccount($text: String!) {\n        accountPicker(text: $text, first: 20) {\n            account {\n                id\n                name\n                reference\n            }\n            location {\n                id\n                name\n                address\n                reference\n            }\n        }\n    }\n": types.PickAccountDocument,
    "\n    query FollowedCase($number: String!) {\n        case(number: $number) {\n            id\n            number\n            subject\n            status\n            type\n            category\n            account {\n                id\n            }\n            location {\n                id\n            }\n            locationNotListed\n            product {\n                id\n            }\n            productNotListed\n            contact {\n                id\n            }\n        }\n    }\n": types.FollowedCaseDocument,
    "\n  query AccountForCase($id: ID!) {\n    account(id: $id) {\n      id\n      name\n      reference\n      locations(first: 100) {\n        nodes {\n          id\n          name\n          address\n          reference\n        }\n      }\n      contacts(first: 100) {\n        nodes {\n          person {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n": types.AccountForCaseDocument,
    "\n  query ProductsForCase($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Location {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n      ... on Account {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n    }\n  }\n": types.ProductsForCaseDocument,
    "\n  mutation OpenCase($input: CaseOpenInput!) {\n    caseOpen(input: $input) {\n      case {\n        id\n        number\n      }\n      caseId\n      pending\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.OpenCaseDocument,
    "\n  query CaseNumber($id: ID!) {\n    case(id: $id) {\n      id\n      number\n    }\n  }\n": types.CaseNumberDocument,
    "\n  query DeskList(\n    $filter: CaseFilterInput!\n    $orderBy: CaseOrderInput!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $mine: CaseFilterInput!\n    $unassigned: CaseFilterInput!\n    $waiting: CaseFilterInput!\n    $triage: CaseFilterInput!\n    $all: CaseFilterInput!\n    $uncontacted: CaseFilterInput!\n    $desk: Boolean!\n  ) {\n    cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      ...ListedPage\n    }\n    mine: cases(filter: $mine) {\n      totalCount\n    }\n    unassigned: cases(filter: $unassigned) {\n      totalCount\n      countsByQueue {\n        queue {\n          key\n          name\n        }\n        count\n      }\n    }\n    waiting: cases(filter: $waiting) {\n      totalCount\n    }\n    triage: cases(filter: $triage) {\n      totalCount\n    }\n    all: cases(filter: $all) {\n      totalCount\n    }\n    uncontacted: cases(filter: $uncontacted) {\n      totalCount\n    }\n  }\n": types.DeskListDocument,
    "\n  subscription DeskChanges {\n    deskChanges {\n      cursor\n    }\n  }\n": types.DeskChangesDocument,
    "\n    query Overview {\n        overview {\n            openCases {\n                id\n                number\n                subject\n                status\n                typeName\n                updatedAt\n                wait {\n                    reason\n                }\n            }\n            updates {\n                case {\n                    id\n                    number\n                    subject\n                }\n                entry {\n                    kind\n                    occurredAt\n                    writtenAt\n                    actor {\n                        name\n                    }\n                    actorRole\n                    about {\n                        name\n                    }\n                    text\n                    values {\n                        name\n                        value\n                    }\n                }\n                excerpt\n            }\n            countsByStatus {\n                status\n                count\n            }\n        }\n    }\n": types.OverviewDocument,
    "\n  query RequestList(\n    $filter: AccessRequestFilterInput!\n    $orderBy: AccessRequestOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessRequests(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo {\n        ...Edges\n      }\n      nodes {\n        id\n        submittedAt\n        type\n        accountName\n        decided\n        redacted\n        people {\n          number\n          name\n          email\n          decision {\n            outcome\n          }\n        }\n      }\n    }\n  }\n": types.RequestListDocument,
    "\n  fragment Request on AccessRequest {\n    id\n    version\n    submittedAt\n    type\n    accountName\n    serviceAddress\n    description\n    decided\n    redacted\n    people {\n      number\n      name\n      email\n      phone\n      knownAs {\n        id\n        name\n      }\n      decision {\n        outcome\n        decidedAt\n        carriedOut\n        words\n        role\n        decidedBy {\n          id\n          name\n        }\n        account {\n          id\n          name\n        }\n        locations {\n          id\n          name\n          address\n        }\n        person {\n          id\n          name\n        }\n        case {\n          id\n          number\n        }\n      }\n    }\n  }\n": types.RequestFragmentDoc,
    "\n  fragment RequestOutcome on AccessRequestPayload {\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    accessRequest {\n      ...Request\n    }\n  }\n": types.RequestOutcomeFragmentDoc,
    "\n  query RequestPage($id: ID!) {\n    accessRequest(id: $id) {\n      ...Request\n    }\n  }\n": types.RequestPageDocument,
    "\n  mutation DecideRequest($input: AccessRequestDecideInput!) {\n    outcome: accessRequestDecide(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": types.DecideRequestDocument,
    "\n  mutation AddPersonToRequest($input: AccessRequestAddPersonInput!) {\n    outcome: accessRequestAddPerson(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": types.AddPersonToRequestDocument,
    "\n  mutation RedactRequest($input: AccessRequestRedactInput!) {\n    outcome: accessRequestRedact(input: $input) {\n      ...RequestOutcome\n    }\n  }\n": types.RedactRequestDocument,
    "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        outcome: accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.AccountActivateDocument,
    "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        outcome: passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordResetRequestDocument,
    "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.AccessRequestSubmitDocument,
    "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        outcome: passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.PasswordResetDocument,
    "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.SignInDocument,
    "\n    mutation Unlock($input: UnlockInput!) {\n        outcome: unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.UnlockDocument,
    "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        outcome: unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n": types.UnlockRequestDocument,
    "\n    query FilterPlaces($ids: [ID!]!) {\n        nodes(ids: $ids) {\n            id\n            ... on Account {\n                name\n                locations(first: 100) {\n                    nodes {\n                        id\n                        name\n                        address\n                    }\n                }\n            }\n        }\n    }\n": types.FilterPlacesDocument,
    "\n    query FilterAccounts {\n        accounts(first: 100) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n": types.FilterAccountsDocument,
    "\n    query CaseList(\n        $filter: CaseFilterInput!\n        $anyStatus: CaseFilterInput!\n        $orderBy: CaseOrderInput!\n        $first: Int\n        $after: String\n        $last: Int\n        $before: String\n        $desk: Boolean!\n    ) {\n        cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n            ...ListedPage\n        }\n        all: cases(filter: $anyStatus) {\n            totalCount\n        }\n    }\n": types.CaseListDocument,
    "\n  query Catalogue {\n    catalogue {\n      types {\n        key\n        name\n        covers\n        isRetired\n        locationRequired\n        productRequired\n        categories {\n          key\n          name\n          isRetired\n        }\n      }\n      queues {\n        key\n        name\n        isRetired\n      }\n      resolutionCodes {\n        key\n        name\n        isRetired\n      }\n    }\n    caseRules {\n      filesPerCase\n      fileSizeLimitBytes\n    }\n  }\n": types.CatalogueDocument,
    "\n  query DeskPeople {\n    desk {\n      people {\n        id\n        name\n      }\n    }\n  }\n": types.DeskPeopleDocument,
    "\n  fragment Entry on ActivityEntry {\n    kind\n    occurredAt\n    recordedAt\n    writtenAt\n    actor {\n      id\n      name\n    }\n    actorRole\n    onBehalfOf {\n      id\n      name\n    }\n    about {\n      id\n      name\n    }\n    via\n    inferred\n    internal\n    messageId\n    text\n    redacted\n    moved\n    status\n    values {\n      name\n      value\n    }\n  }\n": types.EntryFragmentDoc,
    "\n  fragment CaseFacts on Case {\n    id\n    number\n    subject\n    status\n    typeName\n    categoryName\n    account {\n      id\n      name\n    }\n    location {\n      id\n      name\n      address\n    }\n    locationNotListed\n    product {\n      id\n      name\n    }\n    productNotListed\n    contact {\n      id\n      name\n    }\n    openedAt\n    updatedAt\n  }\n": types.CaseFactsFragmentDoc,
    "\n  fragment Listed on Case {\n    ...CaseFacts\n    wait {\n      reason\n    }\n    owner @include(if: $desk) {\n      id\n      name\n    }\n    queueName @include(if: $desk)\n    priority @include(if: $desk)\n  }\n": types.ListedFragmentDoc,
    "\n  fragment ListedPage on CaseConnection {\n    totalCount\n    pageInfo {\n      ...Edges\n    }\n    nodes {\n      ...Listed\n    }\n  }\n": types.ListedPageFragmentDoc,
    "\n  fragment Edges on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n": types.EdgesFragmentDoc,
    "\n  mutation StageUpload($input: UploadStageInput!) {\n    uploadStage(input: $input) {\n      upload {\n        attachmentId\n        url\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.StageUploadDocument,
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
export function graphql(source: "\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n"): (typeof documents)["\n  query Brand {\n    brand {\n      portalName\n      logo\n      primaryColor\n      accentColor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PostMessage($input: CasePostMessageInput!) {\n        sent: casePostMessage(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PostMessage($input: CasePostMessageInput!) {\n        sent: casePostMessage(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation AddNote($input: CaseAddNoteInput!) {\n        sent: caseAddNote(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation AddNote($input: CaseAddNoteInput!) {\n        sent: caseAddNote(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n            case {\n                id\n                version\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            lacksSecondFactor\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n            sessionKey\n        }\n    }\n"): (typeof documents)["\n    query Session {\n        viewer {\n            person {\n                id\n                name\n            }\n            roles\n            lacksSecondFactor\n            accounts {\n                id\n                name\n                reference\n            }\n            preferences {\n                language\n                timeZone\n            }\n            user {\n                email\n                username\n            }\n            sessionKey\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation SignOut {\n        signOut {\n            userErrors {\n                code\n                message\n            }\n        }\n    }\n"];
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
export function graphql(source: "\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      lacksSecondFactor\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n"): (typeof documents)["\n  query Credentials {\n    challengeQuestions {\n      name\n      text\n    }\n    viewer {\n      lacksSecondFactor\n      credentials {\n        challengeQuestion {\n          name\n          text\n        }\n        hasSecondFactor\n        recoveryCodesLeft\n        sessions {\n          id\n          createdAt\n          usedAt\n          expiresAt\n          isCurrent\n        }\n      }\n      preferences {\n        language\n        timeZone\n        unwanted\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation PreferencesSet($input: PreferencesSetInput!) {\n    preferencesSet(input: $input) {\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query CannedReplies {\n        desk {\n            cannedReplies {\n                replies {\n                    key\n                    title\n                    body\n                }\n            }\n        }\n    }\n"): (typeof documents)["\n    query CannedReplies {\n        desk {\n            cannedReplies {\n                replies {\n                    key\n                    title\n                    body\n                }\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Outcome on CasePayload {\n    caseId\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    missedActivity {\n      ...Entry\n    }\n    case {\n      ...Shown\n    }\n  }\n"): (typeof documents)["\n  fragment Outcome on CasePayload {\n    caseId\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    missedActivity {\n      ...Entry\n    }\n    case {\n      ...Shown\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelCase($input: CaseCancelInput!) {\n    outcome: caseCancel(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation CancelCase($input: CaseCancelInput!) {\n    outcome: caseCancel(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptResolution($input: CaseResolutionAcceptInput!) {\n    outcome: caseResolutionAccept(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptResolution($input: CaseResolutionAcceptInput!) {\n    outcome: caseResolutionAccept(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RejectResolution($input: CaseResolutionRejectInput!) {\n    outcome: caseResolutionReject(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation RejectResolution($input: CaseResolutionRejectInput!) {\n    outcome: caseResolutionReject(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RateCase($input: CaseRateInput!) {\n    outcome: caseRate(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation RateCase($input: CaseRateInput!) {\n    outcome: caseRate(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddFiles($input: CaseAttachmentAddInput!) {\n    outcome: caseAttachmentAdd(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation AddFiles($input: CaseAttachmentAddInput!) {\n    outcome: caseAttachmentAdd(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveFile($input: CaseAttachmentRemoveInput!) {\n    outcome: caseAttachmentRemove(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveFile($input: CaseAttachmentRemoveInput!) {\n    outcome: caseAttachmentRemove(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddWatcher($input: CaseWatcherAddInput!) {\n    outcome: caseWatcherAdd(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation AddWatcher($input: CaseWatcherAddInput!) {\n    outcome: caseWatcherAdd(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveWatcher($input: CaseWatcherRemoveInput!) {\n    outcome: caseWatcherRemove(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveWatcher($input: CaseWatcherRemoveInput!) {\n    outcome: caseWatcherRemove(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TakeUp($input: CaseTakeUpInput!) {\n    outcome: caseTakeUp(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation TakeUp($input: CaseTakeUpInput!) {\n    outcome: caseTakeUp(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AssignCase($input: CaseAssignInput!) {\n    outcome: caseAssign(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation AssignCase($input: CaseAssignInput!) {\n    outcome: caseAssign(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReleaseCase($input: CaseReleaseInput!) {\n    outcome: caseRelease(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation ReleaseCase($input: CaseReleaseInput!) {\n    outcome: caseRelease(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ResolveCase($input: CaseResolveInput!) {\n    outcome: caseResolve(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation ResolveCase($input: CaseResolveInput!) {\n    outcome: caseResolve(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StartWait($input: CaseWaitStartInput!) {\n    outcome: caseWaitStart(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation StartWait($input: CaseWaitStartInput!) {\n    outcome: caseWaitStart(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation EndWait($input: CaseWaitEndInput!) {\n    outcome: caseWaitEnd(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation EndWait($input: CaseWaitEndInput!) {\n    outcome: caseWaitEnd(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReclassifyCase($input: CaseReclassifyInput!) {\n    outcome: caseReclassify(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation ReclassifyCase($input: CaseReclassifyInput!) {\n    outcome: caseReclassify(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClearTriage($input: CaseTriageClearInput!) {\n    outcome: caseTriageClear(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation ClearTriage($input: CaseTriageClearInput!) {\n    outcome: caseTriageClear(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetPriority($input: CaseSetPriorityInput!) {\n    outcome: caseSetPriority(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SetPriority($input: CaseSetPriorityInput!) {\n    outcome: caseSetPriority(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MoveToQueue($input: CaseMoveToQueueInput!) {\n    outcome: caseMoveToQueue(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation MoveToQueue($input: CaseMoveToQueueInput!) {\n    outcome: caseMoveToQueue(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetLocation($input: CaseSetLocationInput!) {\n    outcome: caseSetLocation(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SetLocation($input: CaseSetLocationInput!) {\n    outcome: caseSetLocation(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetProduct($input: CaseSetProductInput!) {\n    outcome: caseSetProduct(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SetProduct($input: CaseSetProductInput!) {\n    outcome: caseSetProduct(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetSubject($input: CaseSetSubjectInput!) {\n    outcome: caseSetSubject(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SetSubject($input: CaseSetSubjectInput!) {\n    outcome: caseSetSubject(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetContact($input: CaseSetContactInput!) {\n    outcome: caseSetContact(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SetContact($input: CaseSetContactInput!) {\n    outcome: caseSetContact(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MergeCase($input: CaseMergeInput!) {\n    outcome: caseMerge(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation MergeCase($input: CaseMergeInput!) {\n    outcome: caseMerge(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoMerge($input: CaseMergeUndoInput!) {\n    outcome: caseMergeUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation UndoMerge($input: CaseMergeUndoInput!) {\n    outcome: caseMergeUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SplitCase($input: CaseSplitInput!) {\n    outcome: caseSplit(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation SplitCase($input: CaseSplitInput!) {\n    outcome: caseSplit(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoSplit($input: CaseSplitUndoInput!) {\n    outcome: caseSplitUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation UndoSplit($input: CaseSplitUndoInput!) {\n    outcome: caseSplitUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LinkCase($input: CaseLinkInput!) {\n    outcome: caseLink(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation LinkCase($input: CaseLinkInput!) {\n    outcome: caseLink(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UnlinkCase($input: CaseUnlinkInput!) {\n    outcome: caseUnlink(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation UnlinkCase($input: CaseUnlinkInput!) {\n    outcome: caseUnlink(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CloseCase($input: CaseCloseInput!) {\n    outcome: caseClose(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation CloseCase($input: CaseCloseInput!) {\n    outcome: caseClose(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReopenCase($input: CaseReopenInput!) {\n    outcome: caseReopen(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation ReopenCase($input: CaseReopenInput!) {\n    outcome: caseReopen(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UndoReopening($input: CaseReopenUndoInput!) {\n    outcome: caseReopenUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"): (typeof documents)["\n  mutation UndoReopening($input: CaseReopenUndoInput!) {\n    outcome: caseReopenUndo(input: $input) {\n      ...Outcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query FindCase($filter: CaseFilterInput!) {\n        cases(filter: $filter, orderBy: { field: UPDATED, direction: DESC }, first: 6) {\n            nodes {\n                id\n                number\n                subject\n                status\n                account {\n                    id\n                    name\n                }\n                contact {\n                    id\n                    name\n                }\n            }\n        }\n    }\n"): (typeof documents)["\n    query FindCase($filter: CaseFilterInput!) {\n        cases(filter: $filter, orderBy: { field: UPDATED, direction: DESC }, first: 6) {\n            nodes {\n                id\n                number\n                subject\n                status\n                account {\n                    id\n                    name\n                }\n                contact {\n                    id\n                    name\n                }\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Shown on Case {\n    ...CaseFacts\n    description\n    version\n    type\n    category\n    account {\n      reference\n    }\n    opener {\n      id\n      name\n    }\n    owner {\n      id\n      name\n    }\n    queue\n    queueName\n    priority\n    needsContact\n    legalHold\n    wait {\n      reason\n      until\n    }\n    resolution {\n      at\n      text\n      codeName\n      satisfactionScore\n      satisfactionComment\n    }\n    cancellation {\n      at\n      reason\n      comment\n    }\n    closing {\n      at\n      cause\n    }\n    allowedActions\n    links {\n      relation\n      case {\n        id\n        number\n        subject\n        status\n      }\n    }\n    attachments {\n      id\n      name\n      addedAt\n      mediaType\n      sizeBytes\n      state\n      internal\n      fromDesk\n      messageId\n      url\n      uploader {\n        id\n        name\n      }\n    }\n    watchers {\n      addedAt\n      confirmed\n      email\n      person {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Shown on Case {\n    ...CaseFacts\n    description\n    version\n    type\n    category\n    account {\n      reference\n    }\n    opener {\n      id\n      name\n    }\n    owner {\n      id\n      name\n    }\n    queue\n    queueName\n    priority\n    needsContact\n    legalHold\n    wait {\n      reason\n      until\n    }\n    resolution {\n      at\n      text\n      codeName\n      satisfactionScore\n      satisfactionComment\n    }\n    cancellation {\n      at\n      reason\n      comment\n    }\n    closing {\n      at\n      cause\n    }\n    allowedActions\n    links {\n      relation\n      case {\n        id\n        number\n        subject\n        status\n      }\n    }\n    attachments {\n      id\n      name\n      addedAt\n      mediaType\n      sizeBytes\n      state\n      internal\n      fromDesk\n      messageId\n      url\n      uploader {\n        id\n        name\n      }\n    }\n    watchers {\n      addedAt\n      confirmed\n      email\n      person {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Stretch on ActivityConnection {\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n    edges {\n      cursor\n      node {\n        ...Entry\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Stretch on ActivityConnection {\n    pageInfo {\n      hasPreviousPage\n      startCursor\n    }\n    edges {\n      cursor\n      node {\n        ...Entry\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CasePage($number: String!, $followMerges: Boolean!) {\n    case(number: $number, followMerges: $followMerges) {\n      ...Shown\n      activity(last: 30, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n"): (typeof documents)["\n  query CasePage($number: String!, $followMerges: Boolean!) {\n    case(number: $number, followMerges: $followMerges) {\n      ...Shown\n      activity(last: 30, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EarlierActivity($number: String!, $before: String!) {\n    case(number: $number, followMerges: false) {\n      id\n      activity(last: 50, before: $before, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n"): (typeof documents)["\n  query EarlierActivity($number: String!, $before: String!) {\n    case(number: $number, followMerges: false) {\n      id\n      activity(last: 50, before: $before, order: OLDEST_FIRST) {\n        ...Stretch\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CaseActivity($caseId: ID!, $after: String) {\n    caseActivity(caseId: $caseId, after: $after) {\n      cursor\n      entry {\n        ...Entry\n      }\n      case {\n        id\n        version\n        status\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription CaseActivity($caseId: ID!, $after: String) {\n    caseActivity(caseId: $caseId, after: $after) {\n      cursor\n      entry {\n        ...Entry\n      }\n      case {\n        id\n        version\n        status\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query FirstAccounts {\n        accounts(first: 20) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n"): (typeof documents)["\n    query FirstAccounts {\n        accounts(first: 20) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query PickAccount($text: String!) {\n        accountPicker(text: $text, first: 20) {\n            account {\n                id\n                name\n                reference\n            }\n            location {\n                id\n                name\n                address\n                reference\n            }\n        }\n    }\n"): (typeof documents)["\n    query PickAccount($text: String!) {\n        accountPicker(text: $text, first: 20) {\n            account {\n                id\n                name\n                reference\n            }\n            location {\n                id\n                name\n                address\n                reference\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query FollowedCase($number: String!) {\n        case(number: $number) {\n            id\n            number\n            subject\n            status\n            type\n            category\n            account {\n                id\n            }\n            location {\n                id\n            }\n            locationNotListed\n            product {\n                id\n            }\n            productNotListed\n            contact {\n                id\n            }\n        }\n    }\n"): (typeof documents)["\n    query FollowedCase($number: String!) {\n        case(number: $number) {\n            id\n            number\n            subject\n            status\n            type\n            category\n            account {\n                id\n            }\n            location {\n                id\n            }\n            locationNotListed\n            product {\n                id\n            }\n            productNotListed\n            contact {\n                id\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AccountForCase($id: ID!) {\n    account(id: $id) {\n      id\n      name\n      reference\n      locations(first: 100) {\n        nodes {\n          id\n          name\n          address\n          reference\n        }\n      }\n      contacts(first: 100) {\n        nodes {\n          person {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query AccountForCase($id: ID!) {\n    account(id: $id) {\n      id\n      name\n      reference\n      locations(first: 100) {\n        nodes {\n          id\n          name\n          address\n          reference\n        }\n      }\n      contacts(first: 100) {\n        nodes {\n          person {\n            id\n            name\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProductsForCase($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Location {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n      ... on Account {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ProductsForCase($id: ID!) {\n    node(id: $id) {\n      id\n      ... on Location {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n      ... on Account {\n        products(first: 100) {\n          nodes {\n            id\n            name\n            reference\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation OpenCase($input: CaseOpenInput!) {\n    caseOpen(input: $input) {\n      case {\n        id\n        number\n      }\n      caseId\n      pending\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation OpenCase($input: CaseOpenInput!) {\n    caseOpen(input: $input) {\n      case {\n        id\n        number\n      }\n      caseId\n      pending\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CaseNumber($id: ID!) {\n    case(id: $id) {\n      id\n      number\n    }\n  }\n"): (typeof documents)["\n  query CaseNumber($id: ID!) {\n    case(id: $id) {\n      id\n      number\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskList(\n    $filter: CaseFilterInput!\n    $orderBy: CaseOrderInput!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $mine: CaseFilterInput!\n    $unassigned: CaseFilterInput!\n    $waiting: CaseFilterInput!\n    $triage: CaseFilterInput!\n    $all: CaseFilterInput!\n    $uncontacted: CaseFilterInput!\n    $desk: Boolean!\n  ) {\n    cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      ...ListedPage\n    }\n    mine: cases(filter: $mine) {\n      totalCount\n    }\n    unassigned: cases(filter: $unassigned) {\n      totalCount\n      countsByQueue {\n        queue {\n          key\n          name\n        }\n        count\n      }\n    }\n    waiting: cases(filter: $waiting) {\n      totalCount\n    }\n    triage: cases(filter: $triage) {\n      totalCount\n    }\n    all: cases(filter: $all) {\n      totalCount\n    }\n    uncontacted: cases(filter: $uncontacted) {\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query DeskList(\n    $filter: CaseFilterInput!\n    $orderBy: CaseOrderInput!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n    $mine: CaseFilterInput!\n    $unassigned: CaseFilterInput!\n    $waiting: CaseFilterInput!\n    $triage: CaseFilterInput!\n    $all: CaseFilterInput!\n    $uncontacted: CaseFilterInput!\n    $desk: Boolean!\n  ) {\n    cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      ...ListedPage\n    }\n    mine: cases(filter: $mine) {\n      totalCount\n    }\n    unassigned: cases(filter: $unassigned) {\n      totalCount\n      countsByQueue {\n        queue {\n          key\n          name\n        }\n        count\n      }\n    }\n    waiting: cases(filter: $waiting) {\n      totalCount\n    }\n    triage: cases(filter: $triage) {\n      totalCount\n    }\n    all: cases(filter: $all) {\n      totalCount\n    }\n    uncontacted: cases(filter: $uncontacted) {\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DeskChanges {\n    deskChanges {\n      cursor\n    }\n  }\n"): (typeof documents)["\n  subscription DeskChanges {\n    deskChanges {\n      cursor\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query Overview {\n        overview {\n            openCases {\n                id\n                number\n                subject\n                status\n                typeName\n                updatedAt\n                wait {\n                    reason\n                }\n            }\n            updates {\n                case {\n                    id\n                    number\n                    subject\n                }\n                entry {\n                    kind\n                    occurredAt\n                    writtenAt\n                    actor {\n                        name\n                    }\n                    actorRole\n                    about {\n                        name\n                    }\n                    text\n                    values {\n                        name\n                        value\n                    }\n                }\n                excerpt\n            }\n            countsByStatus {\n                status\n                count\n            }\n        }\n    }\n"): (typeof documents)["\n    query Overview {\n        overview {\n            openCases {\n                id\n                number\n                subject\n                status\n                typeName\n                updatedAt\n                wait {\n                    reason\n                }\n            }\n            updates {\n                case {\n                    id\n                    number\n                    subject\n                }\n                entry {\n                    kind\n                    occurredAt\n                    writtenAt\n                    actor {\n                        name\n                    }\n                    actorRole\n                    about {\n                        name\n                    }\n                    text\n                    values {\n                        name\n                        value\n                    }\n                }\n                excerpt\n            }\n            countsByStatus {\n                status\n                count\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RequestList(\n    $filter: AccessRequestFilterInput!\n    $orderBy: AccessRequestOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessRequests(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo {\n        ...Edges\n      }\n      nodes {\n        id\n        submittedAt\n        type\n        accountName\n        decided\n        redacted\n        people {\n          number\n          name\n          email\n          decision {\n            outcome\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query RequestList(\n    $filter: AccessRequestFilterInput!\n    $orderBy: AccessRequestOrder!\n    $first: Int\n    $after: String\n    $last: Int\n    $before: String\n  ) {\n    accessRequests(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n      totalCount\n      pageInfo {\n        ...Edges\n      }\n      nodes {\n        id\n        submittedAt\n        type\n        accountName\n        decided\n        redacted\n        people {\n          number\n          name\n          email\n          decision {\n            outcome\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Request on AccessRequest {\n    id\n    version\n    submittedAt\n    type\n    accountName\n    serviceAddress\n    description\n    decided\n    redacted\n    people {\n      number\n      name\n      email\n      phone\n      knownAs {\n        id\n        name\n      }\n      decision {\n        outcome\n        decidedAt\n        carriedOut\n        words\n        role\n        decidedBy {\n          id\n          name\n        }\n        account {\n          id\n          name\n        }\n        locations {\n          id\n          name\n          address\n        }\n        person {\n          id\n          name\n        }\n        case {\n          id\n          number\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment Request on AccessRequest {\n    id\n    version\n    submittedAt\n    type\n    accountName\n    serviceAddress\n    description\n    decided\n    redacted\n    people {\n      number\n      name\n      email\n      phone\n      knownAs {\n        id\n        name\n      }\n      decision {\n        outcome\n        decidedAt\n        carriedOut\n        words\n        role\n        decidedBy {\n          id\n          name\n        }\n        account {\n          id\n          name\n        }\n        locations {\n          id\n          name\n          address\n        }\n        person {\n          id\n          name\n        }\n        case {\n          id\n          number\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RequestOutcome on AccessRequestPayload {\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    accessRequest {\n      ...Request\n    }\n  }\n"): (typeof documents)["\n  fragment RequestOutcome on AccessRequestPayload {\n    pending\n    userErrors {\n      code\n      field\n      message\n    }\n    accessRequest {\n      ...Request\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RequestPage($id: ID!) {\n    accessRequest(id: $id) {\n      ...Request\n    }\n  }\n"): (typeof documents)["\n  query RequestPage($id: ID!) {\n    accessRequest(id: $id) {\n      ...Request\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DecideRequest($input: AccessRequestDecideInput!) {\n    outcome: accessRequestDecide(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"): (typeof documents)["\n  mutation DecideRequest($input: AccessRequestDecideInput!) {\n    outcome: accessRequestDecide(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddPersonToRequest($input: AccessRequestAddPersonInput!) {\n    outcome: accessRequestAddPerson(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"): (typeof documents)["\n  mutation AddPersonToRequest($input: AccessRequestAddPersonInput!) {\n    outcome: accessRequestAddPerson(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RedactRequest($input: AccessRequestRedactInput!) {\n    outcome: accessRequestRedact(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"): (typeof documents)["\n  mutation RedactRequest($input: AccessRequestRedactInput!) {\n    outcome: accessRequestRedact(input: $input) {\n      ...RequestOutcome\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation AccountActivate($input: AccountActivateInput!) {\n        outcome: accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation AccountActivate($input: AccountActivateInput!) {\n        outcome: accountActivate(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        outcome: passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PasswordResetRequest($input: PasswordResetRequestInput!) {\n        outcome: passwordResetRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation AccessRequestSubmit($input: AccessRequestSubmitInput!) {\n        accessRequestSubmit(input: $input) {\n            received\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation PasswordReset($input: PasswordResetInput!) {\n        outcome: passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation PasswordReset($input: PasswordResetInput!) {\n        outcome: passwordReset(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation SignIn($input: SignInInput!) {\n        signIn(input: $input) {\n            retryAt\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation Unlock($input: UnlockInput!) {\n        outcome: unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation Unlock($input: UnlockInput!) {\n        outcome: unlock(input: $input) {\n            challengeQuestion {\n                name\n                text\n            }\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        outcome: unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"): (typeof documents)["\n    mutation UnlockRequest($input: UnlockRequestInput!) {\n        outcome: unlockRequest(input: $input) {\n            userErrors {\n                code\n                field\n                message\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query FilterPlaces($ids: [ID!]!) {\n        nodes(ids: $ids) {\n            id\n            ... on Account {\n                name\n                locations(first: 100) {\n                    nodes {\n                        id\n                        name\n                        address\n                    }\n                }\n            }\n        }\n    }\n"): (typeof documents)["\n    query FilterPlaces($ids: [ID!]!) {\n        nodes(ids: $ids) {\n            id\n            ... on Account {\n                name\n                locations(first: 100) {\n                    nodes {\n                        id\n                        name\n                        address\n                    }\n                }\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query FilterAccounts {\n        accounts(first: 100) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n"): (typeof documents)["\n    query FilterAccounts {\n        accounts(first: 100) {\n            nodes {\n                id\n                name\n                reference\n            }\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n    query CaseList(\n        $filter: CaseFilterInput!\n        $anyStatus: CaseFilterInput!\n        $orderBy: CaseOrderInput!\n        $first: Int\n        $after: String\n        $last: Int\n        $before: String\n        $desk: Boolean!\n    ) {\n        cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n            ...ListedPage\n        }\n        all: cases(filter: $anyStatus) {\n            totalCount\n        }\n    }\n"): (typeof documents)["\n    query CaseList(\n        $filter: CaseFilterInput!\n        $anyStatus: CaseFilterInput!\n        $orderBy: CaseOrderInput!\n        $first: Int\n        $after: String\n        $last: Int\n        $before: String\n        $desk: Boolean!\n    ) {\n        cases(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {\n            ...ListedPage\n        }\n        all: cases(filter: $anyStatus) {\n            totalCount\n        }\n    }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Catalogue {\n    catalogue {\n      types {\n        key\n        name\n        covers\n        isRetired\n        locationRequired\n        productRequired\n        categories {\n          key\n          name\n          isRetired\n        }\n      }\n      queues {\n        key\n        name\n        isRetired\n      }\n      resolutionCodes {\n        key\n        name\n        isRetired\n      }\n    }\n    caseRules {\n      filesPerCase\n      fileSizeLimitBytes\n    }\n  }\n"): (typeof documents)["\n  query Catalogue {\n    catalogue {\n      types {\n        key\n        name\n        covers\n        isRetired\n        locationRequired\n        productRequired\n        categories {\n          key\n          name\n          isRetired\n        }\n      }\n      queues {\n        key\n        name\n        isRetired\n      }\n      resolutionCodes {\n        key\n        name\n        isRetired\n      }\n    }\n    caseRules {\n      filesPerCase\n      fileSizeLimitBytes\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeskPeople {\n    desk {\n      people {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query DeskPeople {\n    desk {\n      people {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Entry on ActivityEntry {\n    kind\n    occurredAt\n    recordedAt\n    writtenAt\n    actor {\n      id\n      name\n    }\n    actorRole\n    onBehalfOf {\n      id\n      name\n    }\n    about {\n      id\n      name\n    }\n    via\n    inferred\n    internal\n    messageId\n    text\n    redacted\n    moved\n    status\n    values {\n      name\n      value\n    }\n  }\n"): (typeof documents)["\n  fragment Entry on ActivityEntry {\n    kind\n    occurredAt\n    recordedAt\n    writtenAt\n    actor {\n      id\n      name\n    }\n    actorRole\n    onBehalfOf {\n      id\n      name\n    }\n    about {\n      id\n      name\n    }\n    via\n    inferred\n    internal\n    messageId\n    text\n    redacted\n    moved\n    status\n    values {\n      name\n      value\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CaseFacts on Case {\n    id\n    number\n    subject\n    status\n    typeName\n    categoryName\n    account {\n      id\n      name\n    }\n    location {\n      id\n      name\n      address\n    }\n    locationNotListed\n    product {\n      id\n      name\n    }\n    productNotListed\n    contact {\n      id\n      name\n    }\n    openedAt\n    updatedAt\n  }\n"): (typeof documents)["\n  fragment CaseFacts on Case {\n    id\n    number\n    subject\n    status\n    typeName\n    categoryName\n    account {\n      id\n      name\n    }\n    location {\n      id\n      name\n      address\n    }\n    locationNotListed\n    product {\n      id\n      name\n    }\n    productNotListed\n    contact {\n      id\n      name\n    }\n    openedAt\n    updatedAt\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Listed on Case {\n    ...CaseFacts\n    wait {\n      reason\n    }\n    owner @include(if: $desk) {\n      id\n      name\n    }\n    queueName @include(if: $desk)\n    priority @include(if: $desk)\n  }\n"): (typeof documents)["\n  fragment Listed on Case {\n    ...CaseFacts\n    wait {\n      reason\n    }\n    owner @include(if: $desk) {\n      id\n      name\n    }\n    queueName @include(if: $desk)\n    priority @include(if: $desk)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ListedPage on CaseConnection {\n    totalCount\n    pageInfo {\n      ...Edges\n    }\n    nodes {\n      ...Listed\n    }\n  }\n"): (typeof documents)["\n  fragment ListedPage on CaseConnection {\n    totalCount\n    pageInfo {\n      ...Edges\n    }\n    nodes {\n      ...Listed\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Edges on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n"): (typeof documents)["\n  fragment Edges on PageInfo {\n    hasNextPage\n    hasPreviousPage\n    startCursor\n    endCursor\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation StageUpload($input: UploadStageInput!) {\n    uploadStage(input: $input) {\n      upload {\n        attachmentId\n        url\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation StageUpload($input: UploadStageInput!) {\n    uploadStage(input: $input) {\n      upload {\n        attachmentId\n        url\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;
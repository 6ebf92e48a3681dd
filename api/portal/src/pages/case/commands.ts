import { graphql } from "../../gql";

/** What came of a command. */
export const OUTCOME = graphql(`
  fragment Outcome on CasePayload {
    caseId
    pending
    userErrors {
      code
      field
      message
    }
    missedActivity {
      ...Entry
    }
    case {
      ...Shown
    }
  }
`);

export const CANCEL = graphql(`
  mutation CancelCase($input: CaseCancelInput!) {
    outcome: caseCancel(input: $input) {
      ...Outcome
    }
  }
`);

export const ACCEPT = graphql(`
  mutation AcceptResolution($input: CaseResolutionAcceptInput!) {
    outcome: caseResolutionAccept(input: $input) {
      ...Outcome
    }
  }
`);

export const REJECT = graphql(`
  mutation RejectResolution($input: CaseResolutionRejectInput!) {
    outcome: caseResolutionReject(input: $input) {
      ...Outcome
    }
  }
`);

export const RATE = graphql(`
  mutation RateCase($input: CaseRateInput!) {
    outcome: caseRate(input: $input) {
      ...Outcome
    }
  }
`);

export const ADD_FILES = graphql(`
  mutation AddFiles($input: CaseAttachmentAddInput!) {
    outcome: caseAttachmentAdd(input: $input) {
      ...Outcome
    }
  }
`);

export const REMOVE_FILE = graphql(`
  mutation RemoveFile($input: CaseAttachmentRemoveInput!) {
    outcome: caseAttachmentRemove(input: $input) {
      ...Outcome
    }
  }
`);

export const ADD_WATCHER = graphql(`
  mutation AddWatcher($input: CaseWatcherAddInput!) {
    outcome: caseWatcherAdd(input: $input) {
      ...Outcome
    }
  }
`);

export const REMOVE_WATCHER = graphql(`
  mutation RemoveWatcher($input: CaseWatcherRemoveInput!) {
    outcome: caseWatcherRemove(input: $input) {
      ...Outcome
    }
  }
`);

export const TAKE_UP = graphql(`
  mutation TakeUp($input: CaseTakeUpInput!) {
    outcome: caseTakeUp(input: $input) {
      ...Outcome
    }
  }
`);

export const ASSIGN = graphql(`
  mutation AssignCase($input: CaseAssignInput!) {
    outcome: caseAssign(input: $input) {
      ...Outcome
    }
  }
`);

export const RELEASE = graphql(`
  mutation ReleaseCase($input: CaseReleaseInput!) {
    outcome: caseRelease(input: $input) {
      ...Outcome
    }
  }
`);

export const RESOLVE = graphql(`
  mutation ResolveCase($input: CaseResolveInput!) {
    outcome: caseResolve(input: $input) {
      ...Outcome
    }
  }
`);

export const START_WAIT = graphql(`
  mutation StartWait($input: CaseWaitStartInput!) {
    outcome: caseWaitStart(input: $input) {
      ...Outcome
    }
  }
`);

export const END_WAIT = graphql(`
  mutation EndWait($input: CaseWaitEndInput!) {
    outcome: caseWaitEnd(input: $input) {
      ...Outcome
    }
  }
`);

export const RECLASSIFY = graphql(`
  mutation ReclassifyCase($input: CaseReclassifyInput!) {
    outcome: caseReclassify(input: $input) {
      ...Outcome
    }
  }
`);

export const CLEAR_TRIAGE = graphql(`
  mutation ClearTriage($input: CaseTriageClearInput!) {
    outcome: caseTriageClear(input: $input) {
      ...Outcome
    }
  }
`);

export const SET_PRIORITY = graphql(`
  mutation SetPriority($input: CaseSetPriorityInput!) {
    outcome: caseSetPriority(input: $input) {
      ...Outcome
    }
  }
`);

export const MOVE_TO_QUEUE = graphql(`
  mutation MoveToQueue($input: CaseMoveToQueueInput!) {
    outcome: caseMoveToQueue(input: $input) {
      ...Outcome
    }
  }
`);

export const SET_LOCATION = graphql(`
  mutation SetLocation($input: CaseSetLocationInput!) {
    outcome: caseSetLocation(input: $input) {
      ...Outcome
    }
  }
`);

export const SET_PRODUCT = graphql(`
  mutation SetProduct($input: CaseSetProductInput!) {
    outcome: caseSetProduct(input: $input) {
      ...Outcome
    }
  }
`);

export const SET_SUBJECT = graphql(`
  mutation SetSubject($input: CaseSetSubjectInput!) {
    outcome: caseSetSubject(input: $input) {
      ...Outcome
    }
  }
`);

export const SET_CONTACT = graphql(`
  mutation SetContact($input: CaseSetContactInput!) {
    outcome: caseSetContact(input: $input) {
      ...Outcome
    }
  }
`);

export const MERGE = graphql(`
  mutation MergeCase($input: CaseMergeInput!) {
    outcome: caseMerge(input: $input) {
      ...Outcome
    }
  }
`);

export const UNDO_MERGE = graphql(`
  mutation UndoMerge($input: CaseMergeUndoInput!) {
    outcome: caseMergeUndo(input: $input) {
      ...Outcome
    }
  }
`);

export const SPLIT = graphql(`
  mutation SplitCase($input: CaseSplitInput!) {
    outcome: caseSplit(input: $input) {
      ...Outcome
    }
  }
`);

export const UNDO_SPLIT = graphql(`
  mutation UndoSplit($input: CaseSplitUndoInput!) {
    outcome: caseSplitUndo(input: $input) {
      ...Outcome
    }
  }
`);

export const LINK = graphql(`
  mutation LinkCase($input: CaseLinkInput!) {
    outcome: caseLink(input: $input) {
      ...Outcome
    }
  }
`);

export const UNLINK = graphql(`
  mutation UnlinkCase($input: CaseUnlinkInput!) {
    outcome: caseUnlink(input: $input) {
      ...Outcome
    }
  }
`);

export const CLOSE = graphql(`
  mutation CloseCase($input: CaseCloseInput!) {
    outcome: caseClose(input: $input) {
      ...Outcome
    }
  }
`);

export const REOPEN = graphql(`
  mutation ReopenCase($input: CaseReopenInput!) {
    outcome: caseReopen(input: $input) {
      ...Outcome
    }
  }
`);

export const UNDO_REOPENING = graphql(`
  mutation UndoReopening($input: CaseReopenUndoInput!) {
    outcome: caseReopenUndo(input: $input) {
      ...Outcome
    }
  }
`);

//! The enums of the schema: the domain's own, under GraphQL names.

use async_graphql::Enum;
use serde::Serialize;

/// Mirrors an enum of the domain. The compiler holds the two equal: a variant that one of them lacks does not build.
macro_rules! mirror {
    ($($(#[$doc:meta])+ $name:ident of $domain:literal { $($(#[$variant_doc:meta])+ $variant:ident,)+ })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
        #[graphql(remote = $domain)]
        pub enum $name {
            $($(#[$variant_doc])+ $variant,)+
        }
    )+};
}

mirror! {
    /// A language in which mail is written.
    Language of "crate::mail::Language" {
        /// English.
        English,
        /// Spanish.
        Spanish,
    }
    /// A kind of mail.
    MailKind of "crate::mail::MailKind" {
        /// An invitation, with the link that activates it.
        Activation,
        /// The link to set another password.
        PasswordReset,
        /// The link that ends a lock.
        Unlock,
        /// The password was set or changed.
        PasswordChanged,
        /// A challenge question was set.
        ChallengeQuestionSet,
        /// The challenge question was switched off.
        ChallengeQuestionRemoved,
        /// A second factor was enrolled.
        FactorEnrolled,
        /// A second factor was removed.
        FactorRemoved,
        /// There are new recovery codes.
        RecoveryCodesReplaced,
        /// A recovery code was used to sign in.
        RecoveryCodeUsed,
        /// Too many tries to sign in.
        Locked,
        /// Signing in is possible again.
        Unlocked,
        /// A sign-in from a device that was not known before.
        NewDevice,
        /// Somebody who signs in already was given access to an account.
        AccessGranted,
        /// A request for access was declined.
        RequestDeclined,
        /// A case began.
        CaseOpened,
        /// Somebody wrote to the other side.
        CaseMessage,
        /// Somebody attached files without a message.
        CaseFile,
        /// Somebody else made the reader responsible.
        CaseAssigned,
        /// Work waits for the customer.
        CaseWaiting,
        /// An answer was given.
        CaseResolved,
        /// The answer has stood for a while.
        CaseReminder,
        /// A case was withdrawn.
        CaseCanceled,
        /// A case is settled.
        CaseClosed,
        /// Work goes on after all.
        CaseReopened,
        /// Another case goes on in its place.
        CaseMerged,
        /// A note for the desk names the reader.
        CaseMention,
        /// Somebody put an address on a watch list, whose owner is asked.
        WatchConfirm,
    }
    /// Where a case stands.
    CaseStatus of "domain::case::Status" {
        /// Nobody has taken it up yet.
        New,
        /// Somebody works on it.
        Open,
        /// An answer was given; the customer may accept or reject it.
        Resolved,
        /// Settled, for good.
        Closed,
        /// Withdrawn, for good.
        Canceled,
    }
    /// How urgent a case is.
    Priority of "domain::case::Priority" {
        /// Can wait.
        Low,
        /// The usual.
        Normal,
        /// Before the usual.
        High,
        /// At once.
        Critical,
    }
    /// What an open case waits for.
    WaitReason of "domain::case::WaitReason" {
        /// The customer's answer.
        Customer,
        /// A supplier.
        Vendor,
        /// The cause behind several cases.
        Problem,
        /// Something that shows what happened.
        Evidence,
    }
    /// Why a case is canceled.
    CancelReason of "domain::case::CancelReason" {
        /// The trouble went away.
        SolvedItself,
        /// Opened by mistake.
        OpenedByMistake,
        /// Another case is about the same.
        Duplicate,
        /// No longer needed.
        NoLongerNeeded,
        /// Something else, said in words.
        Other,
        /// It was merged into another case. Only an answer: `caseMerge` does it.
        Merged,
        /// It was split from another case by mistake. Only an answer: `caseSplitUndo` does it.
        SplitUndone,
    }
    /// A role.
    Role of "domain::Role" {
        /// A customer's person.
        Contact,
        /// Works cases.
        Agent,
        /// An agent who also runs the desk.
        Supervisor,
        /// Runs the installation.
        Administrator,
        /// Reads everything ever recorded.
        Auditor,
        /// Asks questions of reports.
        Analyst,
        /// A machine with an API token.
        Service,
        /// A date that was reached.
        Clock,
        /// Whoever holds a link that was mailed to a watcher.
        Watcher,
    }
    /// How far a user has come. A lock is no status: it ends by itself.
    UserStatus of "domain::user::UserStatus" {
        /// Invited, and has no password yet.
        Invited,
        /// May sign in, unless locked.
        Active,
        /// May not sign in.
        Deactivated,
    }
    /// The way by which a command came in.
    Channel of "domain::Channel" {
        /// A customer in the portal.
        Portal,
        /// Staff at their desk.
        Desk,
        /// A mail.
        Email,
        /// A machine through the API.
        Api,
        /// A history brought over from another system.
        Import,
        /// A date that was reached.
        Clock,
    }
    /// What can be done with a case; each is the mutation that its description names.
    CaseAction of "domain::case::CaseActionKind" {
        /// `caseOpen`, which is of no case that is there.
        Open,
        /// `caseTakeUp`.
        TakeUp,
        /// `caseAssign`.
        Assign,
        /// `caseRelease`.
        Release,
        /// `caseMoveToQueue`.
        MoveToQueue,
        /// `caseWaitStart`.
        StartWait,
        /// `caseWaitEnd`.
        EndWait,
        /// `casePostMessage`.
        PostMessage,
        /// `caseAddNote`.
        AddNote,
        /// `caseRedactMessage`.
        RedactMessage,
        /// `caseAttachmentAdd`.
        AddAttachments,
        /// `caseAttachmentRemove`.
        RemoveAttachment,
        /// `caseAttachmentRedact`.
        RedactAttachment,
        /// `caseWatcherAdd`.
        AddWatcher,
        /// `caseWatcherRemove`.
        RemoveWatcher,
        /// `caseWatcherRemove` of oneself.
        LeaveWatchList,
        /// Confirming by the link that was mailed to a watcher; nobody else's.
        ConfirmWatching,
        /// Leaving by such a link.
        LeaveByLink,
        /// `caseSetPriority`.
        SetPriority,
        /// `caseReclassify`.
        Reclassify,
        /// `caseSetLocation`.
        SetLocation,
        /// `caseSetProduct`.
        SetProduct,
        /// `caseTriageClear`.
        ClearTriage,
        /// `caseSetSubject`.
        SetSubject,
        /// `caseSetContact`.
        SetContact,
        /// `caseResolve`.
        Resolve,
        /// Nobody's but time's: the customer is to be reminded of an answer.
        Remind,
        /// `caseResolutionAccept`.
        AcceptResolution,
        /// `caseResolutionReject`.
        RejectResolution,
        /// `caseReopen`.
        Reopen,
        /// `caseReopenUndo`.
        UndoReopening,
        /// `caseCancel`.
        Cancel,
        /// `caseClose`.
        Close,
        /// `caseRate`.
        Rate,
        /// `caseLegalHoldPlace`.
        PlaceHold,
        /// `caseLegalHoldLift`.
        LiftHold,
        /// `caseLink`.
        Link,
        /// `caseUnlink`.
        Unlink,
        /// `caseMerge`.
        Merge,
        /// `caseMergeUndo`.
        UndoMerge,
        /// `caseSplit`.
        Split,
        /// `caseSplitUndo`.
        UndoSplit,
    }
    /// What a case has to do with another one, from its side.
    CaseRelation of "projections::Relation" {
        /// Something; people say what.
        Related,
        /// It goes on with the other one, which was over.
        FollowUpOf,
        /// The other one goes on with it.
        FollowedUpBy,
        /// The other one goes on in its place.
        MergedInto,
        /// It goes on in the place of the other one.
        Absorbed,
        /// It was begun with contents of the other one.
        SplitFrom,
        /// The other one was begun with contents of it.
        SplitInto,
    }
    /// What can happen to a case.
    ActivityKind of "domain::case::CaseFactKind" {
        /// The case began.
        Opened,
        /// An agent began to work on it: New became Open.
        TakenUp,
        /// An agent was made responsible.
        OwnerAssigned,
        /// Nobody is responsible any more.
        OwnerReleased,
        /// It waits in another queue.
        MovedToQueue,
        /// Work pauses.
        WaitStarted,
        /// Work goes on.
        WaitEnded,
        /// It became more or less urgent.
        PriorityChanged,
        /// It is of another kind than was thought.
        Reclassified,
        /// It is about another place than was thought.
        LocationChanged,
        /// It is about another product than was thought.
        ProductChanged,
        /// What was not in the lists has been found, or found not to matter.
        TriageCleared,
        /// It is called something else.
        SubjectChanged,
        /// Somebody else is to be talked to.
        ContactChanged,
        /// Somebody wrote to the other side.
        MessagePosted,
        /// An agent wrote something down for the desk alone.
        InternalNoteAdded,
        /// A text was taken away.
        MessageRedacted,
        /// A subject, a resolution, a reason or a comment was taken away.
        TextRedacted,
        /// A text that was taken away under legal hold is destroyed after all.
        RedactedTextDestroyed,
        /// A file was attached.
        AttachmentAdded,
        /// A file's bytes were taken away.
        AttachmentRemoved,
        /// A file was taken away with its name.
        AttachmentRedacted,
        /// A file that was redacted under legal hold is destroyed after all.
        RedactedAttachmentDestroyed,
        /// Somebody gets mail about the case from here on.
        WatcherAdded,
        /// A watcher said that they want it, by the link that was mailed to them.
        WatcherConfirmed,
        /// Somebody gets none any more.
        WatcherRemoved,
        /// A watcher left, by the link that was mailed to them.
        WatcherLeft,
        /// An answer was given.
        Resolved,
        /// The answer has stood for so long that the customer is to be reminded.
        ReminderDue,
        /// A contact is content with the answer.
        ResolutionAccepted,
        /// A contact is not.
        ResolutionRejected,
        /// Resolved became Open again.
        Reopened,
        /// The reopening was a mistake: Open became Resolved again.
        ReopeningUndone,
        /// The case was withdrawn.
        Canceled,
        /// The case is settled.
        Closed,
        /// A contact said how content they are.
        SatisfactionRated,
        /// Nothing of the case may be destroyed from here on.
        LegalHoldPlaced,
        /// What the rules allow may be destroyed again.
        LegalHoldLifted,
        /// It was found to have to do with another case.
        LinkedTo,
        /// It has nothing to do with the other case after all.
        Unlinked,
        /// Another case goes on in its place.
        MergedInto,
        /// The merge was a mistake: the case is what it was before.
        MergeUndone,
        /// It goes on in the place of another case.
        Absorbed,
        /// It no longer stands for the other case.
        AbsorptionUndone,
        /// What was just written was addressed to a case that was merged into this one.
        Redirected,
        /// It was begun with contents of another case.
        SplitFrom,
        /// Another case was begun with contents of this one.
        SplitInto,
        /// The split was a mistake.
        SplitUndone,
        /// Texts and files were brought here from another case.
        CarriedOver,
        /// Texts and files are another case's from here on.
        ContentsMoved,
        /// Texts and files that had been another case's are this one's again.
        ContentsReturned,
    }
    /// A part of the settings that is changed, and counted, by itself.
    SettingsSection of "domain::settings::Section" {
        /// What can be chosen: `catalogue`.
        Catalogue,
        /// When the desk is open: `desk`.
        Desk,
        /// Texts that agents answer with: `desk.cannedReplies`.
        Replies,
        /// How the portal looks: `brand`.
        Brand,
        /// Rules of cases: `caseRules`.
        Rules,
    }
    /// What can happen to settings.
    SettingsChangeKind of "domain::settings::SettingsFactKind" {
        /// A type began, or is another now.
        CaseTypeSet,
        /// A category began, or is another now.
        CategorySet,
        /// A product began, or is called something else.
        CatalogueProductSet,
        /// A queue began, or is called something else.
        QueueSet,
        /// A resolution code began, or is called something else.
        ResolutionCodeSet,
        /// An entry cannot be chosen any more.
        CatalogueEntryRetired,
        /// An entry can be chosen again.
        CatalogueEntryRestored,
        /// The desk is open at other times.
        DeskHoursSet,
        /// The desk is closed on a day.
        HolidaySet,
        /// The desk is open on a day as on others.
        HolidayRemoved,
        /// A canned reply began, or is another now.
        CannedReplySet,
        /// A canned reply is not offered any more.
        CannedReplyRemoved,
        /// The portal is called something else.
        PortalNameSet,
        /// The portal has other colors.
        ColorsSet,
        /// The portal has another logo.
        LogoSet,
        /// The portal has no logo any more.
        LogoRemoved,
        /// Mail of a kind goes out as somebody else.
        SenderSet,
        /// Answers wait for another time.
        ResolutionPeriodsSet,
        /// Others may be put on a watch list.
        WatchListPolicySet,
    }
    /// A day of the week.
    Day of "domain::settings::Day" {
        /// Monday.
        Mon,
        /// Tuesday.
        Tue,
        /// Wednesday.
        Wed,
        /// Thursday.
        Thu,
        /// Friday.
        Fri,
        /// Saturday.
        Sat,
        /// Sunday.
        Sun,
    }
    /// Which mail.
    MailSender of "domain::settings::Sender" {
        /// Mail about cases, and what people wait for: invitations, links to reset and unlock, answers to requests for access.
        Support,
        /// Mail about what was changed of a sign-in: passwords, factors, locks, devices.
        Admin,
    }
    /// Who may be put on a watch list.
    WatchListPolicy of "domain::settings::WatchListPolicy" {
        /// Contacts of the account.
        Contacts,
        /// These, and addresses with a domain of theirs.
        AccountDomains,
        /// These, and any address.
        Anyone,
    }
    /// How a resolved case came to be closed.
    CloseCause of "domain::case::CloseCause" {
        /// A contact accepted the resolution.
        Accepted,
        /// An agent recorded that the contact confirmed elsewhere.
        ConfirmedElsewhere,
        /// Nobody objected in time.
        TimeElapsed,
        /// The system that the history came from does not say.
        NotStated,
    }
}

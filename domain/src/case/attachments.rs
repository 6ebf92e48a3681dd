//! Files: attached to a case, taken away by those who may, and redacted with their names.
//!
//! The rules never see a byte of them. A file is attached once its bytes are stored; that is for the caller to see to.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Attachment, AttachmentAdded, CaseError, CaseFact, CaseState, Decision, FileLeft};
use crate::{AccountId, Actor, AttachmentId, KeyId, MessageId, PlainText, Sealed, Side};

/// How many attachments a case has at most where nothing else is set.
pub const MAX_ATTACHMENTS: usize = 20;

/// Files to be attached, and how many a case may have.
#[derive(Clone, Debug)]
pub struct NewAttachments {
    /// The files.
    pub files: Vec<NewAttachment>,
    /// How many a case has at most: of public ones, and as many of notes.
    pub limit: usize,
}

impl Default for NewAttachments {
    /// None, of [`MAX_ATTACHMENTS`].
    fn default() -> Self {
        Self { files: vec![], limit: MAX_ATTACHMENTS }
    }
}

/// A file whose bytes are stored, to be attached.
#[derive(Clone, Debug)]
pub struct NewAttachment {
    /// The file.
    pub attachment: AttachmentId,
    /// For whose cases it was uploaded.
    pub account: AccountId,
    /// What it is called, and the digest of its bytes.
    pub label: Sealed<FileLabel>,
    /// What kind of file it is.
    pub media_type: String,
    /// How many bytes it has.
    pub size_bytes: u64,
    /// The key that seals its bytes.
    pub key: KeyId,
}

/// What tells a file from others: sealed, since its name says what is in it, and its digest would confirm it to whoever has
/// a copy, after the file itself is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLabel {
    /// What it is called.
    pub name: PlainText,
    /// The digest of its bytes.
    pub sha256: Sha256,
}

/// A SHA-256 (FIPS 180-4), stored and shown as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(pub [u8; 32]);

/// Why a text is no [`Sha256`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 is 64 lower-case hexadecimal digits")]
pub struct Sha256Error;

impl FromStr for Sha256 {
    type Err = Sha256Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(Sha256Error),
        };
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| Sha256Error)?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Sha256 {
    type Error = Sha256Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256({self})")
    }
}

/// What files come with.
#[derive(Clone, Copy, Debug)]
pub(super) enum BelongsTo {
    /// Nothing: they are for both sides.
    Nothing,
    /// A description or message, for both sides.
    Message(MessageId),
    /// A note, for the desk alone.
    Note(MessageId),
}

/// The facts of attaching files.
pub(super) fn added(by: &Actor, new: &NewAttachments, to: BelongsTo) -> impl Iterator<Item = CaseFact> {
    let (message, of_note) = match to {
        BelongsTo::Nothing => (None, false),
        BelongsTo::Message(message) => (Some(message), false),
        BelongsTo::Note(note) => (Some(note), true),
    };
    new.files.iter().map(move |file| {
        CaseFact::AttachmentAdded(Box::new(AttachmentAdded {
            attachment: file.attachment,
            uploader: by.person,
            side: by.side(),
            label: file.label.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
            key: file.key,
            of_note,
            message,
        }))
    })
}

/// Refuses files of another account, the same one twice, and more than fit beside those that are there.
pub(super) fn check_new(account: AccountId, new: &NewAttachments, there: usize) -> Result<(), CaseError> {
    if new.files.iter().any(|file| file.account != account) {
        return Err(CaseError::UploadedForAnotherAccount);
    }
    let distinct: BTreeSet<_> = new.files.iter().map(|file| file.attachment).collect();
    if distinct.len() < new.files.len() {
        return Err(CaseError::AlreadyAttached);
    }
    let count = there + new.files.len();
    if !new.files.is_empty() && count > new.limit {
        return Err(CaseError::TooManyAttachments { limit: new.limit, count });
    }
    Ok(())
}

impl CaseState {
    /// Attaches files for both sides. A contact's end a wait for the customer.
    ///
    /// # Errors
    /// As [`Self::check_new_attachments`].
    pub(super) fn add_attachments(&self, by: &Actor, new: &NewAttachments) -> Decision {
        self.check_new_attachments(new, false)?;
        let ended = if new.files.is_empty() { None } else { self.wait_ended_by(by.side()) };
        Ok(added(by, new, BelongsTo::Nothing).chain(ended).collect())
    }

    /// Refuses files that cannot be attached.
    ///
    /// Those of notes are counted apart, so that customers learn nothing of them by a refusal.
    ///
    /// # Errors
    /// [`CaseError::UploadedForAnotherAccount`], [`CaseError::AlreadyAttached`], [`CaseError::TooManyAttachments`].
    pub(super) fn check_new_attachments(&self, new: &NewAttachments, of_note: bool) -> Result<(), CaseError> {
        if new.files.iter().any(|file| self.attachments.contains_key(&file.attachment)) {
            return Err(CaseError::AlreadyAttached);
        }
        check_new(self.account, new, self.attachments_there(of_note))
    }

    /// How many files it has for both sides.
    pub(super) fn public_attachments(&self) -> usize {
        self.attachments_there(false)
    }

    fn attachments_there(&self, of_note: bool) -> usize {
        let counts = |attachment: &&Attachment| {
            attachment.of_note == of_note && attachment.left == FileLeft::All && attachment.elsewhere.moved_to.is_none()
        };
        self.attachments.values().filter(counts).count()
    }

    /// Takes a file's bytes away from every reader and destroys their key, unless a legal hold keeps them for auditors.
    ///
    /// # Errors
    /// [`CaseError::NoSuchAttachment`], [`CaseError::MovedAway`], and [`CaseError::AttachedByTheDesk`] for a customer.
    pub(super) fn remove_attachment(&self, by: &Actor, attachment: AttachmentId) -> Decision {
        let file = self.attachment_for(by, attachment).ok_or(CaseError::NoSuchAttachment)?;
        if by.side() == Side::Customer && file.side == Side::Staff {
            return Err(CaseError::AttachedByTheDesk);
        }
        if file.elsewhere.moved_to.is_some() {
            return Err(CaseError::MovedAway);
        }
        let (of_note, key) = (file.of_note, file.key);
        Ok(vec![CaseFact::AttachmentRemoved { attachment, of_note, key, destroyed: !self.on_hold }])
    }

    /// Takes a file away with its name, whether or not its bytes are there, and destroys both keys, unless a legal
    /// hold keeps them for auditors.
    ///
    /// # Errors
    /// [`CaseError::NoSuchAttachment`] and [`CaseError::MovedAway`].
    pub(super) fn redact_attachment(&self, attachment: AttachmentId) -> Decision {
        let file = self.attachments.get(&attachment).ok_or(CaseError::NoSuchAttachment)?;
        if file.elsewhere.moved_to.is_some() {
            return Err(CaseError::MovedAway);
        }
        let (of_note, key, name_key) = (file.of_note, file.key, file.name_key);
        // Customers saw it go the first time; that something was kept until now is not for them to know.
        Ok(vec![if file.left > FileLeft::Name {
            CaseFact::RedactedAttachmentDestroyed { attachment, key, name_key }
        } else {
            CaseFact::AttachmentRedacted { attachment, of_note, key, name_key, destroyed: !self.on_hold }
        }])
    }

    /// A file of the case, as far as somebody may know of it.
    pub(super) fn attachment_for(&self, by: &Actor, attachment: AttachmentId) -> Option<&Attachment> {
        self.attachments.get(&attachment).filter(|file| by.side() == Side::Staff || !file.of_note)
    }

    /// Whether all the files are attached, each under its key, for both sides.
    pub(super) fn has_attachments(&self, new: &NewAttachments) -> bool {
        let is_there = |file: &NewAttachment| {
            self.attachments.get(&file.attachment).is_some_and(|known| known.key == file.key && !known.of_note)
        };
        new.files.iter().all(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseAction, Status, WaitEnd, WaitReason, testing::*};

    fn remove(n: u128) -> CaseAction {
        CaseAction::RemoveAttachment { attachment: attachment(n) }
    }

    fn redact_file(n: u128) -> CaseAction {
        CaseAction::RedactAttachment { attachment: attachment(n) }
    }

    fn removed(n: u128, destroyed: bool) -> CaseFact {
        CaseFact::AttachmentRemoved { attachment: attachment(n), of_note: false, key: file_key(n), destroyed }
    }

    fn redacted(n: u128, destroyed: bool) -> CaseFact {
        let (key, name_key) = (file_key(n), name_key(n));
        CaseFact::AttachmentRedacted { attachment: attachment(n), of_note: false, key, name_key, destroyed }
    }

    #[test]
    fn files_come_by_themselves_with_a_message_and_with_a_note() {
        given(vec![opened()])
            .when(contact(), attach(&[1, 2]))
            .then(vec![attached(1, CONTACT, BelongsTo::Nothing), attached(2, CONTACT, BelongsTo::Nothing)]);
        given(vec![opened()])
            .when(contact(), post_with(1, "See there.", &[1]))
            .then(vec![customer_message(1, "See there."), attached(1, CONTACT, BelongsTo::Message(message(1)))]);
        given(vec![opened(), canceled()])
            .when(agent(), note_with(1, "Looks odd.", &[1]))
            .then(vec![noted(1, "Looks odd."), attached(1, AGENT, BelongsTo::Note(message(1)))]);
    }

    #[test]
    fn a_file_of_the_desk_takes_no_case_up() {
        given(vec![opened()]).when(agent(), attach(&[1])).in_state("New");
    }

    #[test]
    fn a_contacts_file_ends_a_wait_for_the_customer_and_no_other() {
        for (reason, ends) in [(WaitReason::Customer, true), (WaitReason::Vendor, false)] {
            let end = ends.then(|| CaseFact::WaitEnded { wait: wait(reason), cause: WaitEnd::CustomerReplied });
            let facts = [attached(1, CONTACT, BelongsTo::Nothing)].into_iter().chain(end).collect();
            given(vec![opened(), taken_up(AGENT), waiting(reason)]).when(contact(), attach(&[1])).then(facts);
        }
        given(vec![opened(), taken_up(AGENT), waiting(WaitReason::Customer)])
            .when(agent(), attach(&[1]))
            .then(vec![attached(1, AGENT, BelongsTo::Nothing)]);
        given(vec![opened(), taken_up(AGENT), waiting(WaitReason::Customer)]).when(contact(), attach(&[])).then(vec![]);
    }

    #[test]
    fn a_settled_case_takes_no_file_and_offers_a_follow_up() {
        given(vec![opened(), canceled()])
            .when(contact(), attach(&[1]))
            .refused(&CaseError::NeedsFollowUp { status: Status::Canceled });
    }

    #[test]
    fn attaching_again_changes_nothing_and_in_part_is_refused() {
        let there = || vec![opened(), attached(1, CONTACT, BelongsTo::Nothing)];
        given(there()).when(contact(), attach(&[1])).then(vec![]);
        given(there()).when(contact(), attach(&[1, 2])).refused(&CaseError::AlreadyAttached);
        given(there()).when(contact(), post_with(1, "Again.", &[1])).refused(&CaseError::AlreadyAttached);
        given(vec![opened()]).when(contact(), attach(&[1, 1])).refused(&CaseError::AlreadyAttached);
    }

    #[test]
    fn a_file_is_for_the_account_that_it_was_uploaded_for() {
        let mut file = new_file(1);
        file.account = AccountId(uuid::Uuid::from_u128(2));
        let attachments = NewAttachments { files: vec![file], ..NewAttachments::default() };
        given(vec![opened()])
            .when(contact(), CaseAction::AddAttachments { attachments })
            .refused(&CaseError::UploadedForAnotherAccount);
    }

    #[test]
    fn a_case_has_so_many_files_and_no_more_and_those_of_notes_are_counted_apart() {
        let many = |to: fn() -> BelongsTo| (0..MAX_ATTACHMENTS as u128).map(move |n| attached(n, CONTACT, to()));
        let full: Vec<_> = [opened()].into_iter().chain(many(|| BelongsTo::Nothing)).collect();
        let refusal = CaseError::TooManyAttachments { limit: MAX_ATTACHMENTS, count: MAX_ATTACHMENTS + 1 };
        given(full.clone()).when(contact(), attach(&[99])).refused(&refusal);
        given(full.clone()).when(contact(), post_with(1, "One more.", &[99])).refused(&refusal);
        given(full.clone()).when(agent(), note_with(1, "Internal.", &[99])).in_state("New");
        given([full, vec![removed(0, true)]].concat()).when(contact(), attach(&[99])).in_state("New");
        let noted: Vec<_> = [opened()].into_iter().chain(many(|| BelongsTo::Note(message(1)))).collect();
        given(noted.clone()).when(agent(), note_with(2, "Internal.", &[99])).refused(&refusal);
        given(noted).when(contact(), attach(&[99])).then(vec![attached(99, CONTACT, BelongsTo::Nothing)]);
    }

    #[test]
    fn contacts_remove_what_contacts_attached_and_agents_remove_anything() {
        let there = |by| vec![opened(), attached(1, by, BelongsTo::Nothing)];
        given(there(CONTACT)).when(contact(), remove(1)).then(vec![removed(1, true)]);
        given(there(AGENT)).when(contact(), remove(1)).refused(&CaseError::AttachedByTheDesk);
        given(there(AGENT)).when(agent(), remove(1)).then(vec![removed(1, true)]);
        given(there(CONTACT)).when(agent(), remove(2)).refused(&CaseError::NoSuchAttachment);
        let gone = [there(CONTACT), vec![removed(1, true)]].concat();
        given(gone).when(contact(), remove(1)).then(vec![]);
    }

    #[test]
    fn a_notes_file_is_not_there_for_customers() {
        let of_note = attached(1, AGENT, BelongsTo::Note(message(1)));
        assert_eq!(of_note.audience(), crate::Audience::Internal);
        let there = vec![opened(), noted(1, "Looks odd."), of_note];
        let gone =
            CaseFact::AttachmentRemoved { attachment: attachment(1), of_note: true, key: file_key(1), destroyed: true };
        assert_eq!(gone.audience(), crate::Audience::Internal);
        given(there.clone()).when(contact(), remove(1)).refused(&CaseError::NoSuchAttachment);
        given(there.clone()).when(agent(), remove(1)).then(vec![gone.clone()]);
        given([there, vec![gone]].concat()).when(contact(), remove(1)).refused(&CaseError::NoSuchAttachment);
    }

    #[test]
    fn under_a_hold_a_removed_file_is_kept_until_somebody_redacts_it() {
        let held = vec![opened(), attached(1, CONTACT, BelongsTo::Nothing), hold_placed()];
        given(held.clone()).when(contact(), remove(1)).then(vec![removed(1, false)]);
        let kept = [held, vec![removed(1, false), CaseFact::LegalHoldLifted {}]].concat();
        given(kept.clone()).when(contact(), remove(1)).then(vec![]);
        given(kept).when(supervisor(), redact_file(1)).then(vec![redacted(1, true)]);
    }

    #[test]
    fn redaction_takes_the_name_too_in_any_state_and_waits_for_the_end_of_a_hold() {
        let there = vec![opened(), attached(1, CONTACT, BelongsTo::Nothing)];
        given([there.clone(), vec![removed(1, true), canceled()]].concat())
            .when(supervisor(), redact_file(1))
            .then(vec![redacted(1, true)]);
        given([there.clone(), vec![redacted(1, true)]].concat()).when(supervisor(), redact_file(1)).then(vec![]);
        let held = [there, vec![hold_placed()]].concat();
        given(held.clone()).when(supervisor(), redact_file(1)).then(vec![redacted(1, false)]);
        let kept = [held, vec![redacted(1, false)]].concat();
        given(kept.clone()).when(supervisor(), redact_file(1)).then(vec![]);
        let destroyed = CaseFact::RedactedAttachmentDestroyed {
            attachment: attachment(1),
            key: file_key(1),
            name_key: name_key(1),
        };
        assert_eq!(destroyed.audience(), crate::Audience::Internal);
        let lifted = [kept, vec![CaseFact::LegalHoldLifted {}]].concat();
        given(lifted.clone()).when(supervisor(), redact_file(1)).then(vec![destroyed.clone()]);
        given([lifted, vec![destroyed]].concat()).when(supervisor(), redact_file(1)).then(vec![]);
        given(vec![opened()]).when(supervisor(), redact_file(1)).refused(&CaseError::NoSuchAttachment);
    }

    #[test]
    fn a_digest_is_written_in_lower_case_digits_and_nothing_else_is_one() {
        let digest = Sha256([0xab; 32]);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for bad in ["", "ab", &"AB".repeat(32), &"g0".repeat(32), &"é".repeat(32)] {
            assert_eq!(bad.parse::<Sha256>(), Err(Sha256Error), "{bad}");
        }
    }
}

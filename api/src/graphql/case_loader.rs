//! Loads what the cases of a request's lists have beside the lists' own rows: all that is asked for at once, in as many
//! statements for a hundred cases as for one.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{Error, Result, dataloader::Loader};
use domain::{CaseId, RequestId, case::CaseActionKind};
use futures_util::FutureExt as _;
use projections::{
    AttachmentEntry, EntriesOf, EntryPage, LinkEntry, ProjectionError, WatcherEntry, attachments, links, watchers,
};

use super::context::{Services, internal};
use crate::identity::Caller;

/// Loads for one caller.
pub struct CaseLoader {
    /// The service.
    pub services: Arc<Services>,
    /// Who asks.
    pub caller: Caller,
    /// The request, for its log lines.
    pub request: RequestId,
}

/// Asks for the links of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct LinksOf(pub CaseId);

/// Asks for who watches a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WatchersOf(pub CaseId);

/// Asks for the files of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AttachmentsOf(pub CaseId);

/// Asks what the caller may do with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AllowedOn(pub CaseId);

impl CaseLoader {
    /// An error that tells the caller an id and the log the rest.
    pub(super) fn internal(&self, cause: &(dyn std::error::Error + 'static)) -> Error {
        internal(self.request, cause)
    }
}

impl Loader<CaseId> for CaseLoader {
    type Value = Arc<projections::Case>;
    type Error = Error;

    async fn load(&self, keys: &[CaseId]) -> Result<HashMap<CaseId, Self::Value>> {
        let found = self.services.reads.cases_by_ids(&self.caller.scope(), keys).await;
        let found = found.map_err(|cause| self.internal(&cause))?;
        Ok(found.into_iter().map(|case| (case.summary.case_id, Arc::new(case))).collect())
    }
}

macro_rules! of_cases {
    ($($asked:ident => $entry:ty, by $read:ident;)+) => {$(
        impl Loader<$asked> for CaseLoader {
            type Value = Vec<$entry>;
            type Error = Error;

            async fn load(&self, keys: &[$asked]) -> Result<HashMap<$asked, Self::Value>> {
                let cases: Vec<_> = keys.iter().map(|$asked(case_id)| *case_id).collect();
                let reads = &self.services.reads;
                let found = reads.read(&self.caller.scope(), move |tx| $read(tx, cases.clone()).boxed()).await;
                self.by_case(found, |entry| $asked(entry.case_id))
            }
        }
    )+};
}

of_cases! {
    LinksOf => LinkEntry, by links;
    WatchersOf => WatcherEntry, by watchers;
    AttachmentsOf => AttachmentEntry, by attachments;
}

impl CaseLoader {
    /// What was found, by the case that it is of, in its order.
    fn by_case<K: Eq + Hash, T>(
        &self,
        found: Result<Vec<T>, ProjectionError>,
        case_of: impl Fn(&T) -> K,
    ) -> Result<HashMap<K, Vec<T>>> {
        let mut by_case: HashMap<_, Vec<_>> = HashMap::new();
        for entry in found.map_err(|cause| self.internal(&cause))? {
            by_case.entry(case_of(&entry)).or_default().push(entry);
        }
        Ok(by_case)
    }
}

impl Loader<EntriesOf> for CaseLoader {
    type Value = EntryPage;
    type Error = Error;

    async fn load(&self, keys: &[EntriesOf]) -> Result<HashMap<EntriesOf, EntryPage>> {
        let found = self.services.reads.activities(&self.caller.scope(), keys).await;
        let found = found.map_err(|cause| self.internal(&cause))?;
        Ok(keys.iter().copied().zip(found).collect())
    }
}

impl Loader<AllowedOn> for CaseLoader {
    /// An error for the case alone whose history cannot be read.
    type Value = Result<Vec<CaseActionKind>>;
    type Error = Error;

    async fn load(&self, keys: &[AllowedOn]) -> Result<HashMap<AllowedOn, Self::Value>> {
        let cases: Vec<_> = keys.iter().map(|AllowedOn(case_id)| *case_id).collect();
        let found = self.services.commands.allowed(&self.caller, &cases).await.into_iter();
        let found = found.map(|allowed| allowed.map_err(|cause| self.internal(&cause)));
        Ok(keys.iter().copied().zip(found).collect())
    }
}

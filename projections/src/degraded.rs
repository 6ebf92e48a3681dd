//! Reads of a case that hold for parked ones, too: where its rows stand still, its page is folded from the log.
//!
//! A case is read within its reader's scope first. Only one that they see, and that is parked, is folded, and it is
//! shown as its rows would be: to the reader's audience, names looked up in the reader's role. Lists show the rows.

use domain::{CaseId, Scope, Slug, case::CaseNumber};
use futures_util::FutureExt as _;

use crate::{
    ProjectionError, Reads,
    case_group::{
        activity::{EntriesOf, EntryPage},
        attachments::AttachmentEntry,
        case::{Case, case_by_external_reference, case_by_number, cases_by_ids},
        from_log::FoldedCase,
        watchers::WatcherEntry,
    },
};

impl Reads {
    /// Reads a case by its number; none when the scope does not see it.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn case_by_number(&self, scope: &Scope, number: CaseNumber) -> Result<Option<Case>, ProjectionError> {
        let found = self.read(scope, move |tx| case_by_number(tx, number).boxed()).await?;
        self.found(scope, found).await
    }

    /// Reads a case by what it is called in the system that it comes from; none when the scope does not see it.
    ///
    /// # Errors
    /// As [`case_by_external_reference`], and [`ProjectionError::Log`].
    pub async fn case_by_external_reference(
        &self,
        scope: &Scope,
        system: Option<&Slug>,
        reference: &str,
    ) -> Result<Option<Case>, ProjectionError> {
        let name = (system.cloned(), reference.to_owned());
        let found = self.read(scope, move |tx| {
            let (system, reference) = name.clone();
            async move { case_by_external_reference(tx, system.as_ref(), &reference).await }.boxed()
        });
        self.found(scope, found.await?).await
    }

    /// Reads cases by their ids, in no particular order, without those that the scope does not see.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn cases_by_ids(&self, scope: &Scope, case_ids: &[CaseId]) -> Result<Vec<Case>, ProjectionError> {
        let ids = case_ids.to_vec();
        let found = self.read(scope, move |tx| {
            let ids = ids.clone();
            async move { cases_by_ids(tx, &ids).await }.boxed()
        });
        let mut cases = vec![];
        for case in found.await? {
            cases.push(self.unless_degraded(scope, case).await?);
        }
        Ok(cases)
    }

    /// Reads a page of a degraded case's activity stream from the log; an empty one when the scope does not see the case.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn degraded_activity(&self, scope: &Scope, wanted: EntriesOf) -> Result<EntryPage, ProjectionError> {
        match self.folded(scope, wanted.case_id).await? {
            Some(folded) => folded.activity(&mut self.begin(scope).await?, &wanted).await,
            None => Ok(EntryPage { entries: vec![], has_more: false }),
        }
    }

    /// Reads who watches a degraded case from the log; nobody when the scope does not see the case.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn degraded_watchers(
        &self,
        scope: &Scope,
        case_id: CaseId,
    ) -> Result<Vec<WatcherEntry>, ProjectionError> {
        match self.folded(scope, case_id).await? {
            Some(folded) => folded.watchers(&mut self.begin(scope).await?).await,
            None => Ok(vec![]),
        }
    }

    /// Reads the files of a degraded case from the log; none when the scope does not see the case.
    ///
    /// # Errors
    /// [`ProjectionError::Database`] and [`ProjectionError::Log`].
    pub async fn degraded_attachments(
        &self,
        scope: &Scope,
        case_id: CaseId,
    ) -> Result<Vec<AttachmentEntry>, ProjectionError> {
        match self.folded(scope, case_id).await? {
            Some(folded) => folded.attachments(&mut self.begin(scope).await?).await,
            None => Ok(vec![]),
        }
    }

    /// The case as its rows say, unless they stand still: then as the log says.
    async fn unless_degraded(&self, scope: &Scope, case: Case) -> Result<Case, ProjectionError> {
        if !case.is_degraded {
            return Ok(case);
        }
        // Boxed, because hardly any case takes this way, and every read of one would carry the room for it along.
        let from_log = async move {
            match self.folded(scope, case.summary.case_id).await? {
                Some(folded) => folded.case(&mut self.begin(scope).await?).await,
                None => Ok(case),
            }
        };
        Box::pin(from_log).await
    }

    /// The same for a case that may not be there.
    pub(crate) async fn found(&self, scope: &Scope, case: Option<Case>) -> Result<Option<Case>, ProjectionError> {
        match case {
            Some(case) => self.unless_degraded(scope, case).await.map(Some),
            None => Ok(None),
        }
    }

    /// Folds a case on a connection that is given back before the reader's own transaction begins.
    async fn folded(&self, scope: &Scope, case_id: CaseId) -> Result<Option<FoldedCase>, ProjectionError> {
        let mut connection = self.pool().acquire().await?;
        let folded = Box::pin(FoldedCase::read(&mut connection, self.codec(), case_id)).await?;
        Ok(folded.filter(|folded| folded.is_seen_by(scope)))
    }
}

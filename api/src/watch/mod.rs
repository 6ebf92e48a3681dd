//! Links for watchers: one to say that they want mail about a case, one to say that they don't.
//!
//! A link needs no table. It says which case, which watcher and what for, encrypted and authenticated under the master key
//! ([`Opaque`]), and is always the same, so there is one of each at a time. What it is good for, the case's history says:
//! a confirmation for the event that added the watcher, within its time and once; leaving for as long as they are on the
//! list.

pub(crate) mod routes;

use domain::{
    Actor, CaseId,
    case::{Case, CaseAction, CaseCommand, CaseNumber, CaseState, WatcherId},
};
use serde::{Deserialize, Serialize};

use crate::opaque::Opaque;

/// What a link is sealed for.
const PURPOSE: &str = "watch link";

/// A link: whose, and what for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    case_id: CaseId,
    watcher: WatcherId,
    purpose: Purpose,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Purpose {
    /// To say that one wants mail, after the event of the case that added the watcher.
    Confirm(u64),
    /// To say that one wants none.
    Leave,
}

/// The links of one watcher of a case, as paths below the service's address: what their mails hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatcherLinks {
    /// To confirm, for those who have not yet.
    pub confirm: Option<String>,
    /// To leave.
    pub leave: String,
}

impl WatcherLinks {
    /// Makes the links of a watcher as the case is now; none for somebody who is not on the list.
    #[must_use]
    pub fn of(opaque: &Opaque, case_id: CaseId, case: &CaseState, watcher: &WatcherId) -> Option<Self> {
        let path = |purpose| {
            let link = Link { case_id, watcher: watcher.clone(), purpose };
            format!("/watch/{}", opaque.seal(PURPOSE, &link))
        };
        let asked = case.unconfirmed.iter().find(|asked| asked.watcher == *watcher);
        case.watchers.contains(watcher).then(|| Self {
            confirm: asked.map(|asked| path(Purpose::Confirm(asked.addition))),
            leave: path(Purpose::Leave),
        })
    }
}

impl Link {
    /// Reads a link; none that was not made here.
    fn open(opaque: &Opaque, token: &str) -> Option<Self> {
        opaque.open(PURPOSE, token).ok()
    }

    /// Who gives the command that following the link is.
    fn actor(&self) -> Actor {
        Actor::watcher(&self.watcher)
    }

    /// What following the link asks of the case.
    fn action(&self) -> CaseAction {
        let watcher = self.watcher.clone();
        match self.purpose {
            Purpose::Confirm(addition) => CaseAction::ConfirmWatching { watcher, addition },
            Purpose::Leave => CaseAction::LeaveByLink { watcher },
        }
    }

    /// The number of its case, if following the link would change something now.
    fn is_good_for(&self, case: &Case, at: domain::Timestamp) -> Option<CaseNumber> {
        let command = CaseCommand { by: self.actor(), at, action: self.action() };
        let is_good = case.decide(&command).is_ok_and(|events| !events.is_empty());
        case.state.as_ref().filter(|_| is_good).map(|state| state.number)
    }
}

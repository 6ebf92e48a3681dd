//! Texts that agents answer with again and again.
//!
//! People write them for people, so they are sealed like messages, as the words of whoever runs the installation: they stay
//! when their author goes. The rules know what stands for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Decision, SettingsError, SettingsFact};
use crate::{Fingerprint, Line, Slug};

/// How many replies are kept at most.
pub const MAX_REPLIES: usize = 500;

/// The replies, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Replies(pub BTreeMap<Slug, Reply>);

/// What the rules know of a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// What stands for its title.
    pub title: Fingerprint,
    /// What stands for its text.
    pub body: Fingerprint,
}

impl Replies {
    /// Says what a reply is; one that is not there begins.
    ///
    /// # Errors
    /// [`SettingsError::TooManyReplies`].
    pub(super) fn set(&self, reply: &Slug, title: &Line, body: &Line) -> Decision {
        let known = self.0.get(reply);
        if known.is_some_and(|known| known.title == title.fingerprint && known.body == body.fingerprint) {
            return Ok(vec![]);
        }
        if known.is_none() && self.0.len() >= MAX_REPLIES {
            return Err(SettingsError::TooManyReplies { limit: MAX_REPLIES });
        }
        Ok(vec![SettingsFact::CannedReplySet { reply: reply.clone(), title: title.clone(), body: body.clone() }])
    }

    /// Offers a reply no more. One that is not there stays so.
    pub(super) fn remove(&self, reply: &Slug) -> Vec<SettingsFact> {
        let is_there = self.0.contains_key(reply);
        is_there.then(|| SettingsFact::CannedReplyRemoved { reply: reply.clone() }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Role,
        settings::{SettingsAction, testing::*},
    };

    #[test]
    fn a_reply_is_set_and_removed_once_and_compared_by_what_stands_for_its_words() {
        let fact = |body| SettingsFact::CannedReplySet { reply: slug("hello"), title: line("Hello"), body: line(body) };
        let set = |body| SettingsAction::SetReply { reply: slug("hello"), title: line("Hello"), body: line(body) };
        let remove = || SettingsAction::RemoveReply { reply: slug("hello") };
        given(vec![]).when(by(Role::Supervisor), set("Good day.")).then(vec![fact("Good day.")]);
        given(vec![fact("Good day.")]).when(administrator(), set("Good day.")).then(vec![]);
        given(vec![fact("Good day.")]).when(administrator(), set("Good night.")).then(vec![fact("Good night.")]);
        let removed = SettingsFact::CannedReplyRemoved { reply: slug("hello") };
        given(vec![fact("Good day.")]).when(by(Role::Supervisor), remove()).then(vec![removed]);
        given(vec![]).when(administrator(), remove()).then(vec![]);
    }
}

//! What a subscription says of itself, from one round to the next.

use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::watch;

/// Where a subscription is and what it waits for. A resolver finds one in its context; clones are of one subscription.
///
/// In each round it says first what it waits for ([`Follow::wait_for`]), then reads what there is after [`Follow::cursor`], and says of
/// each item how far it came ([`Follow::went_to`]). A round without something to wait for was the last.
#[derive(Clone, Default)]
pub struct Follow(Arc<Mutex<Following>>);

#[derive(Default)]
struct Following {
    cursor: Option<String>,
    news: Option<watch::Receiver<u64>>,
    has_more: bool,
}

/// What is to be done after a round.
pub(super) enum Then {
    /// It was the last.
    End,
    /// There is more to be read at once.
    Again,
    /// There may be when this changes.
    Wait(watch::Receiver<u64>),
}

impl Follow {
    /// The cursor of the last item, if there was one: the next round begins after it.
    #[must_use]
    pub fn cursor(&self) -> Option<String> {
        self.lock().cursor.clone()
    }

    /// The subscription has come so far.
    pub fn went_to(&self, cursor: String) {
        self.lock().cursor = Some(cursor);
    }

    /// There is another round when `news` changes after now. To be said before anything is read, so that nothing is missed.
    pub fn wait_for(&self, news: watch::Receiver<u64>) {
        self.lock().news = Some(news);
    }

    /// There is another round at once: this one did not read all.
    pub fn has_more(&self) {
        self.lock().has_more = true;
    }

    /// A round begins.
    pub(super) fn begin(&self) {
        let mut following = self.lock();
        (following.news, following.has_more) = (None, false);
    }

    /// A round has ended.
    pub(super) fn end(&self) -> Then {
        let mut following = self.lock();
        match following.news.take() {
            None => Then::End,
            Some(_) if following.has_more => Then::Again,
            Some(news) => Then::Wait(news),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Following> {
        self.0.lock().expect("nobody panics while holding it")
    }
}

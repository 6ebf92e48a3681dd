//! Pages of lists (Relay Cursor Connections): `first` and `after`, or `last` and `before`.

use async_graphql::{Result, connection::PageInfo};
use serde::{Serialize, de::DeserializeOwned};

use super::context::{RequestContext, error};

/// The size of a page that nobody asked for.
const DEFAULT_SIZE: u16 = 20;
/// The largest page.
const MAX_SIZE: i32 = 100;

/// The arguments of a list.
#[derive(Clone, Debug, Default)]
pub struct PageInput {
    /// This many from the beginning or after `after`, 1 to 100; 20 when nothing is said.
    pub first: Option<i32>,
    /// Begin after this cursor.
    pub after: Option<String>,
    /// This many from the end or before `before`, 1 to 100.
    pub last: Option<i32>,
    /// End before this cursor.
    pub before: Option<String>,
}

/// The arguments of a list, checked.
#[derive(Clone, Debug)]
pub struct Page {
    /// How many.
    pub size: u16,
    /// From the end, towards the beginning.
    pub backward: bool,
    /// The cursor, from which the page goes on.
    pub cursor: Option<String>,
}

impl PageInput {
    /// Checks the arguments.
    ///
    /// # Errors
    /// `BAD_USER_INPUT`, naming the argument.
    pub fn check(&self) -> Result<Page> {
        let bad = |message: &str| Err(error("BAD_USER_INPUT", message));
        let (size, backward, cursor) = match (self.first, self.last) {
            (Some(_), Some(_)) => return bad("ask for the `first` or for the `last`, not for both"),
            (_, None) if self.before.is_some() => return bad("`before` goes with `last`"),
            (None, Some(_)) if self.after.is_some() => return bad("`after` goes with `first`"),
            (first, None) => (first, false, self.after.clone()),
            (None, last) => (last, true, self.before.clone()),
        };
        let size = match size {
            None => DEFAULT_SIZE,
            Some(size) if (1..=MAX_SIZE).contains(&size) => u16::try_from(size).expect("1 to 100 fits"),
            Some(_) => return bad("a page has 1 to 100 items"),
        };
        Ok(Page { size, backward, cursor })
    }
}

impl Page {
    /// What the cursor holds, if there is one.
    ///
    /// # Errors
    /// `BAD_CURSOR` for one that was made elsewhere or for another list.
    pub fn open<T: DeserializeOwned>(&self, request: &RequestContext, purpose: &str) -> Result<Option<T>> {
        let open = |cursor: &String| request.services.commands.opaque.open(purpose, cursor).map_err(|_| bad_cursor());
        self.cursor.as_ref().map(open).transpose()
    }
}

/// The refusal of a cursor.
#[must_use]
pub fn bad_cursor() -> async_graphql::Error {
    error("BAD_CURSOR", "this cursor does not belong to this list: start again from its first page")
}

/// Seals a cursor.
pub fn seal(request: &RequestContext, purpose: &str, value: &impl Serialize) -> String {
    request.services.commands.opaque.seal(purpose, value)
}

/// What lies beyond a page: towards its end what was found, towards its beginning that a cursor was there.
#[must_use]
pub fn info(page: &Page, has_cursor: bool, has_more: bool, ends: Option<(String, String)>) -> PageInfo {
    let (has_previous_page, has_next_page) =
        if page.backward { (has_more, has_cursor) } else { (has_cursor, has_more) };
    let (start_cursor, end_cursor) = ends.unzip();
    PageInfo { has_previous_page, has_next_page, start_cursor, end_cursor }
}

//! A request, signed in or not, and what it brought along.

use std::{fmt, sync::Arc};

use domain::RequestId;

use crate::{
    graphql::Services,
    http::{ClientAddress, Cookies},
    identity::Secret,
};

/// Whoever knocks.
#[derive(Clone)]
pub struct Visit {
    /// The request.
    pub request: RequestId,
    /// Where it came from.
    pub client: Option<ClientAddress>,
    /// The secret of the browser, if it brought one.
    pub device: Option<Secret>,
    /// The secret of a session, good or not, if it brought one.
    pub session: Option<Secret>,
    /// Whether it came from a page of ours: only then is a cookie set.
    pub is_same_origin: bool,
    /// How cookies are set.
    pub cookies: Cookies,
    /// Whether whoever runs the installation brings it in, who needs no mail about it.
    pub is_brought_in: bool,
    /// The service.
    pub services: Arc<Services>,
}

impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit").field("request", &self.request).finish_non_exhaustive()
    }
}

//! The portal: the built files of `api/portal/`, which the binary carries, served at `/`.
//!
//! The portal is one page that makes all others. It is served for the portal's own paths alone, which `portal/src/paths.json` lists for
//! both sides; at every other path it says that there is nothing, and for a program that stays a 404 in JSON. `npm run build` makes the files; without them a page says so.
//! A debug build reads them from the disk, so that the portal can be built anew without compiling.

mod files;
mod page;

use axum::{
    Router,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse as _, Response},
    routing::get,
};

use super::{RequestError, media};

pub use self::page::graphiql;

/// The routes of the portal, without the layers that every route has.
pub fn routes() -> Router {
    let pages = listed().into_iter().fold(Router::new(), |router, path| {
        let route = as_route(&path);
        router.route(&route, get(move || async move { page::portal(&path) }).fallback(refuse_method))
    });
    let others = files::beside_the_pages().into_iter().fold(pages, |router, name| {
        let served = move |headers: HeaderMap| async move { files::serve(&name.1, &headers) };
        router.route(&name.0, get(served).fallback(refuse_method))
    });
    others.route("/assets/{*file}", get(files::asset).fallback(refuse_method))
}

/// What is answered at a path that nobody has: a 404, which the portal shows to whoever typed the address into a browser, and programs
/// get in JSON.
pub async fn nowhere(method: Method, headers: HeaderMap) -> Response {
    if (method == Method::GET || method == Method::HEAD) && media::asks_for_html(&headers) {
        return (StatusCode::NOT_FOUND, page::portal("")).into_response();
    }
    RequestError::NotFound.into_response()
}

async fn refuse_method() -> RequestError {
    RequestError::MethodNotAllowed { allow: "GET, HEAD", message: "fetch pages and their files by GET" }
}

/// The paths of the portal's pages, as the portal writes them.
fn listed() -> Vec<String> {
    serde_json::from_str(include_str!("../../../portal/src/paths.json")).expect("a list of texts")
}

/// `/cases/:number`, as the portal writes it, is `/cases/{number}` here.
fn as_route(path: &str) -> String {
    let parts = path
        .split('/')
        .map(|part| part.strip_prefix(':').map_or_else(|| part.to_owned(), |name| format!("{{{name}}}")));
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{as_route, listed, routes};
    use crate::mail::link::LinkPurpose;

    #[test]
    fn every_listed_path_is_a_route() {
        let _ = routes();
        assert_eq!(as_route("/cases/:number"), "/cases/{number}");
        assert_eq!(as_route("/"), "/");
    }

    #[test]
    fn mailed_links_lead_to_pages() {
        let paths: Vec<_> = listed().iter().map(|path| as_route(path)).collect();
        for purpose in [LinkPurpose::Activation, LinkPurpose::PasswordReset, LinkPurpose::Unlock] {
            assert!(paths.contains(&format!("/{}", purpose.page())), "{purpose:?}");
        }
        assert!(paths.contains(&"/cases/{number}".to_owned()), "mail about a case links to it");
    }
}

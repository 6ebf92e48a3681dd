//! `/mailbox`: in development mode, the mail that is not sent. Whoever runs the service on their own machine finds invitations and
//! links there.
//!
//! The pages have no script. What somebody wrote is escaped; the HTML of a mail is a page of its own, in a sandbox. They are shown
//! to requests for the service's own address alone, so that no other site's name can be made to lead here.

use std::{
    fmt::Write as _,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    extract::{Path as PathParameter, Request, State},
    http::{
        HeaderValue,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST},
    },
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::get,
};
use mail_parser::{Message, MessageParser};
use uuid::Uuid;

use crate::http::RequestError;

/// A page without scripts and images.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The same for somebody else's HTML, which is a stranger to this site besides.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// How many mails the list shows.
const SHOWN: usize = 200;

/// Where the mail is.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// The folder.
    pub folder: PathBuf,
    /// Host and port of the service's own address.
    pub authority: String,
}

/// The routes of the pages, without the layers that every route has.
pub fn routes(mailbox: Mailbox) -> Router {
    let mailbox = Arc::new(mailbox);
    Router::new()
        .route("/mailbox", get(list))
        .route("/mailbox/{mail}", get(show))
        .route("/mailbox/{mail}/html", get(show_html))
        .layer(middleware::from_fn_with_state(Arc::clone(&mailbox), at_home))
        .with_state(mailbox)
}

/// Refuses requests that come under another name: a site whose name leads to this machine would read along.
async fn at_home(State(mailbox): State<Arc<Mailbox>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(|host| host.eq_ignore_ascii_case(&mailbox.authority) || is_loopback(host)) {
        next.run(request).await
    } else {
        RequestError::NotFound.into_response()
    }
}

/// Whether a name is this machine's by itself, whatever a name server says.
fn is_loopback(host: &str) -> bool {
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Lists what is there, the newest first.
async fn list(State(mailbox): State<Arc<Mailbox>>) -> Result<Response, RequestError> {
    let folder = mailbox.folder.clone();
    let found = tokio::task::spawn_blocking(move || newest(&folder)).await;
    let mails =
        found.map_err(|error| RequestError::internal(&error))?.map_err(|error| RequestError::internal(&error))?;
    let mut rows = String::new();
    for (mail_id, bytes) in &mails {
        let Some(mail) = MessageParser::default().parse(bytes) else { continue };
        let at = mail.date().map(ToString::to_string).unwrap_or_default();
        write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td><a href=\"/mailbox/{mail_id}\">{}</a></td></tr>",
            escaped(&at),
            escaped(&address(&mail)),
            escaped(mail.subject().unwrap_or_default()),
        )
        .expect("writing to a string does not fail");
    }
    let body = if rows.is_empty() {
        "<p>Nothing yet.</p>".to_owned()
    } else {
        format!("<table><tr><th>Sent</th><th>To</th><th>Subject</th></tr>{rows}</table>")
    };
    Ok(page("Mail that was not sent", &body, POLICY))
}

/// Shows one as text, with its headers.
async fn show(
    State(mailbox): State<Arc<Mailbox>>,
    PathParameter(mail_id): PathParameter<Uuid>,
) -> Result<Response, RequestError> {
    let bytes = read(&mailbox.folder, mail_id).await?;
    let mail = MessageParser::default().parse(&bytes).ok_or(RequestError::NotFound)?;
    let headers = String::from_utf8_lossy(&bytes).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let body = format!(
        "<p><a href=\"/mailbox\">All mail</a> · <a href=\"/mailbox/{mail_id}/html\">As HTML</a></p><pre>{}</pre>\
         <details><summary>Headers</summary><pre>{}</pre></details>",
        linked(&mail.body_text(0).unwrap_or_default()),
        escaped(&headers),
    );
    Ok(page(mail.subject().unwrap_or_default(), &body, POLICY))
}

/// Shows one's HTML as it is.
async fn show_html(
    State(mailbox): State<Arc<Mailbox>>,
    PathParameter(mail_id): PathParameter<Uuid>,
) -> Result<Response, RequestError> {
    let bytes = read(&mailbox.folder, mail_id).await?;
    let mail = MessageParser::default().parse(&bytes).ok_or(RequestError::NotFound)?;
    let html = mail.body_html(0).ok_or(RequestError::NotFound)?.into_owned();
    Ok(answer(html, SANDBOX))
}

async fn read(folder: &Path, mail_id: Uuid) -> Result<Vec<u8>, RequestError> {
    match tokio::fs::read(folder.join(format!("{mail_id}.eml"))).await {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(RequestError::NotFound),
        Err(error) => Err(RequestError::internal(&error)),
    }
}

/// The last mails that were written, by their ids and their bytes.
fn newest(folder: &Path) -> io::Result<Vec<(Uuid, Vec<u8>)>> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let mail_id =
            name.to_str().and_then(|name| name.strip_suffix(".eml")).and_then(|name| name.parse::<Uuid>().ok());
        found.extend(mail_id.map(|mail_id| entry.metadata().and_then(|it| it.modified()).map(|at| (at, mail_id))));
    }
    let mut found = found.into_iter().collect::<io::Result<Vec<_>>>()?;
    found.sort_unstable_by(|one, other| other.cmp(one));
    let read = |(_, mail_id): (_, Uuid)| Ok((mail_id, std::fs::read(folder.join(format!("{mail_id}.eml")))?));
    found.into_iter().take(SHOWN).map(read).collect()
}

fn address(mail: &Message<'_>) -> String {
    mail.to().and_then(|to| to.first()).and_then(|to| to.address.as_deref()).unwrap_or_default().to_owned()
}

/// A text as HTML, in which a line that is an address of the web is a link.
fn linked(text: &str) -> String {
    let line = |line: &str| {
        let shown = escaped(line);
        let url = line.rsplit(' ').next().filter(|word| word.starts_with("http://") || word.starts_with("https://"));
        match url.map(escaped) {
            Some(url) => format!(
                "{}<a href=\"{url}\" rel=\"noreferrer\">{url}</a>",
                shown.strip_suffix(&url).unwrap_or_default()
            ),
            None => shown,
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn page(title: &str, body: &str, policy: &'static str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"robots\" content=\"noindex\"><title>{title}</title>\
         <style>body{{font:16px/1.5 sans-serif;margin:2rem}}td,th{{padding:.2rem 1rem .2rem 0;text-align:left}}\
         pre{{white-space:pre-wrap;overflow-wrap:anywhere}}</style></head>\n\
         <body><main><h1>{title}</h1>{body}</main></body>\n</html>\n"
    );
    answer(html, policy)
}

fn answer(html: String, policy: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ];
    (headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_elsewhere_leads_nowhere() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com:8080", "evil.example:8080", "127.0.0.1.example:80", "127.0.0.1:x"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn what_somebody_wrote_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
        let text = "> <script>\nSee it: https://example.com/a?b&c\njavascript:alert(1)";
        let html = "&gt; &lt;script&gt;\nSee it: <a href=\"https://example.com/a?b&amp;c\" rel=\"noreferrer\">\
                    https://example.com/a?b&amp;c</a>\njavascript:alert(1)";
        assert_eq!(linked(text), html);
    }
}

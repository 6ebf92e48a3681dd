//! Which files are taken: the name says what a file claims to be, its content must agree.
//!
//! The kind that is recorded is ours, by the name's extension, and never what the client declares. Nothing that a browser
//! would run is on the list; and what is on it is served as an attachment all the same.

/// What the first bytes of a file must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    /// Text in UTF-8 that is nothing else.
    Text,
    /// Any of these types, as told by their signatures.
    Signed(&'static [&'static str]),
}

/// A kind of file: the extensions of its names, its media type, its content.
struct Kind(&'static [&'static str], &'static str, Content);

const ZIP: &str = "application/zip";
const OLE: &str = "application/x-ole-storage";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The files that are taken.
static KINDS: &[Kind] = &[
    Kind(&["txt", "log", "md", "cfg", "conf"], "text/plain", Content::Text),
    Kind(&["csv"], "text/csv", Content::Text),
    Kind(&["json"], "application/json", Content::Text),
    Kind(&["eml"], "message/rfc822", Content::Text),
    Kind(&["pdf"], "application/pdf", Content::Signed(&["application/pdf"])),
    Kind(&["png"], "image/png", Content::Signed(&["image/png"])),
    Kind(&["jpg", "jpeg"], "image/jpeg", Content::Signed(&["image/jpeg"])),
    Kind(&["gif"], "image/gif", Content::Signed(&["image/gif"])),
    Kind(&["webp"], "image/webp", Content::Signed(&["image/webp"])),
    Kind(&["bmp"], "image/bmp", Content::Signed(&["image/bmp"])),
    Kind(&["tif", "tiff"], "image/tiff", Content::Signed(&["image/tiff"])),
    Kind(&["heic"], "image/heif", Content::Signed(&["image/heif"])),
    Kind(&["mp3"], "audio/mpeg", Content::Signed(&["audio/mpeg"])),
    Kind(&["wav"], "audio/wav", Content::Signed(&["audio/x-wav"])),
    Kind(&["ogg"], "audio/ogg", Content::Signed(&["audio/ogg", "audio/opus"])),
    Kind(&["m4a"], "audio/mp4", Content::Signed(&["audio/m4a"])),
    Kind(&["mp4"], "video/mp4", Content::Signed(&["video/mp4", "video/x-m4v"])),
    Kind(&["docx"], DOCX, Content::Signed(&[DOCX, ZIP])),
    Kind(&["xlsx"], XLSX, Content::Signed(&[XLSX, ZIP])),
    Kind(&["pptx"], PPTX, Content::Signed(&[PPTX, ZIP])),
    Kind(&["odt"], ODT, Content::Signed(&[ODT])),
    Kind(&["ods"], ODS, Content::Signed(&[ODS])),
    Kind(&["doc"], "application/msword", Content::Signed(&["application/msword", OLE])),
    Kind(&["xls"], "application/vnd.ms-excel", Content::Signed(&["application/vnd.ms-excel", OLE])),
    Kind(&["zip"], ZIP, Content::Signed(&[ZIP])),
    Kind(&["gz"], "application/gzip", Content::Signed(&["application/gzip"])),
];

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KindError {
    /// Its name is of no kind that is taken.
    #[error("files of this kind are not taken: the name ends in none of {}", extensions())]
    Name,
    /// Its content is not what its name says.
    #[error("the content is not what the name says, {expected}: it looks like {found}")]
    Content {
        /// What the name says.
        expected: &'static str,
        /// What the content looks like.
        found: &'static str,
    },
}

/// How many bytes from the beginning tell the kind.
pub const SNIFFED_BYTES: usize = 64 * 1024;

/// The media type of a file by its name.
///
/// # Errors
/// [`KindError::Name`], with what is taken.
pub fn media_type(name: &str) -> Result<&'static str, KindError> {
    of_name(name).map(|Kind(_, media_type, _)| *media_type).ok_or(KindError::Name)
}

/// Checks the beginning of a file, up to [`SNIFFED_BYTES`], against its name.
///
/// # Errors
/// [`KindError`].
pub fn check_content(name: &str, beginning: &[u8]) -> Result<(), KindError> {
    let Kind(_, expected, content) = of_name(name).ok_or(KindError::Name)?;
    let found = infer::get(beginning).map(|kind| kind.mime_type());
    let fits = match content {
        Content::Text => found.is_none() && is_text(beginning),
        Content::Signed(types) => found.is_some_and(|found| types.contains(&found)),
    };
    if fits { Ok(()) } else { Err(KindError::Content { expected, found: found.unwrap_or("something else") }) }
}

fn of_name(name: &str) -> Option<&'static Kind> {
    let (_, extension) = name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    KINDS.iter().find(|Kind(extensions, _, _)| extensions.contains(&extension.as_str()))
}

/// UTF-8 without what no text has. The last character may be cut off where more of the file follows.
fn is_text(beginning: &[u8]) -> bool {
    let is_utf8 = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && beginning.len() == SNIFFED_BYTES,
    };
    is_utf8
        && !beginning.iter().any(|byte| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
}

fn extensions() -> String {
    KINDS.iter().flat_map(|Kind(extensions, _, _)| extensions.iter()).copied().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn a_kind_follows_from_the_last_extension_whatever_its_case() {
        assert_eq!(media_type("Router.LOG"), Ok("text/plain"));
        assert_eq!(media_type("photo.pdf.png"), Ok("image/png"));
        for name in ["run.exe", "page.html", "drawing.svg", "noextension", "invoice.pdf.js", ".profile"] {
            assert_eq!(media_type(name), Err(KindError::Name), "{name}");
        }
    }

    #[test]
    fn content_must_be_what_the_name_says() {
        assert_eq!(check_content("a.png", PNG), Ok(()));
        let refused = [
            ("a.jpg", PNG),
            ("a.txt", PNG),
            ("a.png", b"no picture".as_slice()),
            ("a.pdf", b"MZ\x90\0".as_slice()),
            ("a.txt", b"<html><script>alert(1)</script></html>".as_slice()),
            ("a.log", b"#!/bin/sh\nrm -r /\n".as_slice()),
            ("a.txt", b"zero \0 byte".as_slice()),
            ("a.csv", b"latin \xe9".as_slice()),
        ];
        for (name, content) in refused {
            assert!(matches!(check_content(name, content), Err(KindError::Content { .. })), "{name} {content:?}");
        }
        assert_eq!(check_content("a.txt", "grün\n".as_bytes()), Ok(()));
    }

    #[test]
    fn a_character_that_is_cut_off_by_the_end_of_the_sample_is_still_text() {
        let mut sample = vec![b'a'; SNIFFED_BYTES - 1];
        sample.push(0xc3);
        assert_eq!(check_content("a.txt", &sample), Ok(()));
        assert!(check_content("a.txt", &sample[1..]).is_err(), "a file that ends so is no UTF-8");
    }
}

//! Global ids: opaque to clients, one namespace for everything (GraphQL Global Object Identification).

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{AccessRequestId, AccountId, AttachmentId, CaseId, LocationId, MessageId, PersonId, ProductId};
use uuid::Uuid;

use crate::commands::Refusal;

/// Something that has a global id.
pub trait GlobalId: From<Uuid> + Copy {
    /// The kind, as it stands in the id.
    const KIND: &'static str;

    /// The id below.
    fn uuid(self) -> Uuid;

    /// The global id.
    fn global(self) -> ID {
        ID(BASE64.encode(format!("{}:{}", Self::KIND, self.uuid())))
    }

    /// Reads a global id of this kind.
    fn from_global(id: &ID) -> Option<Self> {
        let (kind, uuid) = parts(id)?;
        (kind == Self::KIND).then(|| Self::from(uuid))
    }

    /// Reads a global id that an input field holds.
    ///
    /// # Errors
    /// A refusal that names the field.
    fn of_field(field: &str, id: &ID) -> Result<Self, Refusal> {
        let message =
            || format!("this is no id of a {}: take one from an answer of this API", Self::KIND.to_lowercase());
        Self::from_global(id).ok_or_else(|| Refusal::of_field(field, message()))
    }
}

macro_rules! global_ids {
    ($($id:ty => $kind:literal),+ $(,)?) => {$(
        impl GlobalId for $id {
            const KIND: &'static str = $kind;

            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )+};
}

global_ids! {
    CaseId => "Case",
    AccessRequestId => "AccessRequest",
    AccountId => "Account",
    PersonId => "Person",
    LocationId => "Location",
    ProductId => "Product",
    MessageId => "Message",
    AttachmentId => "Attachment",
}

/// The kind and the id below of a global id.
#[must_use]
pub fn parts(id: &ID) -> Option<(String, Uuid)> {
    let text = String::from_utf8(BASE64.decode(id.as_bytes()).ok()?).ok()?;
    let (kind, uuid) = text.split_once(':')?;
    Some((kind.to_owned(), uuid.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_one_kind() {
        let case = CaseId(Uuid::from_u128(7));
        assert_eq!(CaseId::from_global(&case.global()), Some(case));
        assert_eq!(PersonId::from_global(&case.global()), None);
        for text in ["", "Q2FzZQ", "not base64!", "Q2FzZTp4"] {
            assert_eq!(CaseId::from_global(&ID(text.to_owned())), None, "{text}");
        }
    }
}

//! The enums of the schema: the domain's own, under GraphQL names.

use async_graphql::Enum;
use serde::Serialize;

/// Mirrors an enum of the domain. The compiler holds the two equal: a variant that one of them lacks does not build.
macro_rules! mirror {
    ($($(#[$doc:meta])+ $name:ident of $domain:ty { $($(#[$variant_doc:meta])+ $variant:ident,)+ })+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize)]
        #[graphql(remote = $domain)]
        pub enum $name {
            $($(#[$variant_doc])+ $variant,)+
        }
    )+};
}

mirror! {
    /// Where a case stands.
    CaseStatus of domain::case::Status {
        /// Nobody has taken it up yet.
        New,
        /// Somebody works on it.
        Open,
        /// An answer was given; the customer may accept or reject it.
        Resolved,
        /// Settled, for good.
        Closed,
        /// Withdrawn, for good.
        Canceled,
    }
    /// How urgent a case is.
    Priority of domain::case::Priority {
        /// Can wait.
        Low,
        /// The usual.
        Normal,
        /// Before the usual.
        High,
        /// At once.
        Critical,
    }
    /// What an open case waits for.
    WaitReason of domain::case::WaitReason {
        /// The customer's answer.
        Customer,
        /// A supplier.
        Vendor,
        /// The cause behind several cases.
        Problem,
        /// Something that shows what happened.
        Evidence,
    }
    /// Why a case is canceled.
    CancelReason of domain::case::CancelReason {
        /// The trouble went away.
        SolvedItself,
        /// Opened by mistake.
        OpenedByMistake,
        /// Another case is about the same.
        Duplicate,
        /// No longer needed.
        NoLongerNeeded,
        /// Something else, said in words.
        Other,
    }
    /// A role.
    Role of domain::Role {
        /// A customer's person.
        Contact,
        /// Works cases.
        Agent,
        /// An agent who also runs the desk.
        Supervisor,
        /// Runs the installation.
        Administrator,
        /// Reads everything ever recorded.
        Auditor,
        /// Asks questions of reports.
        Analyst,
        /// A machine with an API token.
        Service,
        /// A date that was reached.
        Clock,
    }
    /// The way by which a command came in.
    Channel of domain::Channel {
        /// A customer in the portal.
        Portal,
        /// Staff at their desk.
        Desk,
        /// A mail.
        Email,
        /// A machine through the API.
        Api,
        /// A history brought over from another system.
        Import,
        /// A date that was reached.
        Clock,
    }
}

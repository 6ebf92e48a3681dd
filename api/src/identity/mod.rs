//! Who calls, and by what they prove it: tokens, passwords, links by mail; how often somebody may try, and what is recorded of it.

mod access_log;
pub mod attempts;
mod caller;
mod callers;
pub mod challenge;
mod hashing;
pub mod links;
pub mod passwords;
mod pepper;
pub mod policy;
mod rate_guard;
pub mod second_factor;
mod secret;
pub mod sessions;
mod sign_in_name;
mod standings;
mod tokens;

pub use access_log::{
    Access, AccessLog, AccessLogError, Authentication, AuthenticationEvent, BadAccess, verify_access_log,
};
pub use attempts::AttemptRules;
pub use caller::{Caller, TokenScope};
pub use callers::{Callers, Use};
pub use hashing::{Admitted, Hashed, Hasher, HashingError, HashingRules, Verdict};
pub use links::LinkPurpose;
pub use pepper::{PepperError, PepperFileError, Peppers};
pub use policy::PasswordRules;
pub use rate_guard::{RateError, RateGuard, RateLimit, Try};
pub use second_factor::SecondFactor;
pub use secret::Secret;
pub use sessions::SessionRules;
pub use sign_in_name::{SIGN_IN_NAME, reservations, user_named};
pub use standings::Standings;
pub(crate) use tokens::Prepared;
pub use tokens::{
    Created, NewToken, TokenEntry, TokenError, Tokens, good_tokens, list_tokens, revoke_token, revoke_tokens,
};

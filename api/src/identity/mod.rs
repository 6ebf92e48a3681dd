//! Who calls, and by what they prove it: tokens, passwords, links by mail; how often somebody may try, and what is recorded of it.

mod access_log;
mod caller;
mod callers;
mod hashing;
pub mod links;
mod pepper;
pub mod policy;
mod rate_guard;
mod secret;
mod sign_in_name;
mod tokens;

pub use access_log::{
    Access, AccessLog, AccessLogError, Authentication, AuthenticationEvent, BadAccess, verify_access_log,
};
pub use caller::{Caller, TokenScope};
pub use callers::Callers;
pub use hashing::{Hashed, Hasher, HashingError, HashingRules, Verdict};
pub use links::LinkPurpose;
pub use pepper::{PepperError, Peppers};
pub use policy::PasswordRules;
pub use rate_guard::{RateError, RateGuard, RateLimit, Try};
pub use secret::Secret;
pub use sign_in_name::{SIGN_IN_NAME, reservations, user_named};
pub use tokens::{Created, NewToken, TokenError, Tokens, good_tokens, revoke_tokens};

//! Who calls: tokens, what they make of a request, how often somebody may try, and what is recorded of it.

mod access_log;
mod caller;
mod callers;
mod rate_guard;
mod sign_in_name;
mod tokens;

pub use access_log::{
    Access, AccessLog, AccessLogError, Authentication, AuthenticationEvent, BadAccess, verify_access_log,
};
pub use caller::{Caller, TokenScope};
pub use callers::Callers;
pub use rate_guard::{RateError, RateGuard, RateLimit, Try};
pub use sign_in_name::{SIGN_IN_NAME, reservations, user_named};
pub use tokens::{Created, NewToken, TokenError, Tokens, good_tokens, revoke_tokens};

//! That somebody always runs the installation: the last active administrator stays one.
//!
//! Whether somebody is the last is known to no stream alone. Whoever would make one fewer takes a lock of the database first, and
//! then looks whether another is one: two who each take the role from the other take turns, and the second is refused.

use std::time::Duration;

use domain::{
    PersonId, Scope,
    user::{User, UserState},
};
use futures_util::FutureExt as _;
use projections::other_administrators;
use ring::rand::{SecureRandom as _, SystemRandom};
use sqlx::PgConnection;

use super::UsersError;
use crate::graphql::Services;

/// Takes the lock until the transaction of `conn` ends; false when somebody else has it, for whom nobody waits with a
/// connection in hand.
pub(crate) async fn try_lock(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select pg_try_advisory_xact_lock(1129530195, 3)").fetch_one(conn).await
}

/// Whether somebody else than a user is an active administrator. The read models say who may be, and their streams whether they
/// are; one whom the read models do not know yet counts for none, which refuses rather than leaves nobody.
pub(crate) async fn is_another(services: &Services, than: PersonId) -> Result<bool, UsersError> {
    let found = services.reads.read(&Scope::Administrator, move |tx| other_administrators(tx, than).boxed()).await?;
    for person in found {
        let user: User = services.commands.log.latest(&person.to_string()).await?;
        if user.state.as_ref().is_some_and(UserState::is_active_administrator) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How long to keep away from whoever was faster: twice as long each time, and not as long as they.
pub(crate) fn wait_before(attempt: u32) -> Duration {
    const FIRST: u64 = 4;
    const LONGEST: u64 = 128;
    let most = (FIRST << attempt.min(8)).min(LONGEST);
    let mut spread = [0];
    SystemRandom::new().fill(&mut spread).expect("the system has a random source");
    let spread = u64::from(spread[0]);
    Duration::from_millis(most / 2 + most * spread / 512)
}

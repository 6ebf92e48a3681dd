//! Who works cases: whom mail is for while nobody is responsible for one, and who may still get mail that is for the desk.

use domain::{PersonId, Role, Timestamp};
use projections::Reads;
use sqlx::PgPool;
use uuid::Uuid;

/// Those who work cases at this moment: portal users who may sign in, and people with a token that is good. A service is nobody
/// to mail to.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn desk(
    pool: &PgPool,
    reads: &Reads,
    now: Timestamp,
    only: Option<PersonId>,
) -> Result<Vec<PersonId>, sqlx::Error> {
    let roles = [Role::Agent, Role::Supervisor].map(|role| role.to_string());
    let people: Vec<Uuid> = reads
        .beside_directory(|_schema| {
            let roles = roles.clone();
            async move {
                sqlx::query_scalar(
                    "select distinct person from tokens
                     where roles && $1 and revoked_at is null and (expires_at is null or expires_at > $2)
                         and ($3 is null or person = $3)
                     order by person",
                )
                .bind(&roles[..])
                .bind(now)
                .bind(only.map(|person| person.0))
                .fetch_all(pool)
                .await
            }
        })
        .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

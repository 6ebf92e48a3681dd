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
        .beside_directory(|schema| {
            let roles = roles.clone();
            async move {
                // A token of somebody who is a portal user, too, gives them no more than they hold as one.
                let sql = format!(
                    "select person_id from {schema}.users
                     where status = 'active' and roles && $1 and ($3::uuid is null or person_id = $3)
                     union
                     select person from tokens
                     where roles && $1 and revoked_at is null and (expires_at is null or expires_at > $2)
                         and ($3 is null or person = $3)
                         and not exists (select from {schema}.users where person_id = person)
                     order by 1"
                );
                sqlx::query_scalar(&sql)
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

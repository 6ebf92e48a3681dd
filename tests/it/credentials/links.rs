//! Links by mail: good once, for one person and one purpose, for a while, and only the newest.

use api::{
    clock::Clock,
    identity::{
        LinkPurpose, Secret,
        links::{GoodLink, MAX_TRIES, consume, count_try, issue, peek, revoke},
    },
    postgres::service_pool,
};
use chrono::{TimeDelta, Utc};
use domain::PersonId;
use futures_util::future::join_all;
use harness::database;
use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

const ANA: PersonId = PersonId(Uuid::from_u128(1));
const BEN: PersonId = PersonId(Uuid::from_u128(2));

struct World {
    pool: PgPool,
    clock: Clock,
}

impl World {
    async fn begin() -> Self {
        let pool = service_pool(database().await.service_options, 20);
        let at = "2026-03-02T09:00:00Z".parse::<chrono::DateTime<Utc>>().expect("a time");
        Self { pool, clock: Clock::fixed(at) }
    }

    async fn connection(&self) -> PoolConnection<Postgres> {
        self.pool.acquire().await.expect("a connection")
    }

    async fn issue(&self, person: PersonId, purpose: LinkPurpose) -> Secret {
        issue(&mut *self.connection().await, person, purpose, self.clock.now()).await.expect("the database answers")
    }

    async fn consume(&self, token: &Secret, purpose: LinkPurpose) -> Option<PersonId> {
        consume(&mut *self.connection().await, token, purpose, self.clock.now()).await.expect("the database answers")
    }

    async fn peek(&self, token: &Secret, purpose: LinkPurpose) -> Option<GoodLink> {
        peek(&mut *self.connection().await, token, purpose, self.clock.now()).await.expect("the database answers")
    }

    async fn count_try(&self, token: &Secret, purpose: LinkPurpose) -> Option<GoodLink> {
        let conn: &mut PgConnection = &mut *self.connection().await;
        count_try(conn, token, purpose, self.clock.now()).await.expect("the database answers")
    }
}

#[tokio::test]
async fn token_replay_a_link_is_good_once() {
    let world = World::begin().await;
    for purpose in LinkPurpose::iter() {
        let token = world.issue(ANA, purpose).await;
        assert_eq!(world.peek(&token, purpose).await.map(|link| link.person), Some(ANA));
        assert_eq!(world.peek(&token, purpose).await.map(|link| link.person), Some(ANA), "looking uses nothing up");
        assert_eq!(world.consume(&token, purpose).await, Some(ANA));
        assert_eq!(world.peek(&token, purpose).await, None);
        assert_eq!(world.consume(&token, purpose).await, None);
    }
}

#[tokio::test]
async fn parallel_use_exactly_one_of_twenty_wins() {
    let world = World::begin().await;
    let token = world.issue(ANA, LinkPurpose::PasswordReset).await;
    let tries = join_all((0..20).map(|_| world.consume(&token, LinkPurpose::PasswordReset))).await;
    assert_eq!(tries.iter().flatten().collect::<Vec<_>>(), [&ANA]);
}

#[tokio::test]
async fn of_twenty_in_transactions_the_next_wins_when_the_first_gives_up() {
    let world = World::begin().await;
    let token = world.issue(ANA, LinkPurpose::Unlock).await;
    let now = world.clock.now();
    let mut first = world.pool.begin().await.expect("a transaction");
    let person = consume(&mut first, &token, LinkPurpose::Unlock, now).await.expect("the database answers");
    assert_eq!(person, Some(ANA));
    let others = join_all((0..19).map(|_| world.consume(&token, LinkPurpose::Unlock)));
    let (tries, gave_up) = tokio::join!(others, first.rollback());
    gave_up.expect("it can be rolled back");
    assert_eq!(tries.iter().flatten().count(), 1);
}

#[tokio::test]
async fn token_cross_purpose_a_link_is_good_for_what_it_was_made_for() {
    let world = World::begin().await;
    for made_for in LinkPurpose::iter() {
        let token = world.issue(ANA, made_for).await;
        for used_for in LinkPurpose::iter().filter(|purpose| *purpose != made_for) {
            assert_eq!(world.peek(&token, used_for).await, None, "{made_for} as {used_for}");
            assert_eq!(world.count_try(&token, used_for).await, None, "{made_for} as {used_for}");
            assert_eq!(world.consume(&token, used_for).await, None, "{made_for} as {used_for}");
        }
        assert_eq!(world.consume(&token, made_for).await, Some(ANA), "and trying did not use it up");
    }
}

#[tokio::test]
async fn a_link_ends_with_its_time() {
    let world = World::begin().await;
    for (purpose, hours) in [(LinkPurpose::Activation, 168), (LinkPurpose::PasswordReset, 1), (LinkPurpose::Unlock, 1)]
    {
        let token = world.issue(ANA, purpose).await;
        world.clock.advance(TimeDelta::hours(hours) - TimeDelta::microseconds(1));
        assert!(world.peek(&token, purpose).await.is_some(), "{purpose}");
        world.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(world.peek(&token, purpose).await, None, "{purpose}");
        assert_eq!(world.consume(&token, purpose).await, None, "{purpose}");
    }
}

#[tokio::test]
async fn the_newest_link_alone_is_good() {
    let world = World::begin().await;
    let old = world.issue(ANA, LinkPurpose::Activation).await;
    let other = world.issue(ANA, LinkPurpose::Unlock).await;
    let bens = world.issue(BEN, LinkPurpose::Activation).await;
    let new = world.issue(ANA, LinkPurpose::Activation).await;
    assert_eq!(world.consume(&old, LinkPurpose::Activation).await, None);
    assert_eq!(world.consume(&new, LinkPurpose::Activation).await, Some(ANA));
    assert_eq!(world.consume(&other, LinkPurpose::Unlock).await, Some(ANA), "another purpose's stays");
    assert_eq!(world.consume(&bens, LinkPurpose::Activation).await, Some(BEN), "another person's stays");
}

#[tokio::test]
async fn a_link_takes_five_answers_and_no_more_however_they_come() {
    let world = World::begin().await;
    let token = world.issue(ANA, LinkPurpose::PasswordReset).await;
    let tries = join_all((0..20).map(|_| world.count_try(&token, LinkPurpose::PasswordReset))).await;
    let mut left: Vec<_> = tries.iter().flatten().map(|link| link.tries_left).collect();
    left.sort_unstable();
    assert_eq!(left, (0..MAX_TRIES).collect::<Vec<_>>());
    assert_eq!(world.peek(&token, LinkPurpose::PasswordReset).await, None);
    let new = world.issue(ANA, LinkPurpose::PasswordReset).await;
    assert_eq!(world.peek(&new, LinkPurpose::PasswordReset).await.map(|link| link.tries_left), Some(MAX_TRIES));
}

#[tokio::test]
async fn nothing_of_a_link_is_kept_but_its_hash() {
    let world = World::begin().await;
    let token = world.issue(ANA, LinkPurpose::Unlock).await;
    let row: String =
        sqlx::query_scalar("select row_to_json(links)::text from links").fetch_one(&world.pool).await.expect("a row");
    assert!(!row.contains(token.reveal()) && row.contains(&hex::encode(token.hash())), "{row}");
    let gone = revoke(&mut *world.connection().await, ANA, None).await.expect("the database answers");
    assert_eq!((gone, world.consume(&token, LinkPurpose::Unlock).await), (1, None));
}

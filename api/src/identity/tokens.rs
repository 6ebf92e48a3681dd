//! Making API tokens: 256 random bits, shown once, of which only the SHA-256 is kept.

use domain::{
    AccountId, Channel, PersonId, PlainText, RequestId, Role, Timestamp,
    account::{AccountAction, ContactAccess, ContactRole},
    line::MAX_LINE_CHARS,
    text::TextError,
};
use event_log::EventLog;
use sqlx::{FromRow, PgConnection, PgPool};
use uuid::Uuid;

use super::{Secret, TokenScope};
use crate::{
    clock::{Clock, Ids},
    registry::{NewAccount, Registry, RegistryError},
};

/// What every token begins with, so that scanners for leaked secrets recognise it.
const PREFIX: &str = "cst_";

/// Why no token was made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A contact without an account would see nothing.
    #[error("a contact belongs to at least one account: add --account REFERENCE")]
    ContactWithoutAccount,
    /// An account for somebody who is no contact.
    #[error("only a contact has accounts: leave --account out, or add --role contact")]
    AccountWithoutContact,
    /// Scopes for somebody who is no service.
    #[error("only a service has scopes: leave --scope out, or add --role service")]
    ScopeWithoutService,
    /// A name that cannot be shown.
    #[error("the name cannot be shown to people")]
    Name(#[source] TextError),
    /// A line break in a name.
    #[error("a name is one line")]
    NameOfSeveralLines,
    /// A reference that cannot be shown.
    #[error("`{reference}` is no reference of an account")]
    Reference {
        /// The reference.
        reference: String,
        /// Why not.
        #[source]
        source: TextError,
    },
    /// The person or an account could not be written down.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The clock needs none.
    #[error("the clock signs in nowhere: choose another role")]
    RoleOfTheClock,
    /// The database did not answer.
    #[error("the database did not take the token")]
    Database(#[from] sqlx::Error),
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What the person or service is called.
    pub name: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// References of a contact's accounts; an unknown one is made, with its reference as its name.
    pub accounts: Vec<String>,
    /// A service's scopes.
    pub scopes: Vec<TokenScope>,
    /// When the token ends by itself, if ever.
    pub expires_at: Option<Timestamp>,
}

/// A token that was made.
#[derive(Clone, Debug)]
pub struct Created {
    /// The token itself: the only time that it is seen.
    pub token: String,
    /// The position that a reader must reach to know whose it is, and what they may see.
    pub position: i64,
    /// References of accounts that were opened for it, because nobody had them.
    pub opened: Vec<String>,
}

/// Makes tokens.
#[derive(Clone)]
pub struct Tokens {
    pool: PgPool,
    clock: Clock,
}

impl Tokens {
    /// Makes tokens of a database, by a clock.
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock }
    }

    /// Makes a token for a new person, who is written down in `log` as a contact of their accounts.
    ///
    /// # Errors
    /// [`TokenError`]; there is no token then.
    pub async fn create(&self, new: &NewToken, log: &EventLog, ids: &Ids) -> Result<Created, TokenError> {
        let (now, request) = (self.clock.now(), RequestId(ids.next()));
        let person = PersonId(ids.next());
        let Prepared { token, name, unstored } = Self::prepare(new, person, now)?;
        let registry = Registry::new(log.clone(), request, Channel::Desk, now);
        let mut position = registry.person(person, registry.name(person, ids.next().into(), name), now).await?.position;
        let mut opened = vec![];
        for reference in &new.accounts {
            let joined = join(&registry, ids, person, reference, now).await?;
            position = position.max(joined.position);
            opened.extend(joined.is_new.then(|| reference.clone()));
        }
        unstored.store(&mut *self.pool.acquire().await?).await?;
        Ok(Created { token: token.reveal().to_owned(), position, opened })
    }

    /// A token for a person, who is to be written down, with the token yet to be stored.
    ///
    /// # Errors
    /// [`TokenError`]; there is no token then.
    pub(crate) fn prepare(new: &NewToken, person: PersonId, now: Timestamp) -> Result<Prepared, TokenError> {
        let name = check(new)?;
        let token = Secret::generate(PREFIX);
        let unstored = Unstored {
            hash: token.hash(),
            person,
            roles: new.roles.iter().map(ToString::to_string).collect(),
            scopes: new.scopes.iter().map(ToString::to_string).collect(),
            created_at: now,
            expires_at: new.expires_at,
        };
        Ok(Prepared { token, name, unstored })
    }
}

/// A token that is not good yet.
pub(crate) struct Prepared {
    /// The token itself.
    pub token: Secret,
    /// What its person is called.
    pub name: PlainText,
    /// What is kept of it.
    pub unstored: Unstored,
}

/// What is kept of a token, which is good once it is stored.
pub(crate) struct Unstored {
    hash: Vec<u8>,
    person: PersonId,
    roles: Vec<String>,
    scopes: Vec<String>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Unstored {
    /// Stores it; answers its id.
    pub(crate) async fn store(self, conn: &mut PgConnection) -> Result<Uuid, sqlx::Error> {
        sqlx::query_scalar(
            "insert into tokens (token_hash, person, roles, scopes, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6) returning id",
        )
        .bind(self.hash)
        .bind(self.person.0)
        .bind(self.roles)
        .bind(self.scopes)
        .bind(self.created_at)
        .bind(self.expires_at)
        .fetch_one(conn)
        .await
    }
}

/// A token as whoever runs the installation sees it.
#[derive(Clone, Debug, FromRow)]
pub struct TokenEntry {
    /// Names it; good for nothing else.
    pub id: Uuid,
    /// Who it stands for.
    pub person: Uuid,
    /// The roles that it was made with.
    pub roles: Vec<String>,
    /// A service's scopes.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// The most tokens that are listed.
const MAX_LISTED: i64 = 500;

/// The tokens that are good, the newest first; all of them, or one by its id.
///
/// # Errors
/// When the database does not answer.
pub async fn list_tokens(pool: &PgPool, id: Option<Uuid>, now: Timestamp) -> Result<Vec<TokenEntry>, sqlx::Error> {
    sqlx::query_as(
        "select id, person, roles, scopes, created_at, expires_at from tokens
         where revoked_at is null and (expires_at is null or expires_at > $1) and ($2::uuid is null or id = $2)
         order by created_at desc, id desc limit $3",
    )
    .bind(now)
    .bind(id)
    .bind(MAX_LISTED)
    .fetch_all(pool)
    .await
}

/// Ends one token, in a transaction of the caller's; answers whose it was, if it was good.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_token(conn: &mut PgConnection, id: Uuid, now: Timestamp) -> Result<Option<PersonId>, sqlx::Error> {
    let sql = "update tokens set revoked_at = $2 where id = $1 and revoked_at is null returning person";
    let person: Option<Uuid> = sqlx::query_scalar(sql).bind(id).bind(now).fetch_optional(conn).await?;
    Ok(person.map(PersonId))
}

/// A contact's account.
struct Joined {
    /// Whether it was opened for them.
    is_new: bool,
    /// The position that a reader must reach to see that they are its contact.
    position: i64,
}

/// Makes a person a contact of an account, which is opened if nobody has its reference.
async fn join(
    registry: &Registry,
    ids: &Ids,
    person: PersonId,
    reference: &str,
    now: Timestamp,
) -> Result<Joined, TokenError> {
    let parsed = PlainText::parse(reference, MAX_LINE_CHARS)
        .map_err(|source| TokenError::Reference { reference: reference.to_owned(), source })?;
    let new = NewAccount {
        account: AccountId(ids.next()),
        keys: [ids.next().into(), ids.next().into()],
        reference: parsed.clone(),
        name: parsed,
        at: now,
    };
    let (account, opened) = registry.account(new).await?;
    let access = ContactAccess { role: ContactRole::Member, locations: None };
    let join = |_: &_| vec![(now, AccountAction::Join { person, access: access.clone() })];
    let position = registry.change(account, now, vec![], join).await?.position;
    Ok(Joined { is_new: opened.events > 0, position })
}

fn check(new: &NewToken) -> Result<PlainText, TokenError> {
    const MAX_NAME_CHARS: usize = 100;
    let name = PlainText::parse(&new.name, MAX_NAME_CHARS).map_err(TokenError::Name)?;
    if name.as_str().lines().count() > 1 {
        return Err(TokenError::NameOfSeveralLines);
    }
    let is = |role| new.roles.contains(&role);
    if is(Role::Clock) || is(Role::Watcher) {
        return Err(TokenError::RoleOfTheClock);
    }
    match (is(Role::Contact), new.accounts.is_empty()) {
        (true, true) => return Err(TokenError::ContactWithoutAccount),
        (false, false) => return Err(TokenError::AccountWithoutContact),
        _ => {}
    }
    if !is(Role::Service) && !new.scopes.is_empty() {
        return Err(TokenError::ScopeWithoutService);
    }
    Ok(name)
}

/// How many tokens of somebody are good.
///
/// # Errors
/// When the database does not answer.
pub async fn good_tokens(pool: &PgPool, person: PersonId) -> Result<u64, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("select count(*) from tokens where person = $1 and revoked_at is null")
        .bind(person.0)
        .fetch_one(pool)
        .await?;
    Ok(count.unsigned_abs())
}

/// Ends all tokens of somebody, in a transaction of the caller's; answers how many were good.
///
/// # Errors
/// When the database does not answer.
pub async fn revoke_tokens(conn: &mut PgConnection, person: PersonId, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("update tokens set revoked_at = $2 where person = $1 and revoked_at is null")
        .bind(person.0)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

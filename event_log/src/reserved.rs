//! Which stream has a value that only one may have: how an account is found by the number people call it by, although
//! the log holds that number sealed.

use std::collections::HashMap;

use crate::{EventLog, LogError, StreamId};

impl EventLog {
    /// The streams that have reserved values of a kind, by the values; those that nobody has are absent.
    ///
    /// # Errors
    /// [`LogError::Database`].
    pub async fn reserved(&self, kind: &str, values: &[&str]) -> Result<HashMap<String, StreamId>, LogError> {
        let by_hash: HashMap<Vec<u8>, &str> =
            values.iter().map(|value| (self.fingerprint(kind, value).0.into_bytes(), *value)).collect();
        let rows: Vec<(Vec<u8>, String, String)> = sqlx::query_as(
            "select value, aggregate_type, aggregate_id from reservations where kind = $1 and value = any($2)",
        )
        .bind(kind)
        .bind(by_hash.keys().collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let found = |(hash, aggregate_type, aggregate_id)| {
            Some(((*by_hash.get(&hash)?).to_owned(), StreamId { aggregate_type, aggregate_id }))
        };
        Ok(rows.into_iter().filter_map(found).collect())
    }
}

//! pgbench: what PostgreSQL does when one of its own tools does nothing but insert the rows that the log would.
//!
//! The table is the log's, with its indexes and as many rows, without its triggers. The rows are two of the log's own,
//! sealed text and all, on streams drawn at random.

use std::path::PathBuf;

use api::postgres::{Binaries, OWNER_ROLE};
use sqlx::{Executor as _, Row as _};
use tokio::process::Command;

use crate::{Result, measure::ROUND, world::World};

/// What a round of pgbench came to.
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// Inserts per second, of all clients together.
    pub per_second: f64,
    /// The mean time of one, in milliseconds.
    pub mean_ms: f64,
}

/// pgbench, ready to run.
pub struct Pgbench {
    program: PathBuf,
    scripts: Vec<PathBuf>,
    socket_folder: PathBuf,
    database: String,
}

/// The types of event that the appending clients make, by turns.
const TYPES: [&str; 2] = ["MessagePosted", "PriorityChanged"];

impl Pgbench {
    /// Makes its table and its scripts.
    pub async fn prepare(world: &World) -> Result<Self> {
        world
            .owner
            .execute(
                "drop table if exists floor_events;
                 create table floor_events (like events including all);
                 insert into floor_events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload,
                                           metadata, recorded_at, hash)
                 select aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                        recorded_at, hash
                 from events order by position;
                 analyze floor_events",
            )
            .await?;
        let mut scripts = vec![];
        for event_type in TYPES {
            let path = world.folder.path().join(format!("{event_type}.pgbench"));
            tokio::fs::write(&path, script(world, event_type).await?).await?;
            scripts.push(path);
        }
        let options = world.store.database.owner_options();
        Ok(Self {
            program: Binaries::find_all(None)?.first().ok_or("PostgreSQL's programs are missing")?.program("pgbench"),
            scripts,
            socket_folder: options.get_socket().ok_or("the private PostgreSQL has a socket")?.clone(),
            database: options.get_database().ok_or("the database has a name")?.to_owned(),
        })
    }

    /// Runs it for one round.
    pub async fn run(&self, clients: usize) -> Result<Floor> {
        let mut command = Command::new(&self.program);
        command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--port=5432"]);
        command.arg(format!("--client={clients}")).arg(format!("--time={}", ROUND.as_secs()));
        command.arg("--host").arg(&self.socket_folder).arg("--username").arg(OWNER_ROLE);
        for script in &self.scripts {
            command.arg("--file").arg(script);
        }
        let output = command.arg(&self.database).output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let figure = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        match (figure("tps = "), figure("latency average = ")) {
            (Some(per_second), Some(mean_ms)) => Ok(Floor { per_second, mean_ms }),
            _ => Err(format!("pgbench failed: {text}{}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }
}

/// A script that inserts one event of a type, as the log holds it.
async fn script(world: &World, event_type: &str) -> Result<String> {
    let row = sqlx::query(
        "select event_version, quote_literal(payload::text) as payload, quote_literal(metadata::text) as metadata,
             encode(hash, 'hex') as hash
         from events where event_type = $1 order by position limit 1",
    )
    .bind(event_type)
    .fetch_one(&world.owner)
    .await?;
    let text = |name: &str| row.try_get::<String, _>(name);
    Ok(format!(
        "\\set stream random(1, {})\n\\set sequence random(1000, 1000000000000)\n\
         insert into floor_events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
         metadata, recorded_at, hash) \
         values ('case', md5(:stream::text)::uuid::text, :sequence, '{event_type}', '{}', {}::json, {}::json, now(), \
         '\\x{}');\n",
        world.cases.len(),
        text("event_version")?,
        text("payload")?,
        text("metadata")?,
        text("hash")?,
    ))
}

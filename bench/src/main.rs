//! Measures how fast the service is, each row beside a floor or a peer that is measured in the same run.
//!
//! | file | what it holds |
//! |---|---|
//! | [`world`] | a PostgreSQL of its own, as the service runs one, filled with cases |
//! | [`mod@measure`] | closed loops of clients, medians and percentiles |
//! | [`pgbench`] | the floor of writing: PostgreSQL's own benchmark inserting the same rows |
//! | [`stock`] | the peer of writing: stock cqrs-es on postgres-es |
//! | [`append`] | rows: commands through the log |
//! | [`mutate`] | rows: commands through GraphQL, until what they wrote is read back |
//! | [`overview`] | rows: what everybody opens first, of 100,000 cases |
//! | [`serve`] | the service on a port of its own, and clients |
//! | [`read`] | rows: the feed, and a rebuild of the read models |
//! | [`table`] | the rows as a Markdown table |
//!
//! `docs/performance.md` says what the rows mean and keeps a run.

mod append;
mod measure;
mod mutate;
mod overview;
mod pgbench;
mod read;
mod serve;
mod stock;
mod table;
mod world;

use serve::Served;
use table::Row;
use world::{Place, World};

/// As in the service.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What goes wrong ends the run, with its words.
type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T> = std::result::Result<T, Error>;

/// The groups of rows, in the order in which they are measured.
const GROUPS: [&str; 5] = ["feed", "rebuild", "append", "mutate", "overview"];

fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = wanted.iter().find(|name| !GROUPS.contains(&name.as_str())) {
        return Err(format!("there is no group {unknown}: name some of {}, or none for all", GROUPS.join(", ")).into());
    }
    let wanted = |group: &str| wanted.is_empty() || wanted.iter().any(|name| name == group);
    let place = Place::new()?;
    place.settings.runtime()?.block_on(run(place, wanted))
}

async fn run(place: Place, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let mut world = World::open(place).await?;
    let mut rows = vec![];
    let measured = measure(&mut world, wanted, &mut rows).await;
    // Before any error is told: the PostgreSQL must not outlive us, and what was measured stands.
    world.close().await?;
    print!("{}", table::markdown(&rows));
    measured
}

async fn measure(world: &mut World, wanted: impl Fn(&str) -> bool, rows: &mut Vec<Row>) -> Result<()> {
    world.fill().await?;
    let world = &*world;
    if wanted("feed") {
        rows.push(read::feed(world).await?);
    }
    if wanted("rebuild") {
        rows.push(read::rebuild(world).await?);
    }
    if wanted("append") {
        rows.extend(append::rows(world).await?);
    }
    if wanted("mutate") || wanted("overview") {
        let served = Served::start(world).await?;
        let measured = from_outside(world, &served, wanted, rows).await;
        served.stop().await?;
        measured?;
    }
    Ok(())
}

async fn from_outside(
    world: &World,
    served: &Served,
    wanted: impl Fn(&str) -> bool,
    rows: &mut Vec<Row>,
) -> Result<()> {
    if wanted("mutate") {
        rows.extend(mutate::rows(world, served).await?);
    }
    if wanted("overview") {
        rows.extend(overview::rows(world, served).await?);
    }
    Ok(())
}

/// Says on standard error what is going on; the table alone goes to standard output.
fn say(words: &str) {
    eprintln!("{words}");
}

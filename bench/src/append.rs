//! Rows: a command through the log at 32 clients, beside pgbench and beside the stock framework, with and without an
//! emulated commit of one millisecond.

use std::sync::Arc;

use domain::{
    CaseId,
    case::{Case, CaseError, Priority},
};
use event_log::{EventLog, Execute, Executed, Loaded};
use serde_json::{Value, json};
use sqlx::Executor as _;

use crate::{
    Result,
    measure::{Client, ROUNDS, drive, median},
    pgbench::Pgbench,
    say,
    stock::{self, Customer},
    table::{Row, rate},
    world::{People, World},
};

const CLIENTS: usize = 32;

/// How commits are.
struct Commits {
    /// As the table says it.
    words: &'static str,
    /// What PostgreSQL is told.
    settings: [&'static str; 2],
    /// What we must reach of pgbench.
    bar: f64,
}

const COMMITS: [Commits; 2] = [
    Commits {
        words: "a commit of 1 ms emulated",
        settings: ["alter system set commit_delay = 1000", "alter system set commit_siblings = 0"],
        bar: 0.5,
    },
    Commits {
        words: "commits as the disk makes them",
        settings: ["alter system reset commit_delay", "alter system reset commit_siblings"],
        bar: 0.25,
    },
];

/// The sides of a row; they take turns.
struct Sides {
    pgbench: Pgbench,
    ours: Vec<Appender>,
    stock: Vec<Customer>,
}

/// Measures with both kinds of commit.
pub async fn rows(world: &World) -> Result<Vec<Row>> {
    let mut sides = Sides {
        pgbench: Pgbench::prepare(world).await?,
        ours: (0..CLIENTS).map(|client| Appender::new(world, client)).collect(),
        stock: stock::customers(world, CLIENTS).await?,
    };
    let mut rows = vec![];
    for commits in COMMITS {
        for setting in commits.settings {
            world.owner.execute(setting).await?;
        }
        world.owner.execute("select pg_reload_conf()").await?;
        let measured;
        (measured, sides) = compare(sides, &commits).await?;
        rows.extend(measured);
    }
    Ok(rows)
}

async fn compare(sides: Sides, commits: &Commits) -> Result<([Row; 2], Sides)> {
    let Sides { pgbench, mut ours, mut stock } = sides;
    let (mut rates, mut floors, mut peers) = (vec![], vec![], vec![]);
    for round in 1..=ROUNDS {
        say(&format!("append, {}, round {round}", commits.words));
        floors.push(pgbench.run(CLIENTS).await?.per_second);
        let (load, clients) = drive(ours).await?;
        ours = clients;
        rates.push(load.per_second);
        let (load, clients) = drive(stock).await?;
        stock = clients;
        peers.push(load.per_second);
    }
    let (rate_of_ours, floor, peer) = (median(rates), median(floors), median(peers));
    let row = |beside: &str, theirs: f64, bar: f64| Row {
        what: format!("append, 32 clients, {}", commits.words),
        ours: rate(rate_of_ours),
        beside: format!("{beside}: {}", rate(theirs)),
        ratio: Some(rate_of_ours / theirs),
        bar: format!("ratio at least {bar}"),
        is_met: rate_of_ours / theirs >= bar,
    };
    let rows = [row("pgbench", floor, commits.bar), row("stock cqrs-es + postgres-es", peer, 1.0)];
    Ok((rows, Sides { pgbench, ours, stock }))
}

/// Posts messages and changes priorities, by turns, on cases that nobody else touches, each under a key of its own.
struct Appender {
    log: EventLog,
    people: People,
    cases: Arc<[CaseId]>,
    case: usize,
    turn: usize,
}

impl Appender {
    fn new(world: &World, client: usize) -> Self {
        let (log, cases) = (world.store.log.clone(), Arc::clone(&world.cases));
        Self { log, people: world.people(), cases, case: client, turn: 0 }
    }
}

impl Client for Appender {
    async fn call(&mut self) -> Result<()> {
        self.case = (self.case + CLIENTS) % self.cases.len();
        self.turn += 1;
        let command = match self.turn % 2 {
            0 => self.people.message(),
            // Another one than the case has, which the filling left at Normal.
            _ => self.people.priority(if self.turn % 4 == 1 { Priority::High } else { Priority::Low }),
        };
        let case_id = self.cases[self.case].to_string();
        let request = format!("{case_id} {:?}", command.action).into_bytes();
        let execute = Execute {
            aggregate_id: &case_id,
            metadata: self.people.metadata(&command.by),
            at: command.at,
            idempotency: Some((command.by.person, self.people.id().to_string(), request)),
            reservations: vec![],
            file_keys: &[],
        };
        let executed = self
            .log
            .execute(
                &execute,
                |loaded: &Loaded<Case>| loaded.aggregate.decide(&command),
                |outcome| Some(describe(outcome)),
            )
            .await?;
        match executed {
            Executed::Decided { outcome: Ok(_), .. } => Ok(()),
            Executed::Decided { outcome: Err(refusal), .. } => Err(refusal.into()),
            Executed::Repeated { .. } => Err("a key was drawn twice".into()),
        }
    }
}

fn describe(outcome: &std::result::Result<usize, CaseError>) -> Value {
    json!({ "code": "recorded", "events": outcome.as_ref().ok() })
}

//! Rows: what a page asks for that everybody opens first, at one client and at several, beside a request that reads nothing.

use serde_json::json;

use crate::{
    Result,
    measure::{Client, Load, ROUNDS, drive, median},
    say,
    serve::{Http, NOTHING, Served},
    table::Row,
    world::World,
};

/// How many cases there are at least.
const CASES: usize = 100_000;
const P95_BAR_MS: f64 = 20.0;

/// What the portal asks for, by the name of its operation.
const OVERVIEW: &str = "query Overview { overview {
    openCases { id number subject status typeName updatedAt wait { reason } }
    updates {
        case { id number subject }
        entry { kind occurredAt actor { name } actorRole about { name } text values { name value } }
        excerpt
    }
    countsByStatus { status count }
} }";

/// Measures an agent's, who sees all cases.
pub async fn rows(world: &World, served: &Served) -> Result<Vec<Row>> {
    world.grow(CASES).await?;
    served.catch_up(world).await?;
    world.analyze().await?;
    let mut rows = vec![];
    for clients in [1, 8] {
        let (mut reads, mut nothings) = (vec![], vec![]);
        for round in 1..=ROUNDS {
            say(&format!("overview, {clients} clients, round {round}"));
            let mut readers = vec![];
            for _ in 0..clients {
                readers.push(Reader { http: served.connect().await? });
            }
            reads.push(drive(readers).await?.0);
            nothings.push(drive(served.idlers(clients).await?).await?.0);
        }
        rows.push(row(clients, &reads, &nothings));
    }
    Ok(rows)
}

fn row(clients: usize, reads: &[Load], nothings: &[Load]) -> Row {
    let p50_ms = median(reads.iter().map(|load| load.p50_ms));
    let p95_ms = median(reads.iter().map(|load| load.p95_ms));
    let nothing_ms = median(nothings.iter().map(|load| load.p95_ms));
    Row {
        what: format!("`overview` of all cases, {clients} client{}", if clients == 1 { "" } else { "s" }),
        ours: format!("p50 {p50_ms:.2} ms, p95 {p95_ms:.2} ms"),
        beside: format!("`{NOTHING}` p95 {nothing_ms:.2} ms"),
        ratio: None,
        bar: format!("p95 under {P95_BAR_MS} ms"),
        is_met: p95_ms < P95_BAR_MS,
    }
}

struct Reader {
    http: Http,
}

impl Client for Reader {
    async fn call(&mut self) -> Result<()> {
        let answer = self.http.post(&json!({ "query": OVERVIEW })).await?;
        let counts = answer["data"]["overview"]["countsByStatus"].as_array();
        let cases: i64 = counts.into_iter().flatten().filter_map(|status| status["count"].as_i64()).sum();
        if usize::try_from(cases)? < CASES || answer.get("errors").is_some() {
            return Err(format!("not the overview of {CASES} cases: {answer}").into());
        }
        Ok(())
    }
}

//! Rows: `casePostMessage` through the HTTP server until what it wrote is in the answer, at 8 and at 32 clients, beside
//! a request that reads nothing and beside one insert by pgbench.

use api::graphql::GlobalId;
use domain::CaseId;
use serde_json::json;

use crate::{
    Result,
    measure::{Client, Load, ROUNDS, drive, median},
    pgbench::{Floor, Pgbench},
    say,
    serve::{Http, NOTHING, Served},
    table::{Row, rate},
    world::World,
};

const FEW: usize = 8;
const MANY: usize = 32;
const P50_BAR_MS: f64 = 5.0;
const P99_BAR_MS: f64 = 25.0;
const RATE_BAR: f64 = 2_500.0;

const POST: &str = "mutation Post($input: CasePostMessageInput!) { casePostMessage(input: $input) { \
                    pending userErrors { code message } case { version activity(first: 1) { nodes { text } } } } }";

/// Measures from outside.
pub async fn rows(world: &World, served: &Served) -> Result<Vec<Row>> {
    let pgbench = Pgbench::prepare(world).await?;
    served.catch_up(world).await?;
    let few = rounds(world, &pgbench, served, FEW).await?;
    let many = rounds(world, &pgbench, served, MANY).await?;
    Ok(vec![few.latency(), many.throughput()])
}

/// What the rounds at one number of clients came to.
#[derive(Default)]
struct Rounds {
    posts: Vec<Load>,
    nothings: Vec<Load>,
    floors: Vec<Floor>,
}

async fn rounds(world: &World, pgbench: &Pgbench, served: &Served, clients: usize) -> Result<Rounds> {
    let mut rounds = Rounds::default();
    for round in 1..=ROUNDS {
        say(&format!("mutate, {clients} clients, round {round}"));
        rounds.floors.push(pgbench.run(clients).await?);
        let mut posters = vec![];
        for client in 0..clients {
            let cases: Vec<CaseId> = world.cases.iter().copied().skip(client).step_by(clients).collect();
            posters.push(Poster { http: served.connect().await?, cases, round, turn: 0 });
        }
        rounds.posts.push(drive(posters).await?.0);
        rounds.nothings.push(drive(served.idlers(clients).await?).await?.0);
    }
    Ok(rounds)
}

impl Rounds {
    fn latency(&self) -> Row {
        let p50_ms = median(self.posts.iter().map(|load| load.p50_ms));
        let p99_ms = median(self.posts.iter().map(|load| load.p99_ms));
        let nothing_ms = median(self.nothings.iter().map(|load| load.p50_ms));
        let insert_ms = median(self.floors.iter().map(|floor| floor.mean_ms));
        Row {
            what: format!("`casePostMessage` until readable, {FEW} clients"),
            ours: format!("p50 {p50_ms:.2} ms, p99 {p99_ms:.2} ms"),
            beside: format!("`{NOTHING}` p50 {nothing_ms:.2} ms; one insert by pgbench {insert_ms:.2} ms"),
            ratio: None,
            bar: format!("p50 at most {P50_BAR_MS} ms, p99 at most {P99_BAR_MS} ms"),
            is_met: p50_ms <= P50_BAR_MS && p99_ms <= P99_BAR_MS,
        }
    }

    fn throughput(&self) -> Row {
        let ours = median(self.posts.iter().map(|load| load.per_second));
        let nothing = median(self.nothings.iter().map(|load| load.per_second));
        let insert = median(self.floors.iter().map(|floor| floor.per_second));
        Row {
            what: format!("`casePostMessage` until readable, {MANY} clients"),
            ours: rate(ours),
            beside: format!("`{NOTHING}` {}; inserts by pgbench {}", rate(nothing), rate(insert)),
            ratio: Some(ours / insert),
            bar: format!("at least {}", rate(RATE_BAR)),
            is_met: ours >= RATE_BAR,
        }
    }
}

/// Posts to cases that nobody else touches, and looks for the words in the answer.
struct Poster {
    http: Http,
    cases: Vec<CaseId>,
    round: usize,
    turn: usize,
}

impl Client for Poster {
    async fn call(&mut self) -> Result<()> {
        self.turn += 1;
        let case_id = self.cases[self.turn % self.cases.len()];
        let words = format!("{} This is our message {} about it.", crate::world::WORDS, self.turn);
        let variables = json!({ "input": {
            "caseId": case_id.global().0, "body": words, "idempotencyKey": self.key(),
        } });
        let answer = self.http.post(&json!({ "query": POST, "variables": variables })).await?;
        let payload = &answer["data"]["casePostMessage"];
        if payload["case"]["activity"]["nodes"][0]["text"] != words || payload["pending"] != false {
            return Err(format!("what was written is not in the answer: {answer}").into());
        }
        Ok(())
    }
}

impl Poster {
    /// A key that no other request has.
    fn key(&self) -> String {
        format!("{} {} {} {}", self.cases[0], self.cases.len(), self.round, self.turn)
    }
}

//! What somebody begins their day with, in one request.

use async_graphql::{Context, Object, Result, SimpleObject};
use futures_util::FutureExt as _;
use projections::{count_each_status, latest_updates, open_cases};

use super::{
    activity::ActivityEntry,
    case::Case,
    case_list::StatusCount,
    context::{RequestContext, error},
};

/// What a caller sees first: of their cases those that moved last, and how many there are.
pub struct Overview;

/// Something that happened to a case.
#[derive(SimpleObject)]
struct CaseUpdate {
    /// The case as it is now.
    case: Case,
    /// What happened.
    entry: ActivityEntry,
    /// The beginning of its text, in one line of at most 200 characters; null where it has none.
    excerpt: Option<String>,
}

/// How many open cases there are when nothing is said, and at most.
const OPEN_CASES: u16 = 10;
/// The same of updates.
const UPDATES: u16 = 20;

#[Object]
impl Overview {
    /// The cases that are new or open and were updated last, the newest first.
    async fn open_cases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 10.", default_with = "OPEN_CASES.into()")] first: i32,
    ) -> Result<Vec<Case>> {
        let size = at_most(first, OPEN_CASES)?;
        let found = RequestContext::of(ctx)?.read(move |tx| open_cases(tx, size).boxed()).await?;
        Ok(found.into_iter().map(Case::from).collect())
    }

    /// What happened last to any of the cases, as far as customers may know of it, the newest first.
    async fn updates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most this many, 1 to 20.", default_with = "UPDATES.into()")] first: i32,
    ) -> Result<Vec<CaseUpdate>> {
        let size = at_most(first, UPDATES)?;
        let found = RequestContext::of(ctx)?.read(move |tx| latest_updates(tx, size).boxed()).await?;
        Ok(found.into_iter().map(CaseUpdate::from).collect())
    }

    /// How many cases have each status: as many as the list has that is filtered by it.
    async fn counts_by_status(&self, ctx: &Context<'_>) -> Result<Vec<StatusCount>> {
        let counts = RequestContext::of(ctx)?.read(|tx| count_each_status(tx).boxed()).await?;
        Ok(counts.into_iter().map(|(status, count)| StatusCount { status: status.into(), count }).collect())
    }
}

/// How many items the lists of an overview have when nothing is said, for whoever reckons what a request costs.
pub fn list_sizes() -> Vec<(&'static str, u64)> {
    vec![("openCases", OPEN_CASES.into()), ("updates", UPDATES.into())]
}

fn at_most(first: i32, most: u16) -> Result<u16> {
    let size = u16::try_from(first).ok().filter(|size| (1..=most).contains(size));
    size.ok_or_else(|| error("BAD_USER_INPUT", format!("`first` is 1 to {most}")))
}

impl From<projections::CaseUpdate> for CaseUpdate {
    fn from(update: projections::CaseUpdate) -> Self {
        let excerpt = update.entry.text.as_deref().map(excerpt);
        Self { case: update.case.into(), entry: update.entry.into(), excerpt }
    }
}

/// The beginning of a text, its lines joined.
fn excerpt(text: &str) -> String {
    const CHARS: usize = 200;
    let words = text.split_whitespace();
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.chars().count() > CHARS {
            let cut: String = line.chars().take(CHARS - 1).collect();
            return cut.trim_end().to_owned() + "…";
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_is_one_line_of_200_characters_at_most() {
        assert_eq!(excerpt("  The line\n\nis dead. "), "The line is dead.");
        assert_eq!(excerpt(&"ü".repeat(200)), "ü".repeat(200));
        let long = excerpt(&"ü ".repeat(32_000));
        assert!(long.ends_with("ü…") && long.chars().count() <= 200, "{long}");
        assert_eq!(excerpt(&"ü".repeat(201)).chars().count(), 200);
    }
}

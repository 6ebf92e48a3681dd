//! Reads `expected.txt`: one row a command and group of roles, one column a state.

use std::{collections::BTreeMap, fmt};

use domain::{Role, case::CaseActionKind as Kind};
use strum::IntoEnumIterator;

use crate::Stage;

/// What a cell of the table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted(Vec<String>),
    NothingToDo,
    NotInState,
    NotPermitted,
    NoCase,
    Exists,
    FollowUp,
    NeverReopened,
    NotMerged,
    NotSplit,
}

impl Answer {
    fn read(cell: &str) -> Self {
        match cell {
            "=" => Self::NothingToDo,
            "-" => Self::NotInState,
            "not permitted" => Self::NotPermitted,
            "no case" => Self::NoCase,
            "exists" => Self::Exists,
            "follow-up" => Self::FollowUp,
            "never reopened" => Self::NeverReopened,
            "not merged" => Self::NotMerged,
            "not split" => Self::NotSplit,
            events => Self::Accepted(events.split('+').map(str::to_owned).collect()),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(events) => write!(f, "accepted: {}", events.join(", ")),
            Self::NothingToDo => f.write_str("nothing to do"),
            Self::NotInState => f.write_str("refused: not in this state"),
            Self::NotPermitted => f.write_str("refused: not permitted"),
            Self::NoCase => f.write_str("refused: no such case"),
            Self::Exists => f.write_str("refused: the case is already there"),
            Self::FollowUp => f.write_str("refused: open a follow-up case"),
            Self::NeverReopened => f.write_str("refused: no reopening to undo"),
            Self::NotMerged => f.write_str("refused: no merge to undo"),
            Self::NotSplit => f.write_str("refused: no split to undo"),
        }
    }
}

/// The promised table.
pub struct Expected(BTreeMap<(Stage, Kind, Role), Answer>);

impl Expected {
    /// Reads the rows; a malformed or repeated one fails the test that reads it.
    pub fn read(text: &str) -> Self {
        let mut cells = BTreeMap::new();
        for row in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (head, answers) = Self::row(row);
            for role in head.1 {
                for (stage, answer) in Stage::iter().zip(&answers) {
                    let earlier = cells.insert((stage, head.0, role), answer.clone());
                    assert!(earlier.is_none(), "promised twice: {stage} | {} | {role}", head.0);
                }
            }
        }
        Self(cells)
    }

    fn row(row: &str) -> ((Kind, Vec<Role>), Vec<Answer>) {
        let columns: Vec<_> = row.split('|').map(str::trim).collect();
        let [command, roles, answers @ ..] = columns.as_slice() else { panic!("a row needs columns: {row}") };
        let kind = Kind::iter().find(|kind| kind.to_string() == *command);
        let kind = kind.unwrap_or_else(|| panic!("no such command: {row}"));
        let roles = roles.split(' ').map(|role| role.parse().unwrap_or_else(|_| panic!("no such role: {row}")));
        let states = Stage::iter().count();
        let answers = match answers {
            ["not permitted"] => vec![Answer::NotPermitted; states],
            each => each.iter().map(|cell| Answer::read(cell)).collect(),
        };
        assert_eq!(answers.len(), states, "one cell a state: {row}");
        ((kind, roles.collect()), answers)
    }

    /// What is promised for a cell.
    pub fn answer(&self, stage: Stage, kind: Kind, role: Role) -> &Answer {
        self.0.get(&(stage, kind, role)).unwrap_or_else(|| panic!("nothing promised: {stage} | {kind} | {role}"))
    }

    /// How many cells are promised.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

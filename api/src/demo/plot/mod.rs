//! What happens to each case, from a number: who asks for what, who answers, and how it ends.
//!
//! | file | what it holds |
//! |---|---|
//! | `opening` | who asks for what, where, and when |
//! | `working` | what the desk and the customer do until there is an answer |
//! | `settling` | what becomes of the answer |
//!
//! The same numbers make the same cases at the same moment: a run that was cut off goes on with the cases that are missing.
//! A story that comes to the present stops there, which is how cases come to be New, Open and Resolved.

mod opening;
mod settling;
mod working;

use domain::{
    Actor, PersonId, RequestId, Role, Timestamp,
    case::{CaseAction, CaseError, NewAttachments},
    settings::Catalogue,
};

use super::{
    calendar::Calendar,
    dice::Dice,
    telling::Telling,
    words::{Names, Phrases, Story},
    world::{Account, Contact, Staff, World},
};
use crate::import::identity::Identities;

/// How many cases there are, but for those that somebody opened a second time.
pub const CASES: u32 = 480;

/// All that cases are made of.
pub struct Plot<'a> {
    /// Who there is.
    pub world: &'a World,
    /// What may happen.
    pub stories: &'a [Story],
    /// What is said.
    pub phrases: &'a Phrases,
    /// What cases are classified by.
    pub catalogue: &'a Catalogue,
    /// When people do things.
    pub calendar: Calendar,
    /// Ids of cases and their texts.
    pub ids: Identities,
    /// The run, as it stands in the metadata of events.
    pub request: RequestId,
}

/// Why a story does not go on.
enum Stop {
    /// It has come to the present.
    Now,
    /// It is at its end.
    End,
    /// The rules refuse a step: a mistake in the plot.
    Refused(CaseError),
}

impl From<CaseError> for Stop {
    fn from(error: CaseError) -> Self {
        Self::Refused(error)
    }
}

type Step<T = ()> = Result<T, Stop>;

/// The reference of a case by its number.
#[must_use]
pub fn reference(number: u32) -> String {
    format!("demo case {number}")
}

impl Plot<'_> {
    /// The case with this number, and another one where two belong together.
    ///
    /// # Errors
    /// [`CaseError`], for a mistake in the plot.
    pub fn tell(&self, number: u32) -> Result<Vec<Telling>, CaseError> {
        let Some(mut course) = self.open(number)? else { return Ok(vec![]) };
        match course.work().and_then(|()| course.settle()) {
            Ok(()) | Err(Stop::Now | Stop::End) => {}
            Err(Stop::Refused(error)) => return Err(error),
        }
        let Course { telling, second, .. } = course;
        Ok([telling].into_iter().chain(second).collect())
    }
}

/// A case on its way.
struct Course<'a> {
    plot: &'a Plot<'a>,
    number: u32,
    dice: Dice,
    story: &'a Story,
    account: &'a Account,
    contact: &'a Contact,
    /// Whose case it is at the desk, or will be.
    agent: &'a Staff,
    names: Names,
    /// When the last step was taken.
    at: Timestamp,
    telling: Telling,
    /// The case in which somebody else asked for the same.
    second: Option<Telling>,
}

impl Course<'_> {
    /// Some working minutes later, at the desk.
    fn at_the_desk(&mut self, least: i64, most: i64) -> Step {
        let minutes = self.dice.mostly_little(least, most);
        self.go_to(self.plot.calendar.at_the_desk(self.at, minutes))
    }

    /// Some minutes later, at the customer's.
    fn at_the_customers(&mut self, least: i64, most: i64) -> Step {
        let minutes = self.dice.mostly_little(least, most);
        self.go_to(self.plot.calendar.at_the_customers(self.at, minutes))
    }

    fn go_to(&mut self, at: Timestamp) -> Step {
        if at > self.plot.calendar.now() {
            return Err(Stop::Now);
        }
        self.at = at;
        Ok(())
    }

    /// How long ago it was asked for, in days.
    fn age_days(&self) -> i64 {
        let opened = self.telling.opened_at().unwrap_or(self.at);
        (self.plot.calendar.now() - opened).num_days()
    }

    fn by_agent(&self) -> Actor {
        Actor::new(self.agent.person, self.agent.acts_as())
    }

    fn by_contact(&self) -> Actor {
        Actor::new(self.contact.person, Role::Contact)
    }

    fn act(&mut self, by: Actor, action: CaseAction) -> Step {
        Ok(self.telling.act(by, None, self.at, action)?)
    }

    /// Writes to the other side.
    fn say(&mut self, by: Actor, text: &str) -> Step {
        let text = self.names.fill(text);
        let (message, body) = (self.telling.message(), self.telling.words(by.person, &text));
        self.act(by, CaseAction::PostMessage { message, body, attachments: NewAttachments::default() })
    }

    /// Writes something down for the desk.
    fn note(&mut self, text: &str) -> Step {
        let (by, text) = (self.by_agent(), self.names.fill(text));
        let (message, body) = (self.telling.message(), self.telling.words(by.person, &text));
        self.act(by, CaseAction::AddNote { message, body, attachments: NewAttachments::default() })
    }

    fn words(&mut self, subject: PersonId, text: &str) -> domain::Sealed<domain::PlainText> {
        let text = self.names.fill(text);
        self.telling.words(subject, &text)
    }
}

/// What somebody is called by those who know them: the first word that is no title.
fn first_name(name: &str) -> &str {
    const TITLES: [&str; 2] = ["Dr", "Prof"];
    name.split(' ').find(|word| !TITLES.contains(word)).unwrap_or(name)
}

#[cfg(test)]
mod tests;

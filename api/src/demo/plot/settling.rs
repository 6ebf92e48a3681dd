//! What becomes of an answer: accepted, rejected, or left alone until time settles it.

use chrono::TimeDelta;
use domain::{
    Actor,
    case::{CLOSE_AFTER, CaseAction, CloseCause},
};

use super::{Course, Step, Stop};
use crate::demo::words::Answer;

/// After how long the customer is reminded of an answer.
const REMIND_AFTER: TimeDelta = TimeDelta::days(5);

impl Course<'_> {
    /// From Open to the end.
    pub(super) fn settle(&mut self) -> Step {
        let (story, phrases) = (self.story, self.plot.phrases);
        let answer = self.dice.pick(&story.resolutions).expect("every story ends");
        self.resolve(answer)?;
        if self.dice.chance(9) {
            self.at_the_customers(30, 3_000)?;
            let by = self.by_contact();
            let text = self.dice.pick(&phrases.rejections).expect("there are some");
            let reason = self.words(by.person, text);
            self.act(by, CaseAction::RejectResolution { reason: Some(reason) })?;
            self.resolve_again()?;
        } else if self.dice.chance(3) {
            self.at_the_desk(200, 1_500)?;
            let by = self.by_agent();
            let text = self.dice.pick(&phrases.reopenings).expect("there are some");
            let reason = self.words(by.person, text);
            self.act(by, CaseAction::Reopen { reason })?;
            self.resolve_again()?;
        }
        self.close()
    }

    fn resolve(&mut self, answer: &Answer) -> Step {
        self.at_the_desk(20, 3_200)?;
        let by = self.by_agent();
        let resolution = self.words(by.person, &answer.text);
        self.act(
            by,
            CaseAction::Resolve {
                code: answer.code.clone(),
                resolution,
                closes_after: Some(CLOSE_AFTER),
                reminds_after: Some(REMIND_AFTER),
            },
        )
    }

    fn resolve_again(&mut self) -> Step {
        self.at_the_desk(10, 200)?;
        let story = self.story;
        if let Some(note) = self.dice.pick(&story.notes) {
            self.note(note)?;
        }
        let answer = self.dice.pick(&self.plot.phrases.second_answers).expect("there are some");
        self.resolve(answer)
    }

    fn close(&mut self) -> Step {
        let resolved_at = self.at;
        let (by, agent) = (self.by_contact(), self.by_agent());
        match self.dice.between(0, 99) {
            0..=54 => {
                self.at_the_customers(20, 4 * 1_440)?;
                if self.dice.chance(40) {
                    self.thank()?;
                }
                self.act(by, CaseAction::AcceptResolution)?;
            }
            55..=62 => {
                self.at_the_desk(120, 2_000)?;
                self.act(agent, CaseAction::Close { cause: CloseCause::ConfirmedElsewhere })?;
            }
            63..=74 => {
                self.at_the_customers(20, 2 * 1_440)?;
                self.thank()?;
                self.time_goes_by(resolved_at)?;
            }
            _ => self.time_goes_by(resolved_at)?,
        }
        if self.dice.chance(45) {
            self.rate()?;
        }
        Err(Stop::End)
    }

    /// Nobody objects: they are reminded once, and then it is closed.
    fn time_goes_by(&mut self, resolved_at: domain::Timestamp) -> Step {
        self.go_to(resolved_at + REMIND_AFTER)?;
        self.act(Actor::clock(), CaseAction::Remind)?;
        self.go_to(resolved_at + CLOSE_AFTER)?;
        self.act(Actor::clock(), CaseAction::Close { cause: CloseCause::TimeElapsed })
    }

    fn thank(&mut self) -> Step {
        let by = self.by_contact();
        let text = self.dice.pick(&self.plot.phrases.thanks).expect("there are some").clone();
        self.say(by, &text)
    }

    fn rate(&mut self) -> Step {
        let by = self.by_contact();
        let scores = [(5, 46), (4, 30), (3, 12), (2, 7), (1, 5)];
        let (score, _) = *self.dice.pick_weighted(&scores, |(_, weight)| *weight).expect("they have weight");
        self.at_the_customers(1, 600)?;
        let comments = self.plot.phrases.ratings.get(&score.to_string());
        let comment = comments.and_then(|comments| self.dice.pick(comments)).filter(|_| self.number % 5 < 3);
        let comment = comment.map(|comment| self.words(by.person, comment));
        self.act(by, CaseAction::Rate { score, comment })
    }
}

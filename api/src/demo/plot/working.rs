//! What the desk and the customer do until there is an answer.

use chrono::TimeDelta;
use domain::case::{CancelReason, CaseAction, Choice, CloseCause, Priority, Status, Wait, WaitReason, Watcher};

use super::{Course, Step, Stop};
use crate::demo::words::Exchange;

/// How likely it is that a case has not been looked at yet, by its age in days: less with each.
const UNTOUCHED: [u32; 4] = [60, 45, 30, 20];
/// Up to which age a case may be stuck with somebody else, in days.
const STUCK_DAYS: i64 = 45;
/// Up to which age the desk waits for a customer who has forgotten it.
const FORGOTTEN_DAYS: i64 = 15;

impl Course<'_> {
    /// From New to where an answer is at hand.
    pub(super) fn work(&mut self) -> Step {
        let untouched =
            usize::try_from(self.age_days()).ok().and_then(|days| UNTOUCHED.get(days)).copied().unwrap_or(0);
        if self.telling.state().status == Status::New && self.dice.chance(untouched) {
            return Err(Stop::Now);
        }
        if self.dice.chance(4) {
            return self.cancel();
        }
        self.hand_out()?;
        self.greet()?;
        match self.number % 47 {
            5 => self.merge_second()?,
            29 => self.link_second()?,
            _ => {}
        }
        self.tidy()?;
        self.look_into_it()?;
        if self.dice.chance(3) {
            return self.cancel();
        }
        Ok(())
    }

    /// It finds the one who works on it.
    fn hand_out(&mut self) -> Step {
        let desk = &self.plot.world.staff;
        if self.dice.chance(8) {
            // It came into a wrong queue, and somebody there saw that.
            self.at_the_desk(5, 120)?;
            let queue = self.telling.state().queue.clone();
            let others: Vec<_> = self.plot.catalogue.queues.keys().filter(|it| **it != queue).collect();
            if let Some(wrong) = self.dice.pick(&others) {
                let by = self.by_agent();
                self.act(by, CaseAction::MoveToQueue { queue: (*wrong).clone() })?;
                self.at_the_desk(10, 180)?;
                let text = self.dice.pick(&self.plot.phrases.moved).expect("there are some").clone();
                self.note(&text)?;
                self.act(by, CaseAction::MoveToQueue { queue })?;
            }
        }
        let supervisors: Vec<_> = desk.iter().filter(|it| it.is.roles.contains(&domain::Role::Supervisor)).collect();
        if self.dice.chance(20)
            && let Some(supervisor) = self.dice.pick(&supervisors)
        {
            self.at_the_desk(4, 90)?;
            let by = domain::Actor::new(supervisor.person, domain::Role::Supervisor);
            self.act(by, CaseAction::Assign { owner: self.agent.person })?;
        }
        Ok(())
    }

    /// The first reply, with a question as often as not.
    fn greet(&mut self) -> Step {
        let most = match self.telling.state().priority {
            Priority::Critical => 25,
            Priority::High => 90,
            Priority::Normal => 420,
            Priority::Low => 700,
        };
        self.at_the_desk(3, most)?;
        let story = self.story;
        let greeting = self.dice.pick(&self.plot.phrases.greetings).expect("there are some").clone();
        if let Some(exchange) = self.dice.pick(&story.exchanges).filter(|_| !self.number.is_multiple_of(3)) {
            let by = self.by_agent();
            self.say(by, &format!("{greeting}\n\n{}", exchange.ask))?;
            return self.wait_for_answer(exchange);
        }
        let by = self.by_agent();
        match self.dice.pick(&story.progress) {
            Some(progress) => self.say(by, &format!("{greeting}\n\n{progress}")),
            None => self.say(by, &greeting),
        }
    }

    /// Waits for the customer, who answers sooner or later.
    fn wait_for_answer(&mut self, exchange: &Exchange) -> Step {
        let by = self.by_agent();
        self.act(by, CaseAction::StartWait { wait: Wait { reason: WaitReason::Customer, until: None } })?;
        if self.dice.chance(14) {
            self.at_the_desk(3 * 540, 4 * 540)?;
            let text = self.dice.pick(&self.plot.phrases.reminders).expect("there are some").clone();
            self.say(by, &text)?;
        }
        if self.age_days() < FORGOTTEN_DAYS && self.dice.chance(25) {
            return Err(Stop::Now);
        }
        self.at_the_customers(12, 4_000)?;
        let by = self.by_contact();
        self.say(by, &exchange.answer)
    }

    /// What was chosen wrongly is put right.
    fn tidy(&mut self) -> Step {
        let (by, story) = (self.by_agent(), self.story);
        let state = self.telling.state();
        let (is_elsewhere, is_astray) = (state.category != story.category, state.location.is_not_listed());
        if is_elsewhere {
            self.at_the_desk(2, 40)?;
            let (case_type, category) = (story.r#type.clone(), story.category.clone());
            self.act(by, CaseAction::Reclassify { case_type, category })?;
        }
        if is_astray {
            self.at_the_desk(2, 60)?;
            let places: Vec<_> = self.account.places.iter().filter(|place| self.contact.sees(place.id)).collect();
            match self.dice.pick(&places).filter(|_| self.number.is_multiple_of(2)) {
                Some(place) => self.act(by, CaseAction::SetLocation { location: Choice::Picked(place.id) })?,
                None => self.act(by, CaseAction::ClearTriage)?,
            }
        }
        Ok(())
    }

    /// What is done about it: notes, news, waits for others, other hands.
    fn look_into_it(&mut self) -> Step {
        let (story, phrases) = (self.story, self.plot.phrases);
        if self.dice.chance(45)
            && let Some(note) = self.dice.pick(&story.notes)
        {
            self.at_the_desk(10, 240)?;
            self.note(note)?;
        }
        if self.dice.chance(12) {
            self.hand_over()?;
        }
        if self.dice.chance(14)
            && let Some(nudge) = self.dice.pick(&phrases.nudges)
        {
            self.at_the_customers(600, 3_600)?;
            let by = self.by_contact();
            self.say(by, &nudge.ask)?;
            self.at_the_desk(10, 300)?;
            if self.dice.chance(35) && self.telling.state().priority < Priority::High {
                let by = self.by_agent();
                self.act(by, CaseAction::SetPriority { priority: Priority::High })?;
                let text = self.dice.pick(&phrases.urgent).expect("there are some").clone();
                self.note(&text)?;
            }
            let by = self.by_agent();
            self.say(by, &nudge.answer)?;
        }
        if self.dice.chance(5) {
            let colleagues: Vec<_> =
                self.account.contacts.iter().filter(|it| it.person != self.contact.person).collect();
            if let Some(colleague) = self.dice.pick(&colleagues) {
                let (by, watcher) = (self.by_contact(), Watcher::Contact { person: colleague.person });
                self.at_the_customers(10, 500)?;
                self.act(by, CaseAction::AddWatcher { watcher })?;
            }
        }
        if let Some(vendor) = story.vendor.as_ref().filter(|_| self.number % 4 == 1) {
            self.wait_for_others(WaitReason::Vendor, vendor)?;
        } else if self.dice.chance(9)
            && let Some(evidence) = self.dice.pick(&phrases.evidence)
        {
            let by = self.by_agent();
            self.at_the_desk(10, 200)?;
            self.say(by, &evidence.ask)?;
            self.act(by, CaseAction::StartWait { wait: Wait { reason: WaitReason::Evidence, until: None } })?;
            self.at_the_customers(60, 3_000)?;
            let by = self.by_contact();
            self.say(by, &evidence.answer)?;
            self.at_the_desk(5, 200)?;
            let by = self.by_agent();
            self.act(by, CaseAction::EndWait)?;
        } else if self.dice.chance(7)
            && let Some(problem) = self.dice.pick(&phrases.problems)
        {
            self.at_the_desk(10, 200)?;
            self.note(problem)?;
            let by = self.by_agent();
            let ends = self.at + TimeDelta::days(self.dice.between(3, 9));
            let is_stuck = self.is_stuck();
            // A date that has passed would end it at once.
            let until = (!is_stuck).then_some(ends);
            self.act(by, CaseAction::StartWait { wait: Wait { reason: WaitReason::Problem, until } })?;
            if is_stuck {
                return Err(Stop::Now);
            }
            self.go_to(ends)?;
            self.act(domain::Actor::clock(), CaseAction::EndWait)?;
        }
        if self.dice.chance(40)
            && let Some(progress) = self.dice.pick(&story.progress)
        {
            self.at_the_desk(30, 500)?;
            let by = self.by_agent();
            self.say(by, progress)?;
        }
        Ok(())
    }

    fn wait_for_others(&mut self, reason: WaitReason, exchange: &Exchange) -> Step {
        self.at_the_desk(10, 200)?;
        self.note(&exchange.ask)?;
        let by = self.by_agent();
        self.act(by, CaseAction::StartWait { wait: Wait { reason, until: None } })?;
        if self.is_stuck() {
            return Err(Stop::Now);
        }
        self.at_the_desk(300, 5 * 540)?;
        self.note(&exchange.answer)?;
        self.act(by, CaseAction::EndWait)
    }

    /// Some of those that wait for somebody else still do.
    fn is_stuck(&mut self) -> bool {
        self.age_days() < STUCK_DAYS && self.dice.chance(50)
    }

    /// Another agent goes on with it.
    fn hand_over(&mut self) -> Step {
        let others = |it: &crate::demo::world::Staff| u32::from(it.works() && it.person != self.agent.person);
        let staff = &self.plot.world.staff;
        let Some(next) = self.dice.pick_weighted(staff, others) else { return Ok(()) };
        self.at_the_desk(20, 400)?;
        let text = self.dice.pick(&self.plot.phrases.handovers).expect("there are some").clone();
        self.note(&text)?;
        let by = self.by_agent();
        self.act(by, CaseAction::Assign { owner: next.person })?;
        self.agent = next;
        self.names.set("agent", super::first_name(&next.is.name));
        Ok(())
    }

    /// A colleague of the customer's asked for the same: the two become one.
    fn merge_second(&mut self) -> Step {
        self.open_again()?;
        self.at_the_desk(5, 90)?;
        let (by, at, into) = (self.by_agent(), self.at, self.telling.case_id);
        if let Some(second) = &mut self.second {
            second.act_with(&mut self.telling, by, at, CaseAction::Merge { into })?;
        }
        Ok(())
    }

    /// A colleague of the customer's asked for the same: theirs is answered by pointing here.
    fn link_second(&mut self) -> Step {
        self.open_again()?;
        self.at_the_desk(5, 90)?;
        let (by, at, other) = (self.by_agent(), self.at, self.telling.case_id);
        let answer = self.dice.pick(&self.plot.phrases.elsewhere).expect("there are some");
        let text = self.names.fill(answer);
        if let Some(second) = &mut self.second {
            second.act_with(&mut self.telling, by, at, CaseAction::Link { other })?;
            let resolution = second.words(by.person, &text);
            let code = "duplicate".parse().expect("a short name");
            let action = CaseAction::Resolve { code, resolution, closes_after: None, reminds_after: None };
            second.act(by, None, at, action)?;
            let confirmed = CaseAction::Close { cause: CloseCause::ConfirmedElsewhere };
            second.act(by, None, at, confirmed)?;
        }
        Ok(())
    }

    /// It is not needed any more.
    fn cancel(&mut self) -> Step {
        self.at_the_customers(15, 1_500)?;
        let reasons = [
            CancelReason::SolvedItself,
            CancelReason::SolvedItself,
            CancelReason::OpenedByMistake,
            CancelReason::NoLongerNeeded,
            CancelReason::Other,
        ];
        let reason = *self.dice.pick(&reasons).expect("there are some");
        let by = self.by_contact();
        let comment = self.dice.pick(&self.plot.phrases.cancels).expect("there are some");
        let comment = (reason == CancelReason::Other || self.dice.chance(30)).then(|| self.words(by.person, comment));
        self.act(by, CaseAction::Cancel { reason, comment })?;
        Err(Stop::End)
    }
}

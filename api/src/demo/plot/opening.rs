//! Who asks for what, where, and when.

use domain::{
    Actor, Role,
    case::{CaseAction, CaseError, CaseNumber, Choice, NewAttachments, OpenCase, Watcher},
};

use super::{CASES, Course, Plot, first_name, reference};
use crate::demo::{
    dice::Dice,
    telling::Telling,
    words::{Names, Story},
    world::{Account, Contact, Place, Product, Staff},
};

/// Cases of the last three days, that the desk has yet to look at or has begun with.
const OF_TODAY: u32 = 34;
/// Cases of the last days.
const OF_THIS_WEEK: u32 = 30;
/// Since when there is a desk, in days.
const SINCE_DAYS: i64 = 260;

/// What a case is about.
struct About<'a> {
    account: &'a Account,
    contact: &'a Contact,
    place: Option<&'a Place>,
    product: Option<&'a Product>,
}

impl<'a> Plot<'a> {
    /// Opens a case; nothing where the catalogue offers nothing that it could be about.
    pub(super) fn open(&'a self, number: u32) -> Result<Option<Course<'a>>, CaseError> {
        let mut dice = Dice::of(number);
        let Some(story) = self.story(number, &mut dice) else { return Ok(None) };
        let Ok(route) = self.catalogue.route(&story.r#type, &story.category) else { return Ok(None) };
        let Some(about) = self.about(story, &mut dice) else { return Ok(None) };
        let Some(agent) = self.agent(&route.queue, &mut dice) else { return Ok(None) };
        let at = self.calendar.opening(
            &mut dice,
            match CASES - number {
                left if left <= OF_TODAY => 0..=3,
                left if left <= OF_TODAY + OF_THIS_WEEK => 3..=9,
                _ => 9..=SINCE_DAYS,
            },
        );
        let mut course = Course {
            plot: self,
            number,
            names: names(&about, agent, &mut dice),
            dice,
            story,
            account: about.account,
            contact: about.contact,
            agent,
            at,
            telling: Telling::new(self.ids, self.request, reference(number)),
            second: None,
        };
        course.open(&about, route)?;
        Ok(Some(course))
    }

    /// The first cases are one of each story, so that there is one.
    fn story(&self, number: u32, dice: &mut Dice) -> Option<&'a Story> {
        match self.stories.get(number as usize) {
            Some(story) => Some(story),
            None => dice.pick_weighted(self.stories, |story| story.weight),
        }
    }

    fn about(&self, story: &Story, dice: &mut Dice) -> Option<About<'a>> {
        let fits = |product: &Product| story.may_be_about(&product.name);
        let has = |account: &Account| account.places.iter().any(|place| place.products.iter().any(fits));
        let account =
            dice.pick_weighted(&self.world.accounts, |account| if has(account) { account.volume } else { 0 })?;
        let places: Vec<_> = account.places.iter().filter(|place| place.products.iter().any(fits)).collect();
        let place = *dice.pick(&places)?;
        let contacts: Vec<_> = account.contacts.iter().filter(|contact| contact.sees(place.id)).collect();
        let contact = *dice.pick(&contacts)?;
        let products: Vec<_> = place.products.iter().filter(|it| fits(it)).collect();
        let product = *dice.pick(&products)?;
        // What is about an account is about no place, mostly.
        let is_about_a_place = self.catalogue.types.get(&story.r#type).is_none_or(|it| it.entry.is.location_required);
        let names_it = is_about_a_place || story.names_a_place() || dice.chance(30);
        Some(About { account, contact, place: names_it.then_some(place), product: names_it.then_some(product) })
    }

    /// Somebody who takes cases of a queue, or whoever works cases.
    fn agent(&self, queue: &domain::Slug, dice: &mut Dice) -> Option<&'a Staff> {
        let works_there = |staff: &Staff| if staff.works() && staff.is.queues.contains(queue) { 4 } else { 0 };
        let works = |staff: &Staff| u32::from(staff.works());
        if dice.chance(88)
            && let Some(agent) = dice.pick_weighted(&self.world.staff, works_there)
        {
            return Some(agent);
        }
        dice.pick_weighted(&self.world.staff, works)
    }
}

fn names(about: &About<'_>, agent: &Staff, dice: &mut Dice) -> Names {
    let mut names = Names::default();
    names.set("place", about.place.map_or("our offices", |place| &place.name));
    names.set("product", about.product.map_or("the account", |product| &product.name));
    names.set("circuit", about.product.map_or(&about.account.reference, |product| &product.reference));
    names.set("contact", first_name(&about.contact.name));
    names.set("agent", first_name(&agent.is.name));
    names.set("phone", format!("555-01{:02}", dice.between(0, 99)));
    names.set("number", dice.between(2, 48).to_string());
    names.set("amount", format!("${}.{:02}", dice.between(18, 940), dice.between(0, 99)));
    names.set("invoice", format!("DEMO-{}", dice.between(70_100, 79_900)));
    names.set("ticket", format!("V-{}", dice.between(4_100, 9_900)));
    let people = &about.account.contacts;
    let others: Vec<_> = people.iter().filter(|it| it.person != about.contact.person).collect();
    names.set("person", dice.pick(&others).map_or("a colleague", |it| first_name(&it.name)));
    names
}

impl Course<'_> {
    fn open(&mut self, about: &About<'_>, route: domain::settings::Route) -> Result<(), CaseError> {
        let story = self.story;
        let opening = self.dice.pick(&story.openings).expect("every story begins");
        let is_called_in = self.dice.chance(12);
        let by = if is_called_in { self.by_agent() } else { self.by_contact() };
        let on_behalf_of = is_called_in.then_some(self.contact.person);
        if is_called_in {
            // Nobody answers the telephone at night.
            let at = self.plot.calendar.at_the_desk(self.at, 3);
            self.at = if at > self.plot.calendar.now() { self.at } else { at };
        }
        // Who does not know the lists leaves it to the desk.
        let is_astray = self.dice.chance(5) && about.place.is_some();
        let place = about.place.map_or(Choice::None, |place| Choice::Picked(place.id));
        let product = about.product.map_or(Choice::None, |product| Choice::Picked(product.id));
        let subject = self.words(by.person, &opening.subject);
        let description = self.words(by.person, &opening.text);
        let action = CaseAction::Open(Box::new(OpenCase {
            number: CaseNumber(0),
            account: self.account.id,
            location: if is_astray { Choice::NotListed } else { place },
            product: if is_astray { Choice::NotListed } else { product },
            case_type: story.r#type.clone(),
            category: self.first_category(),
            contact: self.contact.person,
            subject: Some(subject),
            message: self.telling.message(),
            description,
            watchers: self.watchers(),
            attachments: NewAttachments::default(),
            queue: route.queue,
            priority: story.priority.unwrap_or(route.priority),
            external_reference: None,
        }));
        self.telling.act(by, on_behalf_of, self.at, action)?;
        if is_called_in {
            let (by, text) =
                (self.by_agent(), self.dice.pick(&self.plot.phrases.called).expect("there are some").clone());
            let text = self.names.fill(&text);
            let (message, body) = (self.telling.message(), self.telling.words(by.person, &text));
            let action = CaseAction::PostMessage { message, body, attachments: NewAttachments::default() };
            self.telling.act(by, None, self.at, action)?;
        }
        Ok(())
    }

    /// Some choose what fits nothing, and the desk knows better.
    fn first_category(&mut self) -> domain::Slug {
        let other: domain::Slug = "other".parse().expect("a short name");
        let offers = self.plot.catalogue.route(&self.story.r#type, &other).is_ok();
        if offers && self.dice.chance(6) { other } else { self.story.category.clone() }
    }

    /// A colleague who is to be told, now and then.
    fn watchers(&mut self) -> Vec<Watcher> {
        if !self.dice.chance(18) {
            return vec![];
        }
        let colleagues: Vec<_> = self.account.contacts.iter().filter(|it| it.person != self.contact.person).collect();
        self.dice.pick(&colleagues).map(|it| Watcher::Contact { person: it.person }).into_iter().collect()
    }

    /// Somebody else who asks for the same a little later, in words of their own.
    pub(super) fn open_again(&mut self) -> super::Step {
        let colleagues: Vec<_> = self.account.contacts.iter().filter(|it| it.person != self.contact.person).collect();
        let Some(colleague) = self.dice.pick(&colleagues) else { return Ok(()) };
        let opening = self.dice.pick(&self.plot.phrases.duplicates).expect("there are some");
        let mut second = Telling::new(self.plot.ids, self.plot.request, format!("{} again", reference(self.number)));
        let state = self.telling.state();
        let by = Actor::new(colleague.person, Role::Contact);
        let [subject, text] = [&opening.subject, &opening.text].map(|text| self.names.fill(text));
        let action = CaseAction::Open(Box::new(OpenCase {
            number: CaseNumber(0),
            account: state.account,
            location: state.location,
            product: state.product,
            case_type: state.case_type.clone(),
            category: state.category.clone(),
            contact: colleague.person,
            subject: Some(second.words(by.person, &subject)),
            message: second.message(),
            description: second.words(by.person, &text),
            watchers: vec![],
            attachments: NewAttachments::default(),
            queue: state.queue.clone(),
            priority: state.priority,
            external_reference: None,
        }));
        self.at_the_customers(20, 90)?;
        second.act(by, None, self.at, action)?;
        self.second = Some(second);
        Ok(())
    }
}

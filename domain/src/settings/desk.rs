//! When the desk is open: hours of each day of the week on the wall clock of a time zone, and holidays.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use super::{Decision, Name, SettingsError, SettingsFact};

/// How many holidays are kept at most.
pub const MAX_HOLIDAYS: usize = 500;

/// When the desk is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// When in each week.
    pub hours: Hours,
    /// The days on which it is closed all the same, with their names.
    pub holidays: BTreeMap<NaiveDate, Name>,
}

/// When the desk is open in a week without holidays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Whose wall clock shows them.
    pub time_zone: TimeZone,
    /// The spans of each day on which it is open, in their order.
    pub week: BTreeMap<Day, Vec<Span>>,
}

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZone(pub Tz);

/// A day of the week.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
pub enum Day {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

/// A part of a day, from a time up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// From when.
    pub from: TimeOfDay,
    /// Until when.
    pub to: TimeOfDay,
}

/// A time on the wall clock, in minutes after midnight; `24:00` is the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// Why a text is no time zone or time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// The IANA database has no such zone.
    #[error("`{0}` is no time zone: name one of the IANA database, for example `America/Chicago`")]
    NotATimeZone(String),
    /// Not a time of a day.
    #[error("`{0}` is no time of a day: write it as 08:30; the end of a day is 24:00")]
    NotATime(String),
}

impl FromStr for TimeZone {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self).map_err(|_| HoursError::NotATimeZone(text.chars().take(60).collect()))
    }
}

impl TryFrom<String> for TimeZone {
    type Error = HoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeZone> for String {
    fn from(zone: TimeZone) -> Self {
        zone.0.name().to_owned()
    }
}

impl TimeOfDay {
    const END: u16 = 24 * 60;
}

impl FromStr for TimeOfDay {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let two_digits = |text: &str| {
            let all_digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<u16>().ok().filter(|_| all_digits)
        };
        let parts = text.split_once(':').and_then(|(hour, minute)| two_digits(hour).zip(two_digits(minute)));
        match parts {
            Some((hour, minute)) if minute < 60 && hour * 60 + minute <= Self::END => Ok(Self(hour * 60 + minute)),
            _ => Err(HoursError::NotATime(text.chars().take(20).collect())),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = HoursError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl Desk {
    /// Says when the desk is open.
    ///
    /// # Errors
    /// [`SettingsError::EmptySpan`] and [`SettingsError::OverlappingSpans`].
    pub(super) fn set_hours(&self, hours: &Hours) -> Decision {
        for (day, spans) in &hours.week {
            if let Some(empty) = spans.iter().find(|span| span.from >= span.to) {
                return Err(SettingsError::EmptySpan { day: *day, from: empty.from, to: empty.to });
            }
            if spans.windows(2).any(|pair| pair[0].to > pair[1].from) {
                return Err(SettingsError::OverlappingSpans { day: *day });
            }
        }
        let is_new = self.hours != *hours;
        Ok(is_new.then(|| SettingsFact::DeskHoursSet(hours.clone())).into_iter().collect())
    }

    /// Closes the desk on a day.
    ///
    /// # Errors
    /// [`SettingsError::TooManyHolidays`].
    pub(super) fn set_holiday(&self, date: NaiveDate, name: &Name) -> Decision {
        let known = self.holidays.get(&date);
        if known == Some(name) {
            return Ok(vec![]);
        }
        if known.is_none() && self.holidays.len() >= MAX_HOLIDAYS {
            return Err(SettingsError::TooManyHolidays { limit: MAX_HOLIDAYS });
        }
        Ok(vec![SettingsFact::HolidaySet { date, name: name.clone() }])
    }

    /// Opens it on a day as on others. A day that is no holiday stays none.
    pub(super) fn remove_holiday(&self, date: NaiveDate) -> Vec<SettingsFact> {
        let is_one = self.holidays.contains_key(&date);
        is_one.then_some(SettingsFact::HolidayRemoved { date }).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Role,
        settings::{SettingsAction, testing::*},
    };

    fn hours(zone: &str, spans: &[(Day, &str, &str)]) -> Hours {
        let mut week: BTreeMap<Day, Vec<Span>> = BTreeMap::new();
        for (day, from, to) in spans {
            let span = Span { from: from.parse().expect("a time"), to: to.parse().expect("a time") };
            week.entry(*day).or_default().push(span);
        }
        Hours { time_zone: zone.parse().expect("a zone"), week }
    }

    fn set(hours: &Hours) -> SettingsAction {
        SettingsAction::SetHours(hours.clone())
    }

    #[test]
    fn a_time_reads_as_it_is_written() {
        for text in ["00:00", "08:30", "23:59", "24:00"] {
            assert_eq!(text.parse::<TimeOfDay>().map(|time| time.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "8:30", "24:01", "12:60", "-1:00", "+8:00", "12", "12:00:00"] {
            assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
        }
        assert!("Middle/Earth".parse::<TimeZone>().is_err());
    }

    #[test]
    fn hours_are_spans_of_a_day_in_their_order() {
        let open = hours("Europe/Madrid", &[(Day::Mon, "09:00", "14:00"), (Day::Mon, "14:00", "24:00")]);
        given(vec![]).when(by(Role::Supervisor), set(&open)).then(vec![SettingsFact::DeskHoursSet(open.clone())]);
        given(vec![SettingsFact::DeskHoursSet(open.clone())]).when(administrator(), set(&open)).then(vec![]);
        let empty = hours("UTC", &[(Day::Sun, "09:00", "09:00")]);
        let (from, to) = (empty.week[&Day::Sun][0].from, empty.week[&Day::Sun][0].to);
        given(vec![]).when(administrator(), set(&empty)).refused(&SettingsError::EmptySpan { day: Day::Sun, from, to });
        let overlapping = hours("UTC", &[(Day::Tue, "09:00", "12:01"), (Day::Tue, "12:00", "13:00")]);
        given(vec![])
            .when(administrator(), set(&overlapping))
            .refused(&SettingsError::OverlappingSpans { day: Day::Tue });
    }

    #[test]
    fn a_holiday_is_set_and_removed_once() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 25).expect("a date");
        let fact = SettingsFact::HolidaySet { date, name: name("Christmas Day") };
        let set = || SettingsAction::SetHoliday { date, name: name("Christmas Day") };
        let remove = || SettingsAction::RemoveHoliday { date };
        given(vec![]).when(by(Role::Supervisor), set()).then(vec![fact.clone()]);
        given(vec![fact.clone()]).when(administrator(), set()).then(vec![]);
        given(vec![fact]).when(administrator(), remove()).then(vec![SettingsFact::HolidayRemoved { date }]);
        given(vec![]).when(administrator(), remove()).then(vec![]);
    }
}

//! The languages of mail, and times as people of each write them.

use chrono::Datelike as _;
use chrono_tz::Tz;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

/// A language in which mail is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[strum(serialize = "en")]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[strum(serialize = "es")]
    #[serde(rename = "es")]
    Spanish,
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

impl Language {
    /// A time on the wall clock of a zone, with the zone's name at that time: `March 2, 2026, 10:05 CET`.
    #[must_use]
    pub fn time(self, at: Timestamp, zone: Tz) -> String {
        let local = at.with_timezone(&zone);
        let (day, month, year) = (local.day(), local.month0() as usize, local.year());
        let clock = local.format("%H:%M %Z");
        match self {
            Self::English => format!("{} {day}, {year}, {clock}", ENGLISH[month]),
            Self::Spanish => format!("{day} de {} de {year}, {clock}", SPANISH[month]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_that_of_the_readers_wall_clock() {
        let at: Timestamp = "2026-07-31T23:05:00Z".parse().unwrap();
        assert_eq!(Language::English.time(at, Tz::Europe__Madrid), "August 1, 2026, 01:05 CEST");
        assert_eq!(Language::Spanish.time(at, Tz::America__Los_Angeles), "31 de julio de 2026, 16:05 PDT");
    }
}

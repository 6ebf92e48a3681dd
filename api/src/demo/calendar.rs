//! When people do things: the desk in its hours, customers mostly in theirs.

use chrono::{Datelike as _, Days, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Weekday};
use chrono_tz::Tz;
use domain::Timestamp;

use super::dice::Dice;

/// When the desk is at work, on working days.
const DESK: [u32; 2] = [8, 17];
/// When customers answer.
const CUSTOMERS: [u32; 2] = [7, 21];
/// How much is asked on the days of a week, from Monday.
const OF_A_WEEK: [u32; 7] = [100, 92, 85, 82, 68, 16, 9];
/// How much is asked in the hours of a day, from midnight.
const OF_A_DAY: [u32; 24] = [1, 1, 0, 0, 1, 2, 6, 20, 55, 80, 75, 60, 40, 52, 64, 58, 45, 28, 14, 10, 8, 6, 4, 2];

/// The wall clock of the desk, and the moment up to which things have happened.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    zone: Tz,
    now: Timestamp,
}

impl Calendar {
    /// As it stands at a moment.
    #[must_use]
    pub fn new(zone: Tz, now: Timestamp) -> Self {
        Self { zone, now }
    }

    /// The moment up to which things have happened.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A moment of the days before now at which somebody asks for something.
    pub fn opening(&self, dice: &mut Dice, days: std::ops::RangeInclusive<i64>) -> Timestamp {
        loop {
            let day = self.now.with_timezone(&self.zone).date_naive()
                - TimeDelta::days(dice.between(*days.start(), *days.end()));
            let is_asked_on =
                dice.between(1, 100) <= i64::from(OF_A_WEEK[day.weekday().num_days_from_monday() as usize]);
            if !is_asked_on {
                continue;
            }
            let hours: Vec<u32> = (0..24).collect();
            let hour = *dice.pick_weighted(&hours, |hour| OF_A_DAY[*hour as usize]).expect("some hours have weight");
            let (minute, second) = (dice.between(0, 59), dice.between(0, 59));
            let at = self.at(day, hour) + TimeDelta::minutes(minute) + TimeDelta::seconds(second);
            // Today has not come to its end.
            if at < self.now {
                return at;
            }
        }
    }

    /// So many minutes later, counted while the desk is at work.
    #[must_use]
    pub fn at_the_desk(&self, from: Timestamp, minutes: i64) -> Timestamp {
        let (mut at, mut left) = (from, TimeDelta::minutes(minutes));
        loop {
            let local = at.with_timezone(&self.zone);
            let day = local.date_naive();
            let is_free = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            let [begins, ends] = DESK.map(|hour| self.at(day, hour));
            if is_free || at >= ends {
                at = self.at(day + Days::new(1), DESK[0]);
            } else if at < begins {
                at = begins;
            } else if at + left <= ends {
                return at + left;
            } else {
                left -= ends - at;
                at = ends;
            }
        }
    }

    /// So many minutes later, and not in the night.
    #[must_use]
    pub fn at_the_customers(&self, from: Timestamp, minutes: i64) -> Timestamp {
        let at = from + TimeDelta::minutes(minutes);
        let local = at.with_timezone(&self.zone);
        let day = local.date_naive();
        // Not everybody gets up at the same time.
        let wakes = TimeDelta::minutes(minutes.rem_euclid(97));
        match local.hour() {
            hour if hour < CUSTOMERS[0] => self.at(day, CUSTOMERS[0]) + wakes,
            hour if hour >= CUSTOMERS[1] => self.at(day + Days::new(1), CUSTOMERS[0]) + wakes,
            _ => at,
        }
    }

    /// An hour of a day on the wall clock; where the clocks are put forward past it, what they show then.
    fn at(&self, day: chrono::NaiveDate, hour: u32) -> Timestamp {
        let wall = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour of a day"));
        let later = wall + TimeDelta::hours(1);
        let found =
            self.zone.from_local_datetime(&wall).earliest().or(self.zone.from_local_datetime(&later).earliest());
        found.map_or_else(|| wall.and_utc(), |at| at.to_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::new(chrono_tz::America::Chicago, time("2026-06-10T15:00:00Z"))
    }

    #[test]
    fn the_desk_works_in_its_hours_on_the_wall_clock_of_its_zone() {
        let calendar = calendar();
        // A Friday, 16:30 in Chicago: half an hour is left, and the rest is Monday's.
        assert_eq!(calendar.at_the_desk(time("2026-06-05T21:30:00Z"), 45), time("2026-06-08T13:15:00Z"));
        assert_eq!(calendar.at_the_desk(time("2026-06-08T03:00:00Z"), 10), time("2026-06-08T13:10:00Z"));
        // Nine hours are a day's work, across the change of the clocks as well.
        assert_eq!(calendar.at_the_desk(time("2026-03-06T14:00:00Z"), 2 * 540 + 1), time("2026-03-10T13:01:00Z"));
    }

    #[test]
    fn customers_sleep_at_night() {
        let calendar = calendar();
        let woken = calendar.at_the_customers(time("2026-06-09T01:30:00Z"), 120);
        assert!(woken >= time("2026-06-09T12:00:00Z") && woken < time("2026-06-09T14:00:00Z"), "{woken}");
        assert_eq!(calendar.at_the_customers(time("2026-06-09T15:00:00Z"), 60), time("2026-06-09T16:00:00Z"));
    }

    #[test]
    fn most_is_asked_on_working_days_and_nothing_in_the_future() {
        let (calendar, mut dice) = (calendar(), Dice::of(1));
        let asked: Vec<_> = (0..1_000).map(|_| calendar.opening(&mut dice, 0..=200)).collect();
        assert!(asked.iter().all(|at| *at < calendar.now()));
        let on = |day: Weekday| {
            asked.iter().filter(|at| at.with_timezone(&chrono_tz::America::Chicago).weekday() == day).count()
        };
        assert!(on(Weekday::Mon) > 4 * on(Weekday::Sun), "{} {}", on(Weekday::Mon), on(Weekday::Sun));
        for _ in 0..100 {
            let at = calendar.opening(&mut dice, 0..=3);
            assert!(at < calendar.now() && at > calendar.now() - TimeDelta::days(4));
        }
    }
}

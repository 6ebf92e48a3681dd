//! How the times of an export are written.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use domain::Timestamp;

use super::{field::Field, refusal::RowRefusal};

/// A way of writing times.
#[derive(Clone, Debug)]
pub enum TimeFormat {
    /// RFC 3339, such as `2026-03-14T09:26:53Z`.
    Rfc3339,
    /// A local time in a zone.
    Local {
        /// The form, in the notation of `strftime`.
        format: String,
        /// The zone of the IANA database, such as `UTC` or `Europe/Madrid`.
        zone: Tz,
    },
}

/// Why a way of writing times cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeFormatError {
    /// A form that chrono does not know, or that leaves something out.
    #[error("`{0}` does not write day and time so that they can be read back: use for example `%d-%m-%Y %H:%M`")]
    Format(String),
    /// A zone that the IANA database does not know.
    #[error("there is no time zone `{0}`: use a name of the IANA database, such as `UTC` or `Europe/Madrid`")]
    Zone(String),
}

impl TimeFormat {
    /// Checks a form and a zone.
    ///
    /// # Errors
    /// [`TimeFormatError`] for a form that cannot be read back to the minute, or an unknown zone.
    pub fn local(format: &str, zone: &str) -> Result<Self, TimeFormatError> {
        use std::fmt::Write;

        let sample = NaiveDate::from_ymd_opt(2001, 2, 3).and_then(|day| day.and_hms_opt(16, 5, 0));
        let sample = sample.expect("the third of February has an afternoon");
        let mut written = String::new();
        let readable = write!(written, "{}", sample.format(format)).is_ok()
            && NaiveDateTime::parse_from_str(&written, format) == Ok(sample);
        if !readable {
            return Err(TimeFormatError::Format(format.to_owned()));
        }
        let zone = zone.parse().map_err(|_| TimeFormatError::Zone(zone.to_owned()))?;
        Ok(Self::Local { format: format.to_owned(), zone })
    }

    /// Reads a time. Of the two moments that a clock shows when it is set back, the earlier.
    ///
    /// # Errors
    /// [`RowRefusal::Time`] and [`RowRefusal::SkippedTime`].
    pub fn read(&self, field: Field, text: &str) -> Result<Timestamp, RowRefusal> {
        let unreadable = |expected: &str| RowRefusal::Time {
            field,
            value: text.chars().take(80).collect(),
            expected: format!("`{expected}`"),
        };
        let time = match self {
            Self::Rfc3339 => {
                DateTime::parse_from_rfc3339(text).map_err(|_| unreadable("2026-03-14T09:26:53Z"))?.with_timezone(&Utc)
            }
            Self::Local { format, zone } => {
                let local = NaiveDateTime::parse_from_str(text, format).map_err(|_| unreadable(format))?;
                match zone.from_local_datetime(&local) {
                    LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.with_timezone(&Utc),
                    LocalResult::None => {
                        return Err(RowRefusal::SkippedTime {
                            field,
                            value: text.to_owned(),
                            zone: zone.name().to_owned(),
                        });
                    }
                }
            }
        };
        Ok(to_the_microsecond(time))
    }
}

/// Drops what the database would not keep, and the second that a leap second is written as.
fn to_the_microsecond(time: Timestamp) -> Timestamp {
    let nanos = time.nanosecond().min(999_999_999) / 1_000 * 1_000;
    time.with_nanosecond(nanos).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &TimeFormat, text: &str) -> Option<String> {
        format.read(Field::UpdatedAt, text).ok().map(|time| time.to_rfc3339())
    }

    #[test]
    fn a_local_time_is_read_in_its_zone() {
        let format = TimeFormat::local("%d-%m-%Y %H:%M", "Europe/Madrid").expect("a format");
        assert_eq!(read(&format, "29-02-2016 01:16").as_deref(), Some("2016-02-29T00:16:00+00:00"));
        assert_eq!(read(&format, "29-07-2016 01:16").as_deref(), Some("2016-07-28T23:16:00+00:00"));
        assert_eq!(read(&format, "30-02-2016 01:16"), None);
    }

    #[test]
    fn a_clock_that_is_set_shows_an_hour_twice_or_never() {
        let format = TimeFormat::local("%Y-%m-%d %H:%M", "Europe/Madrid").expect("a format");
        assert_eq!(read(&format, "2016-10-30 02:30").as_deref(), Some("2016-10-30T00:30:00+00:00"));
        let skipped = format.read(Field::UpdatedAt, "2016-03-27 02:30");
        assert!(matches!(skipped, Err(RowRefusal::SkippedTime { .. })), "{skipped:?}");
    }

    #[test]
    fn rfc_3339_brings_its_offset() {
        let time = "2016-02-29T01:16:00.123456789+01:00";
        assert_eq!(read(&TimeFormat::Rfc3339, time).as_deref(), Some("2016-02-29T00:16:00.123456+00:00"));
        assert_eq!(read(&TimeFormat::Rfc3339, "2016-02-29 01:16"), None);
    }

    #[test]
    fn a_form_that_leaves_something_out_is_refused() {
        for form in ["%d-%m-%Y", "%H:%M", "%Q", "at noon", "%d-%m-%Y %I:%M"] {
            assert!(TimeFormat::local(form, "UTC").is_err(), "{form}");
        }
        assert!(TimeFormat::local("%d-%m-%Y %I:%M %p", "UTC").is_ok());
        assert!(TimeFormat::local("%d-%m-%Y %H:%M", "Atlantis").is_err());
    }
}

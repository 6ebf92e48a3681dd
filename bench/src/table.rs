//! The rows as a Markdown table.

use std::fmt::Write as _;

/// One figure beside what it is compared with.
#[derive(Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What it came to, with its unit.
    pub ours: String,
    /// The floor or the peer, and what that came to.
    pub beside: String,
    /// Ours by theirs, where larger is better; none where the two are not of one kind.
    pub ratio: Option<f64>,
    /// What was to be reached.
    pub bar: String,
    /// Whether it was.
    pub is_met: bool,
}

/// The table, with its head.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = "| row | Casestream | beside it | ratio | bar | met |\n|---|---|---|---|---|---|\n".to_owned();
    for Row { what, ours, beside, ratio, bar, is_met } in rows {
        let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
        let met = if *is_met { "yes" } else { "**no**" };
        writeln!(text, "| {what} | {ours} | {beside} | {ratio} | {bar} | {met} |").expect("a string takes all");
    }
    text
}

/// A rate, with its thousands apart: `17,600/s`.
pub fn rate(per_second: f64) -> String {
    let digits = format!("{per_second:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + "/s"
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_stand_apart() {
        assert_eq!(super::rate(999.4), "999/s");
        assert_eq!(super::rate(1_234_567.0), "1,234,567/s");
    }
}

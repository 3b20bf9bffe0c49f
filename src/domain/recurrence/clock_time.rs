//! Times of day as people type them. Leaves out seconds, dates and words such as "noon".

use jiff::civil::Time;

/// Text that is not a time of day. The sentence is safe to show: it repeats nothing that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTime {
    /// Not shaped like a time.
    #[error("That is not a time of day. Write it like 09:00, 21:30 or 9:30 pm.")]
    Shape,
    /// A bare number: morning or evening?
    #[error("Morning or evening? Write it like 09:00, 9 am or 9 pm.")]
    Ambiguous,
    /// Hours or minutes that no clock shows.
    #[error("No clock shows that time: hours go from 0 to 23 (1 to 12 with am or pm), minutes from 00 to 59.")]
    OutOfRange,
}

/// Reads a time of day: `9:00`, `09:00`, `21:30`, `9am`, `9:30 pm`, `12 a.m.` (midnight).
///
/// # Errors
/// [`BadTime`] with a sentence for the person who typed it.
pub fn parse_time(text: &str) -> Result<Time, BadTime> {
    let text = text.trim().to_ascii_lowercase();
    let (digits, half) = split_half(&text);
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        Some(_) => return Err(BadTime::Shape),
        None => (number(digits)?, 0),
    };
    let hour = match half {
        None if !digits.contains(':') => return Err(BadTime::Ambiguous),
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err(BadTime::OutOfRange),
        Some(Half::Am) => hour % 12,
        Some(Half::Pm) => hour % 12 + 12,
    };
    Time::new(hour, minute, 0, 0).map_err(|_| BadTime::OutOfRange)
}

#[derive(Clone, Copy)]
enum Half {
    Am,
    Pm,
}

fn split_half(text: &str) -> (&str, Option<Half>) {
    for (suffix, half) in [("am", Half::Am), ("a.m.", Half::Am), ("pm", Half::Pm), ("p.m.", Half::Pm)] {
        if let Some(rest) = text.strip_suffix(suffix) {
            return (rest.trim_end(), Some(half));
        }
    }
    (text, None)
}

/// One or two ASCII digits; `parse` alone would take a sign.
fn number(text: &str) -> Result<i8, BadTime> {
    if !(1..=2).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(BadTime::Shape);
    }
    text.parse().map_err(|_| BadTime::Shape)
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn people_may_write_times_their_way() {
        for (text, hour, minute) in [
            ("9:00", 9, 0),
            ("09:00", 9, 0),
            ("  21:30\r\n", 21, 30),
            ("9am", 9, 0),
            ("9 AM", 9, 0),
            ("9:30 pm", 21, 30),
            ("12am", 0, 0),
            ("12:01 a.m.", 0, 1),
            ("12pm", 12, 0),
            ("12:59 p.m.", 12, 59),
            ("0:00", 0, 0),
            ("23:59", 23, 59),
        ] {
            assert_eq!(parse_time(text), Ok(time(hour, minute, 0, 0)), "{text:?}");
        }
    }

    #[test]
    fn what_no_clock_shows_is_refused_with_the_reason() {
        for text in ["24:00", "9:60", "13pm", "0am", "21:30 pm", "99:99"] {
            assert_eq!(parse_time(text), Err(BadTime::OutOfRange), "{text:?}");
        }
        for text in ["9", "21"] {
            assert_eq!(parse_time(text), Err(BadTime::Ambiguous), "{text:?}");
        }
        let huge = "9".repeat(100_000);
        for text in [
            "",
            " ",
            "am",
            ":",
            "9:",
            ":30",
            "9:5",
            "9:005",
            "-9:00",
            "+9:00",
            "9:+5",
            "9:00:00",
            "🕘",
            "٩:٠٠",
            "@everyone",
            "**9**",
            &huge,
        ] {
            assert_eq!(parse_time(text), Err(BadTime::Shape), "{:?}", &text.chars().take(20).collect::<String>());
        }
    }
}

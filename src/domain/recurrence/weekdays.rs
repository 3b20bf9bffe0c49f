//! A set of weekdays, as people type it and as one byte. Leaves out everything about dates and zones.

use std::fmt;

use jiff::civil::Weekday;

/// A set of weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Weekdays(u8);

/// Text that names no set of weekdays. The sentence is safe to show: it repeats nothing that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Those are not days I know. Write daily, weekdays, weekends, or days such as mon,wed,fri or mon-thu.")]
pub struct BadWeekdays;

const NAMES: [(&str, &str); 7] = [
    ("mon", "monday"),
    ("tue", "tuesday"),
    ("wed", "wednesday"),
    ("thu", "thursday"),
    ("fri", "friday"),
    ("sat", "saturday"),
    ("sun", "sunday"),
];

impl Weekdays {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Monday to Friday.
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKENDS: Self = Self(0b110_0000);
    /// Every day.
    pub const DAILY: Self = Self(0b111_1111);

    /// Reads `daily`, `weekdays`, `weekends`, or days and ranges: `mon,wed,fri`, `Monday and Thursday`, `fri-mon`.
    ///
    /// # Errors
    /// [`BadWeekdays`] for an unknown word and for no day at all.
    pub fn parse(text: &str) -> Result<Self, BadWeekdays> {
        let text = text.trim().to_ascii_lowercase();
        match text.as_str() {
            "daily" | "every day" | "everyday" => return Ok(Self::DAILY),
            "weekdays" => return Ok(Self::WEEKDAYS),
            "weekends" => return Ok(Self::WEEKENDS),
            _ => {}
        }
        let mut set = Self::NONE;
        let words = text.split(|c: char| c == ',' || c.is_whitespace());
        for word in words.filter(|w| !w.is_empty() && *w != "and") {
            match word.split_once('-') {
                Some((first, last)) => {
                    let (first, last) = (day(first)?, day(last)?);
                    // A range may run over the end of the week.
                    let length = (last + 7 - first) % 7;
                    (0..=length).for_each(|step| set.0 |= 1 << ((first + step) % 7));
                }
                None => set.0 |= 1 << day(word)?,
            }
        }
        if set.is_empty() { Err(BadWeekdays) } else { Ok(set) }
    }

    /// The set as a byte for storage: bit 0 is Monday, bit 6 is Sunday.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of that byte; `None` when bit 7 is set.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits <= Self::DAILY.0 { Some(Self(bits)) } else { None }
    }

    /// Whether that day is in the set.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// Whether no day is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | 1 << day.to_monday_zero_offset()))
    }
}

/// The shortest form that [`Weekdays::parse`] reads back; `none` for the empty set, which it does not.
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => f.write_str("none"),
            Self::DAILY => f.write_str("daily"),
            Self::WEEKDAYS => f.write_str("weekdays"),
            Self::WEEKENDS => f.write_str("weekends"),
            Self(bits) => {
                let names: Vec<_> =
                    NAMES.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0).map(|(_, name)| name.0).collect();
                f.write_str(&names.join(","))
            }
        }
    }
}

/// Monday is 0. Takes `mon`, `monday`, `mondays`, and the usual `tues`, `weds`, `thur`, `thurs`.
fn day(word: &str) -> Result<u8, BadWeekdays> {
    let word = match word {
        "tues" => "tue",
        "weds" => "wed",
        "thur" | "thurs" => "thu",
        other => other.strip_suffix('s').filter(|w| w.ends_with("day")).unwrap_or(other),
    };
    (0u8..).zip(NAMES).find(|(_, (short, long))| word == *short || word == *long).map(|(n, _)| n).ok_or(BadWeekdays)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_but_the_empty_one_reads_back_as_it_is_written() {
        for bits in 1..=127 {
            let set = Weekdays::from_bits(bits).unwrap();
            assert_eq!(Weekdays::parse(&set.to_string()), Ok(set), "{set}");
            assert_eq!(set.bits(), bits);
        }
        assert_eq!(Weekdays::from_bits(128), None);
    }

    #[test]
    fn people_may_write_days_their_way() {
        let mon_wed_fri: Weekdays = [Weekday::Monday, Weekday::Wednesday, Weekday::Friday].into_iter().collect();
        for text in ["mon,wed,fri", "Mon Wed Fri", "fri, wed and MONDAY", "mondays,weds,friday", "mon,\r\nwed,fri,mon"]
        {
            assert_eq!(Weekdays::parse(text), Ok(mon_wed_fri), "{text:?}");
        }
        for (text, expected) in [
            ("every day", Weekdays::DAILY),
            ("mon-sun", Weekdays::DAILY),
            ("Mon-Fri", Weekdays::WEEKDAYS),
            ("sat-sun", Weekdays::WEEKENDS),
            ("mon-mon", [Weekday::Monday].into_iter().collect()),
            ("sun-mon", [Weekday::Sunday, Weekday::Monday].into_iter().collect()),
        ] {
            assert_eq!(Weekdays::parse(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn no_day_and_unknown_days_are_refused() {
        let huge = "mon,".repeat(10_000) + "xyz";
        for text in [
            "",
            " , ",
            "and",
            "none",
            "mon,funday",
            "m",
            "monda",
            "mon-",
            "-",
            "mon-wed-fri",
            "📅",
            "الاثنين",
            "@everyone",
            &huge,
        ] {
            assert_eq!(Weekdays::parse(text), Err(BadWeekdays), "{:?}", &text.chars().take(20).collect::<String>());
        }
    }
}

//! Every limit on content, in one place. Lengths are in characters unless the name says otherwise.
//!
//! Those marked Discord keep rendered content inside an embed: title 256, description 4,096, field 1,024.

use std::ops::RangeInclusive;

/// The largest file that is read, in bytes.
pub const FILE_BYTES: usize = 64 * 1024;
/// A title (Discord: an embed's title).
pub const TITLE: RangeInclusive<usize> = 8..=256;
/// What is posted, short enough to leave room for the rest of the message.
pub const PROMPT: RangeInclusive<usize> = 40..=1_499;
/// A sample answer (Discord: an embed's description).
pub const ANSWER: RangeInclusive<usize> = 1..=4_096;
/// The sections that explain (Discord: an embed's description).
pub const EXPLANATION: RangeInclusive<usize> = 1..=4_096;
/// Why the weak answer fails, and what one level adds (Discord: an embed's field).
pub const REASON: RangeInclusive<usize> = 1..=1_024;
/// A rubric point.
pub const POINT: RangeInclusive<usize> = 10..=200;
/// A probe, hint, follow-up, misconception or correction.
pub const SENTENCE: RangeInclusive<usize> = 10..=300;
/// One alternative of a cue.
pub const ALTERNATIVE: RangeInclusive<usize> = 1..=60;
/// A source.
pub const SOURCE: RangeInclusive<usize> = 3..=200;

/// Minutes that a spoken answer takes.
pub const MINUTES: RangeInclusive<i64> = 1..=60;
/// The weight of a rubric point.
pub const WEIGHT: RangeInclusive<i64> = 1..=3;

/// How many skills a question trains.
pub const SKILLS: RangeInclusive<usize> = 1..=6;
/// How many stages ask it.
pub const STAGES: RangeInclusive<usize> = 1..=4;
/// How many levels are asked it.
pub const LEVELS: RangeInclusive<usize> = 1..=6;
/// How many entries the lists that may be empty hold.
pub const OPTIONAL_LIST: RangeInclusive<usize> = 0..=8;
/// How many rubric points there are.
pub const POINTS: RangeInclusive<usize> = 4..=7;
/// How many cues a point needs.
pub const CUES: RangeInclusive<usize> = 1..=5;
/// How many alternatives a cue has.
pub const ALTERNATIVES: RangeInclusive<usize> = 1..=12;
/// How many misconceptions are listed.
pub const MISCONCEPTIONS: RangeInclusive<usize> = 0..=6;
/// How many follow-ups there are.
pub const FOLLOW_UPS: RangeInclusive<usize> = 3..=6;

/// Words of a strong answer: two to three minutes aloud.
pub const STRONG_WORDS: RangeInclusive<usize> = 150..=350;
/// Words of a weak answer.
pub const WEAK_WORDS: RangeInclusive<usize> = 60..=150;

/// `4 to 7`, or `3` when there is no choice.
pub(super) fn range<T: PartialEq + std::fmt::Display>(limits: &RangeInclusive<T>) -> String {
    if limits.start() == limits.end() {
        limits.start().to_string()
    } else {
        format!("{} to {}", limits.start(), limits.end())
    }
}

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
/// How many alternatives a cue has. Narrow phrases, which a stranger does not meet by chance, take many.
pub const ALTERNATIVES: RangeInclusive<usize> = 1..=20;
/// How many misconceptions are listed.
pub const MISCONCEPTIONS: RangeInclusive<usize> = 0..=6;
/// How many follow-ups there are.
pub const FOLLOW_UPS: RangeInclusive<usize> = 3..=6;

/// The title of a guide, plan or checklist (Discord: a suggestion's name).
pub const GUIDE_TITLE: RangeInclusive<usize> = 3..=80;
/// What a guide, plan or checklist is for, in a line.
pub const SUMMARY: RangeInclusive<usize> = 20..=150;
/// The title of a page, or of a week.
pub const PAGE_TITLE: RangeInclusive<usize> = 2..=60;
/// A page of a guide: read in a minute, and within an embed's description with its title.
pub const PAGE: RangeInclusive<usize> = 200..=1_800;
/// How many pages a guide has.
pub const PAGES: RangeInclusive<usize> = 1..=14;
/// A command as typed.
pub const COMMAND: RangeInclusive<usize> = 2..=80;
/// How many commands a guide leads to.
pub const COMMANDS: RangeInclusive<usize> = 0..=3;
/// What a skill is asked for.
pub const ASKED: RangeInclusive<usize> = 60..=300;
/// What a level shows of a skill.
pub const EXPECTED: RangeInclusive<usize> = 40..=220;
/// What a level does more and less of in a plan.
pub const EMPHASIS: RangeInclusive<usize> = 60..=300;
/// The goal and the output of a week, a task, and why an item is on its checklist.
pub const LINE: RangeInclusive<usize> = 10..=200;
/// An item of a checklist.
pub const ITEM: RangeInclusive<usize> = 5..=120;
/// How many weeks a plan has.
pub const WEEKS: RangeInclusive<usize> = 1..=8;
/// How many tasks a week has, and how many items a checklist.
pub const TASKS: RangeInclusive<usize> = 3..=10;
/// Minutes that a task takes.
pub const TASK_MINUTES: RangeInclusive<i64> = 5..=240;

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

//! What `coach practice` shows, as text that reads well without colour: values in, lines out.
//!
//! Left out on purpose: printing, and everything that Discord shows in its own way.

use crate::app::practice::{Graded, Hint, Served};
use crate::cli::wrap::{plain, wrap};
use crate::domain::grade::{Gate, HINT_COST, POINT_MAX, PointGrade, Verdict, hints_in_words, of_100, score_in_words};
use crate::domain::question::{Question, RubricPoint};
use crate::domain::streak::Streak;
use crate::domain::taxonomy::Taxonomy;

/// The widest that text is set: longer lines are hard to follow.
const WIDEST: usize = 100;

/// The narrowest that text is set: below this, wrapping helps nobody.
const NARROWEST: usize = 40;

/// How much of an answer a result quotes for one point, in characters.
const QUOTED: usize = 120;

/// What can be typed instead of an answer.
pub(super) const HELP: &str = "\
Answer in as many lines as you like; an empty line ends it.

  /hint    a hint, which costs points
  /skip    another question
  /reveal  the model answer; this question then earns nothing
  /help    this
  /quit    stop (Ctrl-C and Ctrl-D stop as well)
";

/// What text is set on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    width: usize,
    bold: bool,
}

impl Page {
    /// A page of that many columns, within what can be read; `bold` when it understands ANSI escapes.
    pub(super) fn new(columns: usize, bold: bool) -> Self {
        Self { width: columns.clamp(NARROWEST, WIDEST), bold }
    }

    /// The first thing anyone sees.
    pub(super) fn welcome(self, questions: usize, streak: &Streak) -> String {
        let standing = match streak.current {
            0 => "Today can be the first day of your streak.".to_owned(),
            count if streak.today_done => format!("Your streak stands at {}.", days(count)),
            count => format!("Your streak of {} waits for today's answer.", days(count)),
        };
        let text = format!("{questions} questions, one at a time. {standing}");
        format!("{}\n{}\n\n{HELP}", self.strong("Interview practice"), self.wrapped(&text, ""))
    }

    /// A question, and why it was picked.
    pub(super) fn question(self, served: &Served, taxonomy: &Taxonomy) -> String {
        let question = &served.question;
        let levels: Vec<&str> = question.levels.iter().map(|l| l.as_str()).collect();
        let skills: Vec<&str> = question.skills.iter().map(|s| taxonomy.name_of(s.as_str())).collect();
        let about = format!("{} · {} · about {} min", skills.join(", "), levels.join(", "), question.minutes);
        format!(
            "\n{}\n{}\n{}\n\n{}\n\n{}\n",
            self.rule(),
            self.strong(&self.wrapped(&question.title, "")),
            self.wrapped(&about, ""),
            self.wrapped(&question.prompt, ""),
            self.wrapped(&format!("Why this one: {}", served.reason), ""),
        ) + "\n"
    }

    /// A hint.
    pub(super) fn hint(self, hint: &Hint) -> String {
        let total = of_100(HINT_COST * f64::from(hint.number));
        let text = format!("Hint {} of {}: {}", hint.number, hint.of, hint.text);
        let cost = format!("Hints so far take {total} points off your next answer to this question.");
        format!("\n{}\n{}\n\n", self.wrapped(&text, ""), self.wrapped(&cost, ""))
    }

    /// An answer that nobody graded, kindly.
    pub(super) fn turned_away(self, gate: Gate) -> String {
        format!("\n{}\n\n", self.wrapped(&format!("{} Nothing was counted.", gate.sentence()), ""))
    }

    /// A sentence on its own.
    pub(super) fn sentence(self, text: &str) -> String {
        format!("\n{}\n\n", self.wrapped(&plain(text), ""))
    }

    /// A graded answer: the score, each rubric point with the words it rests on, what to think about, the streak.
    pub(super) fn result(self, graded: &Graded) -> String {
        let mut text = format!("\n{}\n", self.strong(&score_in_words(graded.score, graded.previous)));
        if let Some(hints) = hints_in_words(graded.hints, graded.grade.score, graded.score) {
            text += &format!("{}\n", self.wrapped(&format!("{hints}."), ""));
        }
        text.push('\n');
        for (point, grade) in graded.question.rubric.iter().zip(&graded.grade.points) {
            text += &self.point(point, grade);
        }
        if let Some(follow_up) = &graded.follow_up {
            let label = self.strong("Think about this next:");
            text += &format!("\n{label}\n{}\n", self.wrapped(&follow_up.probe, "  "));
        }
        let standing = if graded.counts {
            format!("Streak: {}.", days(graded.streak.current))
        } else {
            "Practice after a reveal: not counted.".to_owned()
        };
        let confidence = of_100(graded.grade.confidence);
        let grader = format!("Graded by {}, confidence {confidence} of 100.", graded.grade.grader);
        format!("{text}\n{}\n\n", self.wrapped(&format!("{standing} {grader}"), ""))
    }

    /// The model answer, with what is often said and wrong.
    pub(super) fn model_answer(self, question: &Question, earns_nothing: bool) -> String {
        let mut text = format!("\n{}\n{}\n", self.strong("Model answer"), self.wrapped(&question.strong_answer, "  "));
        text += &format!("\n{}\n{}\n", self.strong("How to structure it"), self.wrapped(&question.approach, "  "));
        if !question.misconceptions.is_empty() {
            text += &format!("\n{}\n", self.strong("Often said, and wrong"));
        }
        for wrong in &question.misconceptions {
            let item = format!("- “{}”: {}.", wrong.says, wrong.correction.trim_end_matches('.'));
            text += &format!("{}\n", self.wrapped(&item, "  "));
        }
        if !question.sources.is_empty() {
            text += &format!("\n{}\n", self.wrapped(&format!("Sources: {}", question.sources.join("; ")), ""));
        }
        if earns_nothing {
            let note = "Answers to this one are practice from here on: they move neither your streak nor your skills.";
            text += &format!("\n{}\n", self.wrapped(note, ""));
        }
        text + "\n"
    }

    /// The last thing anyone sees.
    pub(super) fn farewell(self, streak: &Streak) -> String {
        let text = match streak.current {
            0 => "Goodbye. One answer starts a streak whenever you like.".to_owned(),
            count if streak.today_done => format!("Goodbye. Your streak stands at {}.", days(count)),
            count => format!("Goodbye. Your streak of {} still waits for today's answer.", days(count)),
        };
        format!("\n{}\n", self.wrapped(&text, ""))
    }

    fn point(self, point: &RubricPoint, grade: &PointGrade) -> String {
        let verdict = match (grade.verdict, grade.score) {
            (Verdict::Contradicted, _) => "Contradicted",
            (Verdict::NotAddressed, _) | (Verdict::Covered, 0) => "Not addressed",
            (Verdict::Covered, POINT_MAX) => "Covered",
            (Verdict::Covered, _) => "In part",
        };
        let score = format!("{}/{POINT_MAX}", grade.score);
        let lines = self.wrapped(&format!("{verdict}: {}", point.point), "       ");
        let mut text = format!("  {score}  {}\n", lines.trim_start());
        if let Some(span) = &grade.span {
            text += &format!("{}\n", self.wrapped(&format!("“{}”", clip(&plain(span))), "         "));
        }
        text
    }

    fn rule(self) -> String {
        "─".repeat(self.width)
    }

    fn strong(self, text: &str) -> String {
        if self.bold { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn wrapped(self, text: &str, indent: &str) -> String {
        wrap(text, self.width, indent)
    }
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// The start of a quotation.
fn clip(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

//! The sections of a question's body, each into the field it stands for.
//!
//! Left out on purpose: finding the sections, which `sections` does.

use std::ops::RangeInclusive;

use super::front_matter::Context;
use super::limits;
use super::parse::shortened;
use super::sections::Section;
use crate::domain::question::Question;
use crate::domain::taxonomy::Level;

/// Opens the line that says why the weak answer fails.
const WHY_IT_FAILS: &str = "Why it fails: ";

/// Fills the texts of a question from its sections, in the order of their headings.
pub(super) fn fill(context: &mut Context<'_>, question: &mut Question, sections: &[Section; 7]) {
    let [prompt, why, approach, strong, weak, follow_ups, by_level] = sections;
    let mut checked = |section: &Section, limits: &RangeInclusive<usize>, name: &str| {
        if !section.text.is_empty() {
            context.check_length(section.line, name, &section.text, limits);
        }
        section.text.clone()
    };
    question.prompt = checked(prompt, &limits::PROMPT, "the question");
    question.why_they_ask = checked(why, &limits::EXPLANATION, "`## Why they ask`");
    question.approach = checked(approach, &limits::EXPLANATION, "`## Approach`");
    question.strong_answer = checked(strong, &limits::ANSWER, "the strong answer");
    (question.weak_answer, question.weak_reason) = weak_answer(context, weak);
    question.follow_ups = listed_follow_ups(context, follow_ups);
    question.by_level = listed_levels(context, by_level, &question.levels);
}

/// The weak answer and, from its last line, why it fails.
fn weak_answer(context: &mut Context<'_>, section: &Section) -> (String, String) {
    if section.text.is_empty() {
        return (String::new(), String::new());
    }
    let (answer, last) = section.text.rsplit_once('\n').unwrap_or((section.text.as_str(), ""));
    let line = section.text_line + section.text.lines().count().saturating_sub(1);
    let Some(reason) = last.strip_prefix(WHY_IT_FAILS) else {
        let what = format!("the last line of `## Weak answer` does not begin with `{WHY_IT_FAILS}`");
        context.fault(line, what, "end the section with a blank line and one line that says why it fails");
        return (section.text.clone(), String::new());
    };
    if !answer.ends_with('\n') {
        context.fault(line, "no blank line before why the weak answer fails", "put one there");
    }
    context.check_length(section.line, "the weak answer", answer.trim_end(), &limits::ANSWER);
    context.check_length(line, "why the weak answer fails", reason, &limits::REASON);
    (answer.trim_end().to_owned(), reason.to_owned())
}

fn listed_follow_ups(context: &mut Context<'_>, section: &Section) -> Vec<String> {
    let mut found = Vec::new();
    for (line, text) in section.lines() {
        match text.strip_prefix("- ") {
            Some(item) => {
                context.check_length(line, "a follow-up", item, &limits::SENTENCE);
                found.push(item.to_owned());
            }
            None => {
                context.fault(line, "a line of `## Follow-ups` is not a list item", "begin it with `- `, one line each")
            }
        }
    }
    if !section.text.is_empty() && !limits::FOLLOW_UPS.contains(&found.len()) {
        let what = format!("there are {} follow-ups; the limit is {}", found.len(), limits::range(&limits::FOLLOW_UPS));
        context.fault(section.line, what, "each goes somewhere new, hardest last");
    }
    found
}

fn listed_levels(context: &mut Context<'_>, section: &Section, asked: &[Level]) -> Vec<(Level, String)> {
    let mut found: Vec<(Level, String)> = Vec::new();
    for (line, text) in section.lines() {
        let item = text.strip_prefix("- **").and_then(|rest| rest.split_once("**: "));
        let Some((level, text)) = item else {
            context.fault(
                line,
                "a line of `## By level` is not of the form `- **mid**: text`",
                "write it so, one line each",
            );
            continue;
        };
        context.check_length(line, &format!("`## By level` {}", shortened(level)), text, &limits::REASON);
        match level.parse::<Level>() {
            Ok(level) if !asked.contains(&level) => {
                let remedy = "add it to `levels`, or leave it out here";
                context.fault(line, format!("`## By level` has `{level}`, but `levels` does not"), remedy);
            }
            Ok(level) if found.last().is_some_and(|(last, _)| *last >= level) => {
                context.fault(line, format!("`## By level`: `{level}` is out of order"), "each once, juniors first");
            }
            Ok(level) => found.push((level, text.to_owned())),
            Err(_) => {
                let what = format!("`## By level`: there is no level `{}`", shortened(level));
                context.fault(line, what, "use the slugs of `levels`");
            }
        }
    }
    let unsaid = asked.iter().filter(|level| !found.iter().any(|(said, _)| said == *level));
    let unsaid: Vec<&str> = unsaid.map(|level| level.as_str()).collect();
    if !section.text.is_empty() && !unsaid.is_empty() {
        let what = format!("`## By level` says nothing about {}", unsaid.join(", "));
        context.fault(section.line, what, "say what each level that is asked adds");
    }
    found
}

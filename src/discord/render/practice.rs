//! Questions, hints, results and model answers.

use serenity::all::{ButtonStyle, CreateButton, CreateEmbed, CreateEmbedFooter};

use super::{ACCENT, Card, answer_form, button, clip, escape, verbatim};
use crate::app::practice::{Graded, Hint, Served, Showing};
use crate::discord::components::Action;
use crate::domain::grade::{Gate, HINT_COST, POINT_MAX, PointGrade, Verdict, hints_in_words, of_100, score_in_words};
use crate::domain::question::{Question, RubricPoint};
use crate::domain::taxonomy::Taxonomy;

/// How much of an answer a result quotes for one point, in characters before escaping.
const QUOTED: usize = 120;

/// How a point in full is called.
const COVERED: &str = "Covered";

/// A question as `/question` and drops show it; `why` says why it was picked.
#[must_use]
pub fn question(question: &Question, serving: &str, why: Option<&str>, taxonomy: &Taxonomy) -> Card {
    let showing = Showing { serving: serving.to_owned(), question: question.slug.clone() };
    let levels: Vec<&str> = question.levels.iter().map(|l| l.as_str()).collect();
    let skills: Vec<&str> = question.skills.iter().map(|s| taxonomy.name_of(s.as_str())).collect();
    let cost = of_100(HINT_COST);
    let footer = format!(
        "{} · {} · about {} min\nA hint costs {cost} points. Reveal shows the model answer and earns nothing.",
        skills.join(", "),
        levels.join(", "),
        question.minutes
    );
    let mut text = question.prompt.clone();
    if let Some(why) = why {
        text = format!("{text}\n\n-# Why this one: {}", escape(why));
    }
    let embed = CreateEmbed::new()
        .title(&question.title)
        .description(clip(&text, 4_096))
        .colour(ACCENT)
        .footer(CreateEmbedFooter::new(footer));
    Card::embed(embed).buttons(vec![
        button(&Action::Answer(showing.clone()), "Answer", ButtonStyle::Primary),
        button(&Action::Hint(showing.clone()), "Hint", ButtonStyle::Secondary),
        button(&Action::Skip(showing.clone()), "Skip", ButtonStyle::Secondary),
        button(&Action::Reveal(showing), "Reveal", ButtonStyle::Secondary),
    ])
}

/// A question picked for someone.
#[must_use]
pub fn served(served: &Served, taxonomy: &Taxonomy) -> Card {
    question(&served.question, &served.serving.id, Some(&served.reason), taxonomy)
}

/// The form to answer a question with.
pub fn form(question: &Question, showing: &Showing) -> serenity::all::CreateModal {
    let placeholder = "As you would say it aloud: name the mechanism, the trade-off and what goes wrong.";
    answer_form(&Action::SubmitAnswer(showing.clone()), &question.title, placeholder)
}

/// A hint.
#[must_use]
pub fn hint(hint: &Hint) -> Card {
    let total = of_100(HINT_COST * f64::from(hint.number));
    Card::text(format!(
        "**Hint {} of {}.** {}\n-# Hints so far take {total} points off your next answer to this question.",
        hint.number, hint.of, hint.text
    ))
}

/// Why an answer was turned away, kindly, and with no harm done.
#[must_use]
pub fn turned_away(gate: Gate, answer: &str) -> Card {
    keep(Card::text(format!("{} Nothing was counted.", gate.sentence())), answer)
}

/// With the person's own words below, so that nobody types them twice.
#[must_use]
pub fn keep(card: Card, answer: &str) -> Card {
    match verbatim(answer) {
        Some(block) => card.and_embed(CreateEmbed::new().title("Your words, to copy").description(block)),
        None => card,
    }
}

/// A graded answer.
#[must_use]
pub fn result(graded: &Graded) -> Card {
    let showing = graded_showing(graded);
    let card = Card::embed(result_embed(graded));
    let mut buttons: Vec<CreateButton> = Vec::new();
    if let Some(showing) = showing {
        buttons.push(button(&Action::Retry(showing.clone()), "Retry", ButtonStyle::Primary));
        buttons.push(button(&Action::Reveal(showing), "Model answer", ButtonStyle::Secondary));
    }
    buttons.push(button(&Action::Share { attempt: graded.attempt.clone() }, "Share", ButtonStyle::Secondary));
    buttons.push(button(&Action::Next, "Next question", ButtonStyle::Secondary));
    card.buttons(buttons)
}

/// A result as its owner shows it to the channel: a mark for each point, without the answer's words, and without the
/// points themselves, since others may not have answered yet.
#[must_use]
pub fn shared(graded: &Graded, owner: u64) -> Card {
    let marks: Vec<&str> = graded.grade.points.iter().map(|grade| mark(grade).0).collect();
    let covered = graded.grade.points.iter().filter(|grade| mark(grade).1 == COVERED).count();
    let mut text = format!(
        "Shared by <@{owner}>.\n\n{}\n{covered} of {} points covered in full.",
        marks.join(" "),
        graded.grade.points.len()
    );
    if !graded.counts {
        text.push_str("\nPractised after reading the model answer.");
    }
    let embed = CreateEmbed::new()
        .title(clip(&format!("{} of 100 · {}", of_100(graded.score), graded.question.title), 256))
        .description(text)
        .colour(colour(graded.score));
    Card::embed(embed).buttons(vec![button(
        &Action::Practise(graded.question.slug.clone()),
        "Try this question",
        ButtonStyle::Secondary,
    )])
}

/// The model answer, with what makes a weak one weak.
#[must_use]
pub fn model_answer(question: &Question, earned_nothing: bool) -> Card {
    let mut text = format!("{}\n\n**How to structure it**\n{}", question.strong_answer, question.approach);
    if !question.misconceptions.is_empty() {
        let wrong: Vec<String> = question
            .misconceptions
            .iter()
            .map(|m| format!("- “{}”: {}.", m.says, m.correction.trim_end_matches('.')))
            .collect();
        text = format!("{text}\n\n**Often said, and wrong**\n{}", wrong.join("\n"));
    }
    let embed = CreateEmbed::new().title(clip(&format!("Model answer · {}", question.title), 256)).colour(ACCENT);
    let embed = embed.description(clip(&text, 4_096));
    let embed = if question.sources.is_empty() {
        embed
    } else {
        embed.footer(CreateEmbedFooter::new(clip(&format!("Sources: {}", question.sources.join("; ")), 1_500)))
    };
    let card = Card::embed(embed);
    if earned_nothing {
        card.with_text("Answers to this one are practice from here on: they move neither your streak nor your skills.")
    } else {
        card
    }
}

fn graded_showing(graded: &Graded) -> Option<Showing> {
    let serving = graded.serving.clone()?;
    Some(Showing { serving, question: graded.question.slug.clone() })
}

fn result_embed(graded: &Graded) -> CreateEmbed {
    let mut lines: Vec<String> = Vec::new();
    for (point, grade) in graded.question.rubric.iter().zip(&graded.grade.points) {
        lines.push(line(point, grade));
    }
    if let Some(follow_up) = &graded.follow_up {
        lines.push(format!("\n**Think about this next:** {}", follow_up.probe));
    }
    let grader = format!("Graded by {} · confidence {} of 100", graded.grade.grader, of_100(graded.grade.confidence));
    CreateEmbed::new()
        .title(clip(&format!("{} · {}", score_in_words(graded.score, graded.previous), graded.question.title), 256))
        .description(clip(&lines.join("\n"), 4_096))
        .colour(colour(graded.score))
        .footer(CreateEmbedFooter::new(format!("{}\n{grader}", standing(graded))))
}

/// What the score is made of, and what it did to the streak.
fn standing(graded: &Graded) -> String {
    let mut parts = Vec::new();
    parts.extend(hints_in_words(graded.hints, graded.grade.score, graded.score));
    if graded.counts {
        let days = graded.streak.current;
        parts.push(format!("Streak: {days} {}", if days == 1 { "day" } else { "days" }));
    } else {
        parts.push("Practice after a reveal: not counted".to_owned());
    }
    parts.join(" · ")
}

/// How a point stands, as a sign and in words.
fn mark(grade: &PointGrade) -> (&'static str, &'static str) {
    match (grade.verdict, grade.score) {
        (Verdict::Contradicted, _) => ("❌", "Contradicted"),
        (Verdict::NotAddressed, _) | (Verdict::Covered, 0) => ("▫️", "Not addressed"),
        (Verdict::Covered, POINT_MAX) => ("✅", COVERED),
        (Verdict::Covered, _) => ("🟡", "In part"),
    }
}

/// One rubric point: what it earned, and the words it rests on.
fn line(point: &RubricPoint, grade: &PointGrade) -> String {
    let (sign, words) = mark(grade);
    let line = format!("{sign} **{words}** ({}/{POINT_MAX}) {}", grade.score, point.point);
    match grade.span.as_deref() {
        Some(span) => format!("{line}\n> {}", escape(&clip(&span.replace(['\n', '\r'], " "), QUOTED))),
        None => line,
    }
}

/// Green from 70, amber from 40, red below; blue-orange rather than green-red, which many cannot tell apart.
fn colour(score: f64) -> u32 {
    match of_100(score) {
        70.. => 0x2E_A0_6F,
        40.. => 0xE0_A1_00,
        _ => 0xC2_41_0C,
    }
}

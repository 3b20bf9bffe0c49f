//! Where a member stands.

use serenity::all::{ButtonStyle, CreateEmbed};

use super::{ACCENT, Card, button};
use crate::app::progress::Progress;
use crate::discord::components::Action;
use crate::domain::grade::of_100;
use crate::domain::streak::Streak;
use crate::domain::taxonomy::Taxonomy;

/// Streak, totals, and the weakest skills with what they rest on.
#[must_use]
pub fn progress(progress: &Progress, taxonomy: &Taxonomy) -> Card {
    let streak = &progress.streak;
    let today = match streak.today_done {
        true => "Today is done.".to_owned(),
        false => format!("One answer before <t:{0}:t> (<t:{0}:R>) counts for today.", progress.day_ends.as_second()),
    };
    let mut embed = CreateEmbed::new().title("Your progress").colour(ACCENT).description(today);
    embed =
        embed.field("Current streak", days(streak.current), true).field("Best streak", days(streak.best), true).field(
            "Last 30 days",
            match streak.consistency_30.countable {
                0 => "no days yet".to_owned(),
                of => format!("{} of {}", streak.consistency_30.active, days(of)),
            },
            true,
        );
    if let Some(freezes) = freezes(streak) {
        embed = embed.field("Freezes", freezes, false);
    }
    let totals = match (progress.totals.attempts, progress.totals.questions) {
        (0, _) => "Nothing yet. /question gives you the first one.".to_owned(),
        (attempts, questions) => format!(
            "{attempts} {} to {questions} {}, on {} {}",
            plural(attempts, "answer"),
            plural(questions, "question"),
            progress.skills_met,
            plural(u32::try_from(progress.skills_met).unwrap_or(u32::MAX), "skill")
        ),
    };
    embed = embed.field("Answered", totals, false);
    let weak: Vec<String> = progress
        .weakest
        .iter()
        .map(|m| {
            let evidence = format!("{} {}", m.evidence, plural(m.evidence, "answer"));
            format!("**{}** · {} of 100, from {evidence}", taxonomy.name_of(m.skill.as_str()), of_100(m.mean))
        })
        .collect();
    let weak = match (weak.is_empty(), progress.totals.attempts) {
        (true, 0) => "Answer a few questions and the weakest show here.".to_owned(),
        (true, _) => "None so far: every skill you answered on is above 70 of 100.".to_owned(),
        (false, _) => weak.join("\n"),
    };
    embed = embed.field("Weakest skills", weak, false);
    Card::embed(embed).buttons(vec![button(&Action::Next, "Practise now", ButtonStyle::Primary)])
}

/// What protects the streak and what has; nothing for someone who has not met freezes yet.
fn freezes(streak: &Streak) -> Option<String> {
    let held = match streak.freezes_held {
        0 => "none held; seven active days earn one".to_owned(),
        n => format!("{n} held; a missed day uses one by itself"),
    };
    match streak.freezes_used.last() {
        Some(last) => Some(format!("{held}; the last one was used on {last}")),
        None => (streak.freezes_held > 0).then_some(held),
    }
}

fn days(days: u32) -> String {
    format!("{days} {}", plural(days, "day"))
}

fn plural(n: u32, noun: &str) -> String {
    if n == 1 { noun.to_owned() } else { format!("{noun}s") }
}

//! Drops and their schedules.

use serenity::all::{ButtonStyle, CreateEmbed, CreateEmbedFooter, RoleId};

use super::{ACCENT, Card, button, clip};
use crate::app::drops::{DueDrop, Preview};
use crate::app::practice::Showing;
use crate::app::{Delivery, DeliveryStatus, Schedule};
use crate::discord::components::Action;
use crate::domain::grade::{HINT_COST, of_100};
use crate::domain::ids::{ChannelId, Slug};
use crate::domain::question::Question;
use crate::domain::recurrence::Weekdays;
use crate::domain::taxonomy::Taxonomy;

/// The most text an embed holds, in characters.
const EMBED_TEXT_MAX: usize = 4_096;

/// A drop, as its channel sees it. Anyone may answer; each sees their own result.
#[must_use]
pub fn drop(drop: &DueDrop, taxonomy: &Taxonomy) -> Card {
    let question = &drop.question;
    let showing = Showing { serving: drop.delivery.id.clone(), question: question.slug.clone() };
    let levels: Vec<&str> = question.levels.iter().map(|l| l.as_str()).collect();
    let skills: Vec<&str> = question.skills.iter().map(|s| taxonomy.name_of(s.as_str())).collect();
    let cost = of_100(HINT_COST);
    let footer = format!(
        "{} · {} · about {} min\nYour answer and its result are yours alone. A hint costs {cost} points.",
        skills.join(", "),
        levels.join(", "),
        question.minutes
    );
    let embed = CreateEmbed::new()
        .title(&question.title)
        .description(clip(&question.prompt, EMBED_TEXT_MAX))
        .colour(ACCENT)
        .footer(CreateEmbedFooter::new(footer));
    let card = Card::embed(embed).buttons(vec![
        button(&Action::Answer(showing.clone()), "Answer", ButtonStyle::Primary),
        button(&Action::Hint(showing.clone()), "Hint", ButtonStyle::Secondary),
        button(&Action::Reveal(showing), "Reveal", ButtonStyle::Secondary),
    ]);
    match drop.schedule.wanted.ping_role {
        Some(role) => card.with_text(format!("<@&{role}>")).pinging(RoleId::new(role.0)),
        None => card,
    }
}

/// A drop's question as plain text, for a channel in which the bot may not embed. Discord's limit is 2,000 characters.
#[must_use]
pub fn as_text(drop: &DueDrop) -> String {
    let ping = drop.schedule.wanted.ping_role.map_or_else(String::new, |role| format!("<@&{role}> "));
    clip(&format!("{ping}**{}**\n{}", drop.question.title, drop.question.prompt), 2_000)
}

/// A schedule was created.
#[must_use]
pub fn created(schedule: &Schedule, taxonomy: &Taxonomy) -> Card {
    let first = schedule.next.as_ref().map_or_else(String::new, |(at, _)| {
        format!("\nThe first one comes <t:{0}:F>, <t:{0}:R>. See what is planned with /drops preview.", at.as_second())
    });
    Card::text(format!("Created: {}.{first}", sentence(schedule, taxonomy)))
}

/// A schedule was changed.
#[must_use]
pub fn changed(what: &str, schedule: &Schedule, taxonomy: &Taxonomy) -> Card {
    let next = match (&schedule.next, &schedule.paused_reason) {
        (Some((at, _)), None) => format!("\nThe next one comes <t:{0}:F>, <t:{0}:R>.", at.as_second()),
        _ => String::new(),
    };
    Card::text(format!("{what}: {}.{next}", sentence(schedule, taxonomy)))
}

/// A server's schedules, numbered as the choices of other commands are. In full where Discord has room for that, else
/// without what they posted last.
#[must_use]
pub fn list(schedules: &[(Schedule, Vec<Delivery>)], taxonomy: &Taxonomy) -> Card {
    if schedules.is_empty() {
        return Card::text("This server has no schedule yet. Create one with /drops create.");
    }
    let numbered = || (1..).zip(schedules);
    let full: Vec<String> = numbered()
        .map(|(number, (schedule, latest))| {
            let head = format!("**{number}. {}**", sentence(schedule, taxonomy));
            format!("{head}\n{}{}", state(schedule), history(latest))
        })
        .collect();
    let mut text = full.join("\n\n");
    if text.chars().count() > EMBED_TEXT_MAX {
        let brief = numbered().map(|(number, (schedule, _))| {
            format!("**{number}. {}** <#{}>\n{}", when(schedule), schedule.wanted.channel, clip(&state(schedule), 90))
        });
        text = brief.collect::<Vec<_>>().join("\n");
    }
    Card::embed(CreateEmbed::new().title("Schedules").description(clip(&text, EMBED_TEXT_MAX)).colour(ACCENT))
}

fn state(schedule: &Schedule) -> String {
    match (&schedule.paused_reason, &schedule.next) {
        (Some(reason), _) => format!("⏸️ Paused: {reason}. Go on with /drops resume."),
        (None, Some((at, _))) => format!("Next <t:{}:R>.", at.as_second()),
        (None, None) => "No date ahead.".to_owned(),
    }
}

/// What came of the latest delivery, and how many of those before it came to nothing.
fn history(latest: &[Delivery]) -> String {
    let Some((last, before)) = latest.split_first() else { return String::new() };
    let lost = |d: &&Delivery| matches!(d.status, DeliveryStatus::Missed | DeliveryStatus::Failed);
    match before.iter().filter(lost).count() {
        0 => outcome(last),
        count => format!("{} Of the {} before, {count} did not come.", outcome(last), before.len()),
    }
}

fn outcome(last: &Delivery) -> String {
    let when = last.due.as_second();
    let because = last.reason.as_deref().map_or_else(String::new, |r| format!(": {r}"));
    match last.status {
        DeliveryStatus::Sent => {
            let how = last.reason.as_deref().map_or_else(String::new, |r| format!(", {r}"));
            format!(" Last posted for <t:{when}:f>{how}.")
        }
        DeliveryStatus::Missed => format!(" Missed <t:{when}:f>{because}."),
        DeliveryStatus::Failed => format!(" Failed <t:{when}:f>{because}."),
        DeliveryStatus::Owed | DeliveryStatus::Sending | DeliveryStatus::Threading => {
            format!(" The one of <t:{when}:f> is on its way{because}.")
        }
    }
}

/// What a schedule will ask, and how long its pool lasts.
#[must_use]
pub fn preview(preview: &Preview) -> Card {
    let paused =
        preview.paused_reason.as_ref().map(|_| "⏸️ Paused. This is what comes after /drops resume:".to_owned());
    let mut lines: Vec<String> = paused.into_iter().collect();
    let next = preview
        .next
        .iter()
        .map(|(occurrence, question)| format!("<t:{}:f> · {}", occurrence.at.as_second(), clip(&question.title, 150)));
    lines.extend(next);
    let health = match (preview.pool, preview.unused) {
        (0, _) => "⚠️ No question fits any more. Widen its topics, or this server's /topics.".to_owned(),
        (pool, unused) if unused < preview.next.len() => {
            format!("⚠️ {unused} of {pool} questions are left before they repeat. Widen the topics for more.")
        }
        (pool, unused) => format!("{unused} of {pool} questions are left before any repeats."),
    };
    lines.push(format!("\n{health}"));
    Card::embed(
        CreateEmbed::new().title("What comes next").description(clip(&lines.join("\n"), EMBED_TEXT_MAX)).colour(ACCENT),
    )
}

/// A drop was run by hand.
#[must_use]
pub fn running(question: &Question, channel: ChannelId) -> Card {
    Card::text(format!(
        "On its way to <#{channel}>: **{}**. The schedule's own days stay as they are.",
        question.title.trim_end_matches('.')
    ))
}

/// A schedule in one line of plain text, for a list of choices: the same number as in [`list`], since names of channels
/// cannot be shown there.
#[must_use]
pub fn one_line(number: usize, schedule: &Schedule) -> String {
    let paused = if schedule.paused_reason.is_some() { " (paused)" } else { "" };
    let topics: Vec<&str> = schedule.wanted.topics.iter().map(Slug::as_str).collect();
    let about = if topics.is_empty() { String::new() } else { format!(", {}", topics.join(", ")) };
    format!("{number}. {}{about}{paused}", when(schedule))
}

fn when(schedule: &Schedule) -> String {
    format!("{} {} {}", days(schedule), time(schedule), schedule.wanted.zone)
}

fn sentence(schedule: &Schedule, taxonomy: &Taxonomy) -> String {
    let wanted = &schedule.wanted;
    let topics: Vec<&str> = wanted.topics.iter().map(|t| taxonomy.name_of(t.as_str())).collect();
    let about = if topics.is_empty() { "every topic".to_owned() } else { topics.join(", ") };
    let level = wanted.level.map_or_else(String::new, |l| format!(", {l} level"));
    let thread = if wanted.thread { ", each with a thread" } else { "" };
    let ping = wanted.ping_role.map_or_else(String::new, |r| format!(", pinging <@&{r}>"));
    format!(
        "{} at {} ({}) in <#{}>: {about}{level}{thread}{ping}",
        days(schedule),
        time(schedule),
        wanted.zone,
        wanted.channel
    )
}

fn days(schedule: &Schedule) -> String {
    let days = Weekdays::from_bits(schedule.wanted.days).unwrap_or(Weekdays::NONE).to_string();
    let capital = |day: &str| day[..1].to_uppercase() + &day[1..];
    days.split(',').map(capital).collect::<Vec<_>>().join(", ")
}

fn time(schedule: &Schedule) -> String {
    let minutes = schedule.wanted.minute_of_day;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

//! Mock interviews: questions, follow-ups, answers as they were given, scorecards.

use serenity::all::{ButtonStyle, CreateButton, CreateEmbed, CreateEmbedFooter, CreateModal};

use super::{ACCENT, Card, answer_form, button, clip, escape};
use crate::app::InterviewRow;
use crate::app::mock::{Asking, BANK};
use crate::discord::components::Action;
use crate::domain::bank::Bank;
use crate::domain::grade::{Verdict, of_100};
use crate::domain::ids::ChannelId;
use crate::domain::interview::{Plan, Scorecard, Style};
use crate::domain::taxonomy::{Taxonomy, Track};

/// Entries of each list on a scorecard. All of them together stay under Discord's 6,000 characters a message.
const LISTED: usize = 4;

/// Where a thread is private, and where it is not.
#[must_use]
pub fn started(thread: ChannelId, private: bool) -> Card {
    let seen = if private {
        "Only you and this server's moderators can see it."
    } else {
        "I may not open private threads here, so others in this channel can read it."
    };
    Card::text(format!("Your interview is in <#{thread}>. {seen}"))
}

/// The thread's name.
#[must_use]
pub fn thread_name(plan: &Plan) -> String {
    format!("Mock interview: {}, {}, {} min", track(plan.track), plan.level, plan.minutes)
}

/// A turn: the question or the follow-up, with feedback on the answer before it.
#[must_use]
pub fn turn(asking: &Asking, action: &Action) -> Card {
    let (turn, plan) = (&asking.turn, &asking.interview.plan);
    let (at, of) = asking.place;
    // The bank's words are Markdown and ours; a model's are text.
    let said = if turn.asked_by == BANK { turn.asked.clone() } else { escape(&turn.asked) };
    let mut embed = CreateEmbed::new().description(clip(&said, 4_096)).colour(ACCENT);
    embed = match &turn.point {
        None => embed.title(format!("Question {at} of {of}")),
        Some(_) => embed.title("Follow-up"),
    };
    let mut lines = Vec::new();
    if turn.seq == 1 {
        lines.push(opening(plan, asking.interview.member.0));
    }
    if let Some(feedback) = &turn.feedback {
        lines.push(format!("-# {}", escape(feedback)));
    }
    let card = Card::embed(embed).buttons(vec![button(action, "Answer", ButtonStyle::Primary)]);
    if lines.is_empty() { card } else { card.with_text(lines.join("\n")) }
}

fn opening(plan: &Plan, member: u64) -> String {
    let style = match plan.style {
        Style::Coached => "After each answer I tell you how much of it was there.",
        Style::Pressure => "Feedback comes at the end.",
    };
    format!(
        "Welcome, <@{member}>. This is a {} interview for a {} role, about {} minutes. I ask one thing at a time. {style} \
         Press **Answer**, or reply to my message. `/mock end` ends it with a scorecard; you can also come back tomorrow.",
        track(plan.track),
        plan.level,
        plan.minutes
    )
}

/// The form to answer a turn with.
pub fn form(row: &InterviewRow, seq: u32) -> CreateModal {
    let action = Action::MockSubmit { interview: row.id.clone(), seq };
    answer_form(&action, "Your answer", "As you would say it to an interviewer.")
}

/// An answer from the form, so that the thread reads as a conversation.
#[must_use]
pub fn answered(answer: &str) -> Card {
    Card::embed(CreateEmbed::new().title("Your answer").description(clip(&escape(answer), 4_096)))
}

/// The interview was ended.
#[must_use]
pub fn ended(thread: ChannelId) -> Card {
    Card::text(format!("Ended. Your scorecard is in <#{thread}>."))
}

/// Where to go on, with the question that waits.
#[must_use]
pub fn resumed(row: &InterviewRow, waiting: Option<&Asking>) -> Card {
    let place = format!("Your interview goes on in <#{}>.", row.thread);
    match waiting {
        Some(asking) => {
            let action = Action::MockAnswer { interview: row.id.clone(), seq: asking.turn.seq };
            turn(asking, &action).with_text(format!("{place} This is what I asked last:"))
        }
        None => Card::text(format!("{place} I am reading your last answer.")),
    }
}

/// Past interviews, newest first.
#[must_use]
pub fn history(past: &[InterviewRow]) -> Card {
    if past.is_empty() {
        return Card::text("You have no finished mock interview yet. Start one with /mock start.");
    }
    let lines: Vec<String> = past
        .iter()
        .map(|row| {
            let score = row.scorecard.as_ref().and_then(|s| s.overall);
            let score = score.map_or_else(|| "not scored".to_owned(), |s| format!("**{} of 100**", of_100(s)));
            let when = row.ended_at.unwrap_or(row.started_at).as_second();
            format!("<t:{when}:d> · {}, {} · {score} · <#{}>", track(row.plan.track), row.plan.level, row.thread)
        })
        .collect();
    Card::embed(
        CreateEmbed::new().title("Your mock interviews").description(clip(&lines.join("\n"), 4_096)).colour(ACCENT),
    )
}

/// The scorecard.
#[must_use]
pub fn scorecard(row: &InterviewRow, bank: &Bank) -> Card {
    let Some(card) = &row.scorecard else {
        return Card::text("This interview has no scorecard. Start another with /mock start.");
    };
    let title = match card.overall {
        Some(overall) => format!("Scorecard: {} of 100", of_100(overall)),
        None => "Scorecard: nothing to score".to_owned(),
    };
    let mut embed =
        CreateEmbed::new().title(title).description(clip(&summary(row, card, &bank.taxonomy), 2_000)).colour(ACCENT);
    for (name, lines) in [("What was strong", strengths(card)), ("What a stronger answer adds", gaps(card))] {
        if !lines.is_empty() {
            embed = embed.field(name, clip(&lines.join("\n"), 1_024), false);
        }
    }
    if !card.graders.is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(clip(&format!("Graded by {}", card.graders.join(", ")), 200)));
    }
    Card::embed(embed).buttons(next_steps(row, card, bank))
}

fn summary(row: &InterviewRow, card: &Scorecard, taxonomy: &Taxonomy) -> String {
    let reason = row.end_reason.as_deref().unwrap_or("ended");
    let mut lines = vec![format!(
        "{}, {}. {} of {} answered; {reason}.",
        capitalised(&track(row.plan.track)),
        row.plan.level,
        card.answered,
        card.asked
    )];
    for question in &card.per_question {
        let score = question.score.map_or_else(|| "not answered".to_owned(), |s| format!("{} of 100", of_100(s)));
        lines.push(format!("**{score}** · {}", clip(&question.title, 120)));
    }
    let skills: Vec<String> =
        card.per_skill.iter().map(|s| format!("{} {}", taxonomy.name_of(s.skill.as_str()), of_100(s.score))).collect();
    if skills.len() > 1 {
        lines.push(format!("By skill: {}", skills.join(", ")));
    }
    lines.join("\n")
}

fn strengths(card: &Scorecard) -> Vec<String> {
    card.strengths
        .iter()
        .take(LISTED)
        .map(|s| format!("✅ {}\n> {}", clip(&s.point, 110), escape(&clip(&s.quote.replace(['\n', '\r'], " "), 70))))
        .collect()
}

fn gaps(card: &Scorecard) -> Vec<String> {
    card.gaps
        .iter()
        .take(LISTED)
        .map(|gap| {
            let mark = if gap.verdict == Verdict::Contradicted { "❌" } else { "▫️" };
            format!("{mark} {}", clip(&gap.add, 200))
        })
        .collect()
}

/// What to practise next, each a button, and another interview, whose button also marks the message as this one's
/// scorecard. Discord's label holds 80 characters.
fn next_steps(row: &InterviewRow, card: &Scorecard, bank: &Bank) -> Vec<CreateButton> {
    let again = Action::MockAgain { interview: row.id.clone() };
    let mut buttons: Vec<CreateButton> = card
        .practise_next
        .iter()
        .take(3)
        .map(|slug| {
            let title = bank.get(slug.as_str()).map_or(slug.as_str(), |q| q.title.as_str());
            button(&Action::Practise(slug.clone()), &clip(&format!("Practise: {title}"), 80), ButtonStyle::Secondary)
        })
        .collect();
    buttons.push(button(&again, "Another interview", ButtonStyle::Primary));
    buttons
}

fn track(track: Track) -> String {
    match track {
        Track::Ai => "AI".to_owned(),
        other => other.as_str().replace('-', " "),
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

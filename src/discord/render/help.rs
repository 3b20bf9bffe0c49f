//! Help: what there is, by purpose, and the one best next step.

use serenity::all::CreateEmbed;

use super::{ACCENT, Card};
use crate::app::progress::NextStep;

/// Commands for everyone, grouped by what people come for.
const MEMBERS: [(&str, &str); 4] = [
    (
        "Practise",
        "`/question` the question most worth answering next; with a topic, level or category if you like\n\
         `/mock start` an interview in a thread, with follow-ups; `/mock end` for the scorecard; `/mock resume` and \
         `/mock history`",
    ),
    (
        "Read up",
        "`/guide` skills, frameworks, the interview loop, resume, pay: short pages, each with what practises it",
    ),
    ("See how you do", "`/progress` your streak and weakest skills, with the evidence"),
    ("Set yourself up", "`/profile` your level, time zone and the hour your day starts"),
];

/// Commands for those who manage the server.
const MODERATORS: (&str, &str) = (
    "Run a study group (Manage Server)",
    "`/drops create` questions on a schedule; `list`, `preview`, `run`, `pause`, `resume`, `delete`\n\
     `/topics` what this server draws from: `show`, `set`, `reset`",
);

/// The help page.
#[must_use]
pub fn help(next: &NextStep, moderator: bool) -> Card {
    let step = match next {
        NextStep::FirstQuestion => {
            "Start with `/question`: one answer, two minutes, and you know where you stand.".to_owned()
        }
        NextStep::Interview(thread) => format!("Your mock interview waits in <#{thread}>."),
        NextStep::KeepStreak(1) => "Answer one `/question` today to make it two days in a row.".to_owned(),
        NextStep::KeepStreak(days) => format!("Answer one `/question` today to keep your streak of {days} days."),
        NextStep::Practise(skill) => format!("Your weakest skill could use a question: `/question topic:{skill}`."),
        NextStep::Mock => "You are doing well. Try it under pressure: `/mock start style:Pressure`.".to_owned(),
    };
    let mut embed = CreateEmbed::new().title("Interview Coach").description(format!("**Next:** {step}")).colour(ACCENT);
    for (name, value) in MEMBERS {
        embed = embed.field(name, value, false);
    }
    if moderator {
        embed = embed.field(MODERATORS.0, MODERATORS.1, false);
    }
    Card::embed(embed)
}

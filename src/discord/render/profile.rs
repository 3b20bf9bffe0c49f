//! A profile.

use serenity::all::CreateEmbed;

use super::{ACCENT, Card};
use crate::app::profile::{Profile, ZoneFrom};

/// What is set, and when a change of clock counts.
#[must_use]
pub fn profile(profile: &Profile, changed: bool) -> Card {
    let level = profile.member.level.map_or_else(|| "not set; /profile level sets it".to_owned(), |l| l.to_string());
    let origin = match profile.zone_from {
        ZoneFrom::Choice => "",
        ZoneFrom::Practice => " (where you began; /profile time_zone sets yours)",
        ZoneFrom::Server => " (this server's; /profile time_zone sets yours)",
        ZoneFrom::Nobody => " (not set; /profile time_zone sets yours)",
    };
    let zone = format!("{}{origin}", profile.zone);
    let mut lines = vec![
        format!("**Level:** {level}"),
        format!("**Time zone:** {zone}"),
        format!("**Day starts:** {:02}:00", profile.day_start_hour),
        format!("**Today ends:** <t:{0}:t>, <t:{0}:R>", profile.day_ends.as_second()),
    ];
    if let Some(next) = &profile.next {
        lines.push(format!(
            "From <t:{}:f> on: {}, day starts {:02}:00. A change counts from the next day, so that no day is lost or \
             earned twice.",
            next.from.as_second(),
            next.zone,
            next.day_start_hour
        ));
    }
    let title = if changed { "Saved" } else { "Your profile" };
    Card::embed(CreateEmbed::new().title(title).description(lines.join("\n")).colour(ACCENT))
}

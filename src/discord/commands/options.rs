//! Options that several commands share: closed sets as choices whose values are their slugs, and what completes the rest
//! as it is typed.

use poise::SlashArgError;
use serenity::all::{
    AutocompleteChoice, CommandInteraction, CommandOptionType, CreateAutocompleteResponse, CreateCommandOption,
    ResolvedValue,
};

use crate::discord::bot::Context;
use crate::discord::render::clip;
use crate::domain::ids::Slug;
use crate::domain::interview::Style;
use crate::domain::recurrence::zones_matching;
use crate::domain::taxonomy::{Level, Taxonomy, Track};

/// Discord's limit for a suggestion's name and for its value, in characters.
const CHOICE_MAX: usize = 100;

/// Discord's limit for suggestions.
const SUGGESTIONS: usize = 25;

macro_rules! choices {
    ($(#[$doc:meta])* $option:ident, $of:ty, $label:expr) => {
        $(#[$doc])*
        pub struct $option(pub $of);

        #[serenity::async_trait]
        impl poise::SlashArgument for $option {
            async fn extract(
                _: &serenity::all::Context,
                _: &CommandInteraction,
                value: &ResolvedValue<'_>,
            ) -> Result<Self, SlashArgError> {
                let ResolvedValue::String(text) = value else {
                    return Err(SlashArgError::new_command_structure_mismatch("expected text"));
                };
                text.parse().map(Self).map_err(|_| SlashArgError::new_command_structure_mismatch("not one of the choices"))
            }

            fn create(builder: CreateCommandOption) -> CreateCommandOption {
                let builder = builder.kind(CommandOptionType::String);
                <$of>::ALL.into_iter().fold(builder, |b, choice| b.add_string_choice($label(choice), choice.as_str()))
            }
        }
    };
}

choices!(
    /// A level.
    LevelOption, Level, level_name
);
choices!(
    /// A mock interview's track.
    TrackOption, Track, track_name
);
choices!(
    /// A mock interview's style.
    StyleOption, Style, style_name
);

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Intern => "Intern",
        Level::Junior => "Junior",
        Level::Mid => "Mid-level",
        Level::Senior => "Senior",
        Level::Staff => "Staff",
        Level::Principal => "Principal",
    }
}

fn track_name(track: Track) -> &'static str {
    match track {
        Track::Technical => "Technical",
        Track::SystemDesign => "System design",
        Track::Behavioral => "Behavioral",
        Track::Coding => "Coding",
        Track::Leadership => "Leadership",
        Track::Ai => "AI",
        Track::FullLoop => "Full loop",
    }
}

fn style_name(style: Style) -> &'static str {
    match style {
        Style::Coached => "Coached: feedback after each answer",
        Style::Pressure => "Pressure: feedback at the end",
    }
}

/// Completes a topic: a skill or a skill group.
pub async fn topic(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let all = all_topics(&ctx.data().app.bank.taxonomy);
    suggest(partial, all.map(|(name, slug)| (name, slug.as_str())))
}

fn all_topics(taxonomy: &Taxonomy) -> impl Iterator<Item = (String, &Slug)> {
    let groups = taxonomy.groups.iter().map(|g| (format!("{} (group)", g.name), &g.slug));
    taxonomy.skills.iter().map(|s| (s.name.clone(), &s.slug)).chain(groups)
}

/// Completes the last of several topics, separated by commas.
pub async fn topics(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let app = &ctx.data().app;
    let Some((before, last)) = partial.rsplit_once(',') else { return topic(ctx, partial).await };
    let chosen: Vec<Slug> = before.split(',').filter_map(|typed| app.topic_named(typed).ok()).collect();
    let names: String = chosen.iter().map(|slug| format!("{}, ", app.bank.taxonomy.name_of(slug.as_str()))).collect();
    let slugs: String = chosen.iter().map(|slug| format!("{slug}, ")).collect();
    let fresh = all_topics(&app.bank.taxonomy).filter(|(_, slug)| !chosen.contains(slug));
    let choices = fitting(last, fresh.map(|(name, slug)| (name, slug.as_str())))
        .into_iter()
        .map(|(name, slug)| (clip(&format!("{names}{name}"), CHOICE_MAX), format!("{slugs}{slug}")))
        // A longer value could not be sent back.
        .filter(|(_, value)| value.len() <= CHOICE_MAX)
        .map(|(name, value)| AutocompleteChoice::new(name, value));
    CreateAutocompleteResponse::new().set_choices(choices.collect())
}

/// Completes a category.
pub async fn category(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let categories = &ctx.data().app.bank.taxonomy.categories;
    suggest(partial, categories.iter().map(|c| (c.name.clone(), c.slug.as_str())))
}

/// Completes the name of something to read.
pub async fn guide(ctx: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let bank = &ctx.data().app.bank;
    suggest(partial, bank.handbook.titles(bank).map(|(title, slug)| (title.to_owned(), slug.as_str())))
}

/// Completes an IANA time zone.
pub async fn time_zone(_: Context<'_>, partial: &str) -> CreateAutocompleteResponse {
    let zones = zones_matching(partial, SUGGESTIONS);
    CreateAutocompleteResponse::new().set_choices(zones.into_iter().map(AutocompleteChoice::from).collect())
}

fn suggest<'a>(partial: &str, all: impl Iterator<Item = (String, &'a str)>) -> CreateAutocompleteResponse {
    let choices = fitting(partial, all).into_iter().map(|(name, slug)| AutocompleteChoice::new(name, slug)).collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}

/// Names that start with what is typed come first, then those that contain it.
fn fitting<'a>(partial: &str, all: impl Iterator<Item = (String, &'a str)>) -> Vec<(String, &'a str)> {
    let typed = partial.trim().to_lowercase();
    let mut fitting: Vec<(bool, String, &str)> = all
        .filter_map(|(name, slug)| {
            let lower = name.to_lowercase();
            let fits = lower.contains(&typed) || slug.contains(&typed);
            fits.then(|| (!(lower.starts_with(&typed) || slug.starts_with(&typed)), name, slug))
        })
        .collect();
    fitting.sort_by_key(|(contains_only, ..)| *contains_only);
    fitting.truncate(SUGGESTIONS);
    fitting.into_iter().map(|(_, name, slug)| (name, slug)).collect()
}

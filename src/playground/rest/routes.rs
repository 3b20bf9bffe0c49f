//! Which function answers which route. The one list of what the playground can do over REST.

use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Call, Reply};
use super::{application, callbacks, channels, commands, guilds, messages, reactions, threads, webhooks};

/// Answers a call.
pub(super) fn route(state: &mut State, call: &Call, segments: &[&str]) -> Reply {
    match segments {
        ["gateway", ..] | ["users", ..] | ["oauth2", ..] | ["applications", "@me"] => {
            application::route(state, call, segments)
        }
        ["applications", application, rest @ ..] => {
            if id(application)? != state.application {
                return Err(Refusal::new(
                    403,
                    20012,
                    "You are not authorized to perform this action on this application",
                ));
            }
            commands::route(state, call, rest)
        }
        ["interactions", interaction, token, "callback"] if call.method == "POST" => {
            callbacks::answer(state, call, id(interaction)?, token)
        }
        ["webhooks", application, token, rest @ ..] => webhooks::route(state, call, id(application)?, token, rest),
        ["channels", channel, rest @ ..] => in_channel(state, call, id(channel)?, rest),
        ["guilds", guild, rest @ ..] => guilds::route(state, call, id(guild)?, rest),
        _ => Err(unknown_route()),
    }
}

fn in_channel(state: &mut State, call: &Call, channel: Snowflake, rest: &[&str]) -> Reply {
    match rest {
        ["messages", message, "reactions", emoji, rest @ ..] => {
            reactions::route(state, call, (channel, id(message)?), emoji, rest)
        }
        ["messages", message, "threads"] if call.method == "POST" => {
            threads::open_from_message(state, call, channel, id(message)?)
        }
        ["messages", rest @ ..] => messages::route(state, call, channel, rest),
        ["users", "@me", "threads", "archived", "private"] if call.method == "GET" => {
            threads::joined_archive(state, call, channel)
        }
        ["threads", rest @ ..] => threads::route(state, call, channel, rest),
        ["thread-members", rest @ ..] => threads::members(state, call, channel, rest),
        _ => channels::route(state, call, channel, rest),
    }
}

/// An id in a path.
///
/// # Errors
/// 50035, as Discord answers to what is no id.
pub(super) fn id(segment: &str) -> Result<Snowflake, Refusal> {
    let not_an_id =
        || Refusal::invalid_form("id", "NUMBER_TYPE_COERCE", &format!("Value \"{segment}\" is not snowflake."));
    segment.parse().map_err(|_| not_an_id())
}

/// 404 with code 0: no such route.
pub(super) fn unknown_route() -> Refusal {
    Refusal::new(404, 0, "404: Not Found")
}

/// 405 with code 0: not with this method.
pub(super) fn wrong_method() -> Refusal {
    Refusal::new(405, 0, "405: Method Not Allowed")
}

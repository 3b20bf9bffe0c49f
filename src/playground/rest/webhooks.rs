//! Following up on an interaction with its token, for 15 minutes: the original answer and further messages.

use serde_json::Value;

use super::super::limits::{self, MessageKind};
use super::super::message::{EPHEMERAL, TextAccess};
use super::super::posting::Draft;
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::{State, unknown_message};
use super::routes::{id, unknown_route, wrong_method};
use super::{Call, Reply, no_content, ok};

/// `rest` is the path below `/webhooks/{application}/{token}`.
pub(super) fn route(state: &mut State, call: &Call, application: Snowflake, token: &str, rest: &[&str]) -> Reply {
    if application != state.application {
        return Err(unknown_webhook());
    }
    let expired = || Refusal::new(401, 50027, "Invalid Webhook Token");
    let interaction = state.interactions.by_token(token, state.clock.now_ms()).ok_or_else(expired)?;
    if interaction.answer.is_none() {
        return Err(unknown_webhook());
    }
    let (interaction, channel) = (interaction.id, interaction.channel);
    match (call.method.as_str(), rest) {
        ("POST", []) => follow_up(state, call, interaction),
        (method, ["messages", message]) => {
            let message = resolve(state, interaction, message)?;
            match method {
                "GET" => shown(state, channel, message),
                "PATCH" => edit(state, call, interaction, message),
                "DELETE" => {
                    state.remove_message(channel, message)?;
                    no_content()
                }
                _ => Err(wrong_method()),
            }
        }
        _ => Err(unknown_route()),
    }
}

fn unknown_webhook() -> Refusal {
    Refusal::new(404, 10015, "Unknown Webhook")
}

/// `@original`, or a message this interaction made.
fn resolve(state: &State, interaction: Snowflake, message: &str) -> Result<Snowflake, Refusal> {
    let interaction = state.interactions.get(interaction).ok_or_else(unknown_webhook)?;
    if message == "@original" {
        return interaction.original.ok_or_else(unknown_message);
    }
    let message = id(message)?;
    let mine = interaction.original == Some(message) || interaction.followups.contains(&message);
    if mine { Ok(message) } else { Err(unknown_message()) }
}

fn shown(state: &State, channel: Snowflake, message: Snowflake) -> Reply {
    let message = state.message(channel, message).ok_or_else(unknown_message)?;
    ok(state.message_json(message, TextAccess::All))
}

fn follow_up(state: &mut State, call: &Call, id: Snowflake) -> Reply {
    if call.files.is_empty() {
        limits::check_message(&call.body, MessageKind::InteractionReply)?;
    } else {
        limits::check_message(&call.body, MessageKind::Edit)?;
    }
    let interaction = state.interactions.get(id).ok_or_else(unknown_webhook)?;
    let (user, channel, original) = (interaction.user, interaction.channel, interaction.original);
    if let Some(deferred) = original.filter(|_| interaction.unfilled) {
        return fill(state, call, id, (channel, deferred));
    }
    let ephemeral = call.body["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let mut metadata = interaction.metadata.clone();
    metadata["original_response_message_id"] = original.map(Snowflake::json).unwrap_or_default();
    let draft = Draft {
        kind: super::super::message::PLAIN,
        body: call.body.clone(),
        files: call.files.clone(),
        interaction: Some(metadata),
        only_for: ephemeral.then_some(user),
        keep_embeds: true,
        ..Draft::default()
    };
    let bot = state.bot;
    let message = state.post(channel, bot, draft);
    if let Some(interaction) = state.interactions.get_mut(id) {
        interaction.followups.push(message);
    }
    shown(state, channel, message)
}

fn edit(state: &mut State, call: &Call, interaction: Snowflake, message: Snowflake) -> Reply {
    limits::check_message(&call.body, MessageKind::Edit)?;
    let known = state.interactions.get(interaction).ok_or_else(unknown_webhook)?;
    let (channel, unfilled) = (known.channel, known.unfilled && known.original == Some(message));
    if unfilled {
        return fill(state, call, interaction, (channel, message));
    }
    state.revise(channel, message, &call.body, call.files.clone(), true)?;
    shown(state, channel, message)
}

/// Puts the first content into a deferred answer. Its being ephemeral was decided on deferring.
fn fill(state: &mut State, call: &Call, id: Snowflake, (channel, message): (Snowflake, Snowflake)) -> Reply {
    let body = without_flags(&call.body);
    state.revise(channel, message, &body, call.files.clone(), false)?;
    if let Some(interaction) = state.interactions.get_mut(id) {
        interaction.unfilled = false;
    }
    shown(state, channel, message)
}

fn without_flags(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(flags) = body.get_mut("flags")
        && let Some(bits) = flags.as_u64()
    {
        *flags = (bits & !EPHEMERAL).into();
    }
    body
}

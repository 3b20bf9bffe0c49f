//! Acknowledging an interaction: once, within 3 s, with a type that fits what the person did.

use serde_json::{Value, json};

use super::super::files::Upload;
use super::super::interaction::{AUTOCOMPLETE, COMMAND, COMPONENT, Interaction, MODAL};
use super::super::limits::{self, MessageKind};
use super::super::message::{COMMAND_REPLY, EPHEMERAL, LOADING, PLAIN, REPLY, TextAccess};
use super::super::posting::Draft;
use super::super::refusal::Refusal;
use super::super::snowflake::Snowflake;
use super::super::state::State;
use super::{Call, Reply, no_content, ok};

const MESSAGE: u64 = 4;
const DEFER: u64 = 5;
const DEFER_UPDATE: u64 = 6;
const UPDATE: u64 = 7;
const SUGGEST: u64 = 8;
const OPEN_MODAL: u64 = 9;

/// `POST /interactions/{id}/{token}/callback`.
pub(super) fn answer(state: &mut State, call: &Call, id: Snowflake, token: &str) -> Reply {
    let deadline = state.options.acknowledge_within;
    let interaction = state.interactions.get(id).filter(|known| known.token == token).ok_or_else(unknown)?;
    if interaction.answer.is_some() {
        return Err(Refusal::new(400, 40060, "Interaction has already been acknowledged."));
    }
    if interaction.sent.elapsed() > deadline {
        return Err(unknown());
    }
    let kind = call.body["type"].as_u64().unwrap_or(0);
    if !fits(interaction, kind) {
        let message = format!("Value must be a callback type that fits the interaction, not {kind}.");
        return Err(Refusal::invalid_form("type", "BASE_TYPE_CHOICES", &message));
    }
    let data = &call.body["data"];
    check(kind, data, &call.files)?;
    let (user, channel, source) = (interaction.user, interaction.channel, interaction.source);
    let original = match kind {
        MESSAGE | DEFER => Some(reply(state, id, (user, channel, source), kind == DEFER, data, call.files.clone())),
        UPDATE => {
            let source = source.ok_or_else(unknown)?;
            state.revise(channel, source, data, call.files.clone(), true)?;
            Some(source)
        }
        DEFER_UPDATE => source,
        _ => None,
    };
    if let Some(interaction) = state.interactions.get_mut(id) {
        interaction.answer = u8::try_from(kind).ok();
        interaction.answered_after = Some(interaction.sent.elapsed());
        interaction.original = original;
        interaction.unfilled = kind == DEFER;
        interaction.choices = (kind == SUGGEST).then(|| data["choices"].clone());
        interaction.modal = (kind == OPEN_MODAL).then(|| data.clone());
    }
    if call.query.get("with_response").is_some_and(|wish| wish == "true") {
        return ok(response(state, id, kind));
    }
    no_content()
}

/// 404 with code 10062: no such interaction, or too late, or the wrong token.
fn unknown() -> Refusal {
    Refusal::new(404, 10062, "Unknown interaction")
}

fn fits(interaction: &Interaction, kind: u64) -> bool {
    match kind {
        MESSAGE | DEFER => interaction.kind != AUTOCOMPLETE,
        // A submitted modal may be waved through even where no message opened it: poise does so after every one.
        DEFER_UPDATE => matches!(interaction.kind, COMPONENT | MODAL),
        UPDATE => matches!(interaction.kind, COMPONENT | MODAL) && interaction.source.is_some(),
        SUGGEST => interaction.kind == AUTOCOMPLETE,
        OPEN_MODAL => matches!(interaction.kind, COMMAND | COMPONENT),
        _ => false,
    }
}

fn check(kind: u64, data: &Value, files: &[Upload]) -> Result<(), Refusal> {
    match kind {
        MESSAGE if files.is_empty() => limits::check_message(data, MessageKind::InteractionReply),
        // A file alone is a message; the limits know nothing of files, and an edit may be empty.
        MESSAGE | UPDATE => limits::check_message(data, MessageKind::Edit),
        SUGGEST => limits::check_autocomplete(data),
        OPEN_MODAL => limits::check_modal(data),
        _ => Ok(()),
    }
}

fn reply(
    state: &mut State,
    id: Snowflake,
    (user, channel, source): (Snowflake, Snowflake, Option<Snowflake>),
    deferred: bool,
    data: &Value,
    files: Vec<Upload>,
) -> Snowflake {
    let interaction = state.interactions.get(id);
    let of_command = interaction.is_some_and(|interaction| interaction.kind == COMMAND);
    let ephemeral = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0;
    let kind = match (of_command, source) {
        (true, _) => COMMAND_REPLY,
        (false, Some(_)) => REPLY,
        (false, None) => PLAIN,
    };
    let draft = Draft {
        kind,
        body: if deferred { Value::Null } else { data.clone() },
        files,
        // A reference to the bot's own message would count as a mention of the bot.
        replies_to: None,
        interaction: interaction.map(|interaction| interaction.metadata.clone()),
        only_for: ephemeral.then_some(user),
        flags: if deferred { LOADING } else { 0 },
        keep_embeds: true,
    };
    let bot = state.bot;
    state.post(channel, bot, draft)
}

/// What `?with_response=true` answers.
fn response(state: &State, id: Snowflake, kind: u64) -> Value {
    let Some(interaction) = state.interactions.get(id) else { return Value::Null };
    let message = interaction.original.and_then(|original| state.message(interaction.channel, original));
    let mut body =
        json!({ "interaction": { "id": id.json(), "type": interaction.kind, "activity_instance_id": null } });
    if let Some(message) = message {
        body["interaction"]["response_message_id"] = message.id.json();
        body["interaction"]["response_message_loading"] = (message.flags & LOADING != 0).into();
        body["interaction"]["response_message_ephemeral"] = message.is_ephemeral().into();
    }
    body["resource"] = json!({ "type": kind });
    if let Some(message) = message.filter(|_| matches!(kind, MESSAGE | UPDATE)) {
        body["resource"]["message"] = state.message_json(message, TextAccess::All);
    }
    body
}

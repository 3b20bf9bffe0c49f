//! What a bot built with serenity puts on the wire: one request of each kind, made by serenity's own builders.

use serde::Serialize;
use serde_json::{Value, json};
use serenity::all::{
    AutoArchiveDuration, AutocompleteChoice, ButtonStyle, ChannelId, ChannelType, Colour, CommandOptionType,
    CommandType, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton, CreateCommand,
    CreateCommandOption, CreateEmbed, CreateForumPost, CreateInputText, CreateInteractionResponse,
    CreateInteractionResponseFollowup, CreateInteractionResponseMessage, CreateMessage, CreateModal, CreateSelectMenu,
    CreateSelectMenuKind, CreateSelectMenuOption, CreateThread, EditInteractionResponse, EditMessage, EditThread,
    InputTextStyle, InstallationContext, InteractionContext, MessageFlags, MessageId, Nonce, Permissions, Timestamp,
};

use super::{CALLBACK, COMMANDS, FOLLOW_UPS, MESSAGES, THREADS};

pub fn value(body: impl Serialize) -> Value {
    serde_json::to_value(body).expect("serenity's builders are JSON")
}

/// A request: the method, the path, and the body if there is one.
pub type Request = (&'static str, String, Option<Value>);

fn post(path: &str, body: impl Serialize) -> Request {
    ("POST", path.to_owned(), Some(value(body)))
}

pub fn rows() -> Vec<CreateActionRow> {
    let options = vec![
        CreateSelectMenuOption::new("Caching", "caching").description("Reads that are cheap").emoji('🗄'),
        CreateSelectMenuOption::new("Queues", "queues").default_selection(true),
    ];
    let topics = CreateSelectMenu::new("topics:1", CreateSelectMenuKind::String { options }).max_values(2);
    vec![
        CreateActionRow::Buttons(vec![
            CreateButton::new("answer:1:7").label("Answer").style(ButtonStyle::Primary).emoji('✍'),
            CreateButton::new("hint:1:7").label("Hint").style(ButtonStyle::Secondary).disabled(true),
            CreateButton::new_link("https://example.com/guide").label("Guide"),
        ]),
        CreateActionRow::SelectMenu(topics.placeholder("Topics").min_values(1)),
        CreateActionRow::SelectMenu(CreateSelectMenu::new(
            "where:1",
            CreateSelectMenuKind::Channel {
                channel_types: Some(vec![ChannelType::Text, ChannelType::Forum]),
                default_channels: None,
            },
        )),
    ]
}

pub fn embed() -> CreateEmbed {
    CreateEmbed::new()
        .title("How does a B-tree stay balanced?")
        .description("Explain it to a colleague. שלום 🦀 @everyone **bold**")
        .field("Level", "mid", true)
        .colour(Colour::from_rgb(88, 101, 242))
        .image("attachment://heat-map.png")
        .footer(serenity::all::CreateEmbedFooter::new("graded by rubric-1"))
        .timestamp(Timestamp::from_unix_timestamp(1_790_000_000).expect("a valid instant"))
}

pub fn message() -> CreateMessage {
    CreateMessage::new()
        .content("<@&5> Today's question")
        .embed(embed())
        .components(rows())
        .allowed_mentions(CreateAllowedMentions::new().roles([5]).replied_user(false))
        .nonce(Nonce::String("drop-17-2026-03-29".to_owned()))
        .enforce_nonce(true)
}

pub fn reply() -> CreateInteractionResponseMessage {
    CreateInteractionResponseMessage::new().content("Here it is").embed(embed()).components(rows()).ephemeral(true)
}

pub fn modal() -> CreateModal {
    let input =
        CreateInputText::new(InputTextStyle::Paragraph, "Your answer", "answer").max_length(4_000).required(true);
    CreateModal::new("answer:1:7", "Answer").components(vec![CreateActionRow::InputText(input)])
}

pub fn choices() -> CreateAutocompleteResponse {
    let topics = vec![AutocompleteChoice::new("Caching", "caching"), AutocompleteChoice::new("Queues", "queues")];
    CreateAutocompleteResponse::new().set_choices(topics)
}

pub fn commands() -> Vec<CreateCommand> {
    let topic = CreateCommandOption::new(CommandOptionType::String, "topic", "What to practise").set_autocomplete(true);
    let length = CreateCommandOption::new(CommandOptionType::Integer, "length", "How many questions")
        .min_int_value(1)
        .max_int_value(10)
        .required(true);
    let style = CreateCommandOption::new(CommandOptionType::String, "style", "When to get feedback")
        .add_string_choice("Each turn", "coached")
        .add_string_choice("At the end", "pressure");
    let start = CreateCommandOption::new(CommandOptionType::SubCommand, "start", "Start a mock interview")
        .set_sub_options(vec![length, topic, style]);
    let end = CreateCommandOption::new(CommandOptionType::SubCommand, "end", "End with a scorecard");
    vec![
        CreateCommand::new("mock")
            .description("Practise an interview")
            .add_option(start)
            .add_option(end)
            .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
            .integration_types(vec![InstallationContext::Guild, InstallationContext::User]),
        CreateCommand::new("drops")
            .description("Scheduled questions")
            .description_localized("de", "Fragen nach Plan")
            .default_member_permissions(Permissions::MANAGE_GUILD),
        CreateCommand::new("Grade This").kind(CommandType::Message),
    ]
}

/// One request of each kind.
pub fn requests() -> Vec<Request> {
    let bare = |method, path: &str| (method, path.to_owned(), None);
    let thread =
        || CreateThread::new("Mock interview: system design 🧭").auto_archive_duration(AutoArchiveDuration::OneDay);
    let deferral = CreateInteractionResponseMessage::new().ephemeral(true);
    vec![
        post(MESSAGES, message()),
        post(
            MESSAGES,
            CreateMessage::new().content("again").reference_message((ChannelId::new(222), MessageId::new(9))),
        ),
        post(
            MESSAGES,
            CreateMessage::new().content("number").nonce(Nonce::Number(7)).flags(MessageFlags::SUPPRESS_EMBEDS),
        ),
        (
            "PATCH",
            format!("{MESSAGES}/9"),
            Some(value(EditMessage::new().content("").embed(embed()).components(vec![]))),
        ),
        bare("DELETE", &format!("{MESSAGES}/9")),
        bare("GET", &format!("{MESSAGES}?limit=50&after=9")),
        bare("PUT", &format!("{MESSAGES}/9/reactions/%F0%9F%91%8D/@me")),
        bare("POST", "/api/v10/channels/222/typing"),
        post(THREADS, thread().kind(ChannelType::PrivateThread).invitable(false)),
        post(THREADS, CreateForumPost::new("Question of the day", message().nonce(Nonce::Number(1)))),
        post(&format!("{MESSAGES}/9/threads"), thread().rate_limit_per_user(5)),
        ("PATCH", "/api/v10/channels/222".to_owned(), Some(value(EditThread::new().name("over").archived(true)))),
        post(CALLBACK, CreateInteractionResponse::Message(reply())),
        post(CALLBACK, CreateInteractionResponse::Defer(deferral)),
        post(CALLBACK, CreateInteractionResponse::Acknowledge),
        post(CALLBACK, CreateInteractionResponse::UpdateMessage(reply())),
        post(CALLBACK, CreateInteractionResponse::Autocomplete(choices())),
        post(CALLBACK, CreateInteractionResponse::Modal(modal())),
        post(FOLLOW_UPS, CreateInteractionResponseFollowup::new().content("and then").embed(embed()).ephemeral(true)),
        post(&format!("{FOLLOW_UPS}?wait=true"), CreateInteractionResponseFollowup::new().content("waited for")),
        (
            "PATCH",
            format!("{FOLLOW_UPS}/messages/@original"),
            Some(value(EditInteractionResponse::new().content("graded").embed(embed()).components(rows()))),
        ),
        bare("DELETE", &format!("{FOLLOW_UPS}/messages/@original")),
        ("PUT", COMMANDS.to_owned(), Some(value(commands()))),
        (
            "PUT",
            COMMANDS.to_owned(),
            Some(json!([{ "name": "a", "description": "d", "default_member_permissions": 32 }])),
        ),
        ("PUT", COMMANDS.to_owned(), Some(json!([]))),
    ]
}

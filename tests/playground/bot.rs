//! A minimal real bot: poise and serenity, pointed at a playground as any bot would be.

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use coach::playground::Playground;
use poise::serenity_prelude as serenity;
use serenity::{
    ComponentInteraction, CreateActionRow, CreateButton, CreateInputText, CreateInteractionResponse,
    CreateInteractionResponseMessage, CreateModal, FullEvent, GatewayIntents, Interaction, ModalInteraction,
};

/// What the commands of the bot share.
#[derive(Default)]
pub struct Shared {
    /// The JSON error code of the latest refusal.
    pub latest_refusal: AtomicIsize,
}

type Error = serenity::Error;
type Context<'a> = poise::Context<'a, Arc<Shared>, Error>;

/// Answers at once
#[poise::command(slash_command)]
async fn ping(ctx: Context<'_>, #[description = "What to echo"] text: Option<String>) -> Result<(), Error> {
    let text = text.unwrap_or_else(|| "pong".to_owned());
    ctx.send(poise::CreateReply::default().content(text).ephemeral(true)).await?;
    Ok(())
}

/// Defers, then answers twice
#[poise::command(slash_command)]
async fn slow(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer().await?;
    let first = ctx.say("first").await?;
    ctx.say("second").await?;
    first.edit(ctx, poise::CreateReply::default().content("first, edited")).await
}

/// Shows buttons
#[poise::command(slash_command)]
async fn ask(ctx: Context<'_>) -> Result<(), Error> {
    let buttons = vec![
        CreateButton::new("answer:1").label("Answer"),
        CreateButton::new("twice:1").label("Twice"),
        CreateButton::new("count:0").label("Count 0"),
    ];
    let embed = serenity::CreateEmbed::new().title("Why an index?").field("Level", "mid", true);
    let reply = poise::CreateReply::default().content("A question").embed(embed);
    let levels = [("Mid", "mid"), ("Senior", "senior")];
    let options = levels.map(|(label, value)| serenity::CreateSelectMenuOption::new(label, value)).to_vec();
    let kind = serenity::CreateSelectMenuKind::String { options };
    let menu = serenity::CreateSelectMenu::new("level:1", kind).placeholder("Level");
    let rows = vec![CreateActionRow::Buttons(buttons), CreateActionRow::SelectMenu(menu)];
    ctx.send(reply.components(rows)).await?;
    Ok(())
}

#[derive(poise::Modal)]
#[name = "A story"]
struct Story {
    #[name = "Situation"]
    #[paragraph]
    situation: String,
    #[name = "Result"]
    result: Option<String>,
}

/// Asks for a story by poise's own modal
#[poise::command(slash_command)]
async fn story(ctx: poise::ApplicationContext<'_, Arc<Shared>, Error>) -> Result<(), Error> {
    use poise::Modal;
    let Some(story) = Story::execute(ctx).await? else { return Ok(()) };
    let (situation, result) = (story.situation, story.result.unwrap_or_default());
    poise::Context::from(ctx).say(format!("{situation} / {result}")).await?;
    Ok(())
}

/// Works for whoever installed it, too
#[poise::command(slash_command, install_context = "Guild|User", interaction_context = "Guild|BotDm|PrivateChannel")]
async fn everywhere(ctx: Context<'_>) -> Result<(), Error> {
    ctx.say("here too").await?;
    Ok(())
}

/// Never answers
#[poise::command(slash_command)]
async fn mute(_ctx: Context<'_>) -> Result<(), Error> {
    std::future::pending().await
}

async fn topics<'a>(_ctx: Context<'a>, partial: &'a str) -> serenity::CreateAutocompleteResponse {
    let known = ["postgresql", "redis", "kafka"];
    let matching = known.iter().filter(|topic| topic.contains(partial));
    let choices = matching.map(|topic| serenity::AutocompleteChoice::new(*topic, *topic)).collect();
    serenity::CreateAutocompleteResponse::new().set_choices(choices)
}

/// Changes the topic
#[poise::command(slash_command, guild_only, default_member_permissions = "MANAGE_GUILD")]
async fn set(
    ctx: Context<'_>,
    #[description = "The topic"]
    #[autocomplete = "topics"]
    topic: String,
    #[description = "Where"] channel: Option<serenity::GuildChannel>,
    #[description = "Who"] member: Option<serenity::Member>,
) -> Result<(), Error> {
    let channel = channel.map(|channel| channel.name).unwrap_or_default();
    let member = member.map(|member| member.user.name).unwrap_or_default();
    ctx.say(format!("{topic} {channel} {member}")).await?;
    Ok(())
}

async fn pressed(ctx: &serenity::Context, press: &ComponentInteraction, shared: &Shared) -> Result<(), Error> {
    let say = |text: &str| CreateInteractionResponseMessage::new().content(text).ephemeral(true);
    match press.data.custom_id.split_once(':') {
        Some(("answer", _)) => {
            let input = CreateInputText::new(serenity::InputTextStyle::Paragraph, "Your answer", "text");
            let modal = CreateModal::new("submit:1", "Answer").components(vec![CreateActionRow::InputText(input)]);
            press.create_response(ctx, CreateInteractionResponse::Modal(modal)).await
        }
        Some(("count", so_far)) => {
            let next = so_far.parse::<u64>().unwrap_or(0) + 1;
            let button = CreateButton::new(format!("count:{next}")).label(format!("Count {next}"));
            let update =
                CreateInteractionResponseMessage::new().components(vec![CreateActionRow::Buttons(vec![button])]);
            press.create_response(ctx, CreateInteractionResponse::UpdateMessage(update)).await
        }
        Some(("twice", _)) => {
            press.create_response(ctx, CreateInteractionResponse::Acknowledge).await?;
            let again = press.create_response(ctx, CreateInteractionResponse::Message(say("again"))).await;
            if let Err(Error::Http(serenity::HttpError::UnsuccessfulRequest(refusal))) = again {
                shared.latest_refusal.store(refusal.error.code, Ordering::SeqCst);
            }
            press.create_followup(ctx, serenity::CreateInteractionResponseFollowup::new().content("done")).await?;
            Ok(())
        }
        Some(("level", _)) => {
            let serenity::ComponentInteractionDataKind::StringSelect { values } = &press.data.kind else {
                return Ok(());
            };
            let chosen = say(&format!("chosen: {}", values.join(", ")));
            press.create_response(ctx, CreateInteractionResponse::Message(chosen)).await
        }
        _ => press.create_response(ctx, CreateInteractionResponse::Message(say("This button is too old."))).await,
    }
}

async fn submitted(ctx: &serenity::Context, modal: &ModalInteraction) -> Result<(), Error> {
    let row = &modal.data.components[0].components[0];
    let serenity::ActionRowComponent::InputText(input) = row else { return Ok(()) };
    let text = format!("You wrote: {}", input.value.as_deref().unwrap_or_default());
    let message = CreateInteractionResponseMessage::new().content(text).ephemeral(true);
    modal.create_response(ctx, CreateInteractionResponse::Message(message)).await
}

async fn on_event(ctx: &serenity::Context, event: &FullEvent, shared: &Shared) -> Result<(), Error> {
    match event {
        FullEvent::InteractionCreate { interaction: Interaction::Component(press) } => {
            pressed(ctx, press, shared).await
        }
        FullEvent::InteractionCreate { interaction: Interaction::Modal(modal) } => submitted(ctx, modal).await,
        FullEvent::Message { new_message } if !new_message.author.bot => {
            new_message.channel_id.say(ctx, format!("heard [{}]", new_message.content)).await.map(drop)
        }
        _ => Ok(()),
    }
}

/// A bot that runs until it is dropped.
pub struct Bot {
    shards: Arc<serenity::ShardManager>,
    /// What its commands left behind.
    pub shared: Arc<Shared>,
    /// How its run ends.
    pub run: tokio::task::JoinHandle<Result<(), Error>>,
}

impl Drop for Bot {
    fn drop(&mut self) {
        let shards = Arc::clone(&self.shards);
        tokio::spawn(async move { shards.shutdown_all().await });
    }
}

impl Bot {
    /// Starts the bot and waits until it has registered its commands and is connected.
    pub async fn start(playground: &Playground) -> Self {
        let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
        let mut bot = Self::start_unready(playground, intents).await;
        tokio::select! {
            ready = playground.wait_for_commands() => ready.unwrap(),
            end = &mut bot.run => panic!("the bot ended: {end:?}"),
        }
        bot
    }

    /// Starts the bot and waits for nothing.
    pub async fn start_unready(playground: &Playground, intents: GatewayIntents) -> Self {
        let shared = Arc::new(Shared::default());
        let data = Arc::clone(&shared);
        let framework = poise::Framework::builder()
            .options(poise::FrameworkOptions {
                commands: vec![ping(), slow(), ask(), everywhere(), story(), mute(), set()],
                event_handler: |framework, event| {
                    Box::pin(on_event(framework.serenity_context, event, framework.user_data))
                },
                ..Default::default()
            })
            .setup(|ctx, _ready, framework| {
                Box::pin(async move {
                    poise::builtins::register_globally(ctx, &framework.options().commands).await?;
                    Ok(data)
                })
            })
            .build();
        let http = serenity::HttpBuilder::new("playground-token").proxy(playground.url()).ratelimiter_disabled(true);
        let mut client =
            serenity::ClientBuilder::new_with_http(http.build(), intents).framework(framework).await.unwrap();
        let shards = Arc::clone(&client.shard_manager);
        let run = tokio::spawn(async move { client.start().await });
        Self { shards, shared, run }
    }
}

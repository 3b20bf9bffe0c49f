//! Buttons and forms: what each does, for whoever presses it, whenever that is.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use serenity::all::{ActionRowComponent, ComponentInteraction, Message, MessageInteractionMetadata, ModalInteraction};

use super::bot::Bot;
use super::components::Action;
use super::render::{self, Card};
use super::respond::{Audience, Responder};
use super::{errors, interviews};
use crate::app::mock::Taken;
use crate::app::practice::{Answered, Served, Showing};
use crate::app::{Result, Who};
use crate::domain::bank::Wanted;
use crate::domain::ids::{MemberId, ServerId, Slug};

/// What is said of a button that this version did not make.
const STALE: &str = "That button is from an older version of me. Use /question or /help to go on.";

/// Someone pressed a button.
pub async fn pressed(bot: &Arc<Bot>, press: &ComponentInteraction) {
    let action = Action::parse(&press.data.custom_id);
    let responder = Responder::to_press(&bot.rest, press, name(action.as_ref()));
    let who = who(press.user.id.get(), press.guild_id.map(|g| g.get()));
    let outcome = match action {
        Some(action) => act(bot, &responder, who, owner(&press.message), action).await,
        None => say(&responder, Card::text(STALE)).await,
    };
    if let Err(error) = outcome {
        tracing::warn!(%error, "a press was not answered");
    }
}

/// Someone submitted a form.
pub async fn submitted(bot: &Arc<Bot>, form: &ModalInteraction) {
    let action = Action::parse(&form.data.custom_id);
    let responder = Responder::to_form(&bot.rest, form, name(action.as_ref()));
    let who = who(form.user.id.get(), form.guild_id.map(|g| g.get()));
    let answer = answer_in(form);
    let outcome = match action {
        Some(Action::SubmitAnswer(showing)) => {
            let graded = graded(bot, who, &showing, answer);
            responder.answer(Audience::Private, graded).await
        }
        Some(Action::MockSubmit { interview, seq }) => {
            mock_answered(bot, &responder, who, &interview, seq, form.id.get(), answer).await
        }
        _ => say(&responder, render::practice::keep(Card::text(STALE), answer)).await,
    };
    if let Err(error) = outcome {
        tracing::warn!(%error, "a form was not answered");
    }
}

async fn act(
    bot: &Arc<Bot>,
    responder: &Responder,
    who: Who,
    owner: Option<MemberId>,
    action: Action,
) -> std::result::Result<(), serenity::Error> {
    let app = &bot.app;
    match action {
        Action::Answer(showing) | Action::Retry(showing) => match app.question(showing.question.as_str()) {
            Ok(question) => responder.form(render::practice::form(&question, &showing)).await,
            Err(error) => say(responder, errors::card(&error)).await,
        },
        Action::Hint(showing) => {
            private(responder, async { Ok(render::practice::hint(&app.hint(who, &showing).await?)) }).await
        }
        Action::Reveal(showing) => private(responder, revealed(bot, who, &showing)).await,
        Action::Skip(showing) => skip(bot, responder, who, owner, &showing.question).await,
        Action::Next => private(responder, next_question(bot, who)).await,
        Action::Practise(question) => private(responder, one_question(bot, who, &question)).await,
        Action::AskOn(skill) => private(responder, question_on(bot, who, skill)).await,
        Action::Guide { topic, page } => match app.article(topic.as_str()) {
            Ok(article) => responder.update(render::guide::page(&article, page as usize)).await,
            Err(error) => say(responder, errors::card(&error)).await,
        },
        Action::Share { attempt } => {
            let shared =
                async { Ok(render::practice::shared(&app.graded_attempt(who, &attempt).await?, who.member.0)) };
            match shared.await {
                Ok(card) => responder.answer(Audience::Public, std::future::ready(card)).await,
                Err(error) => say(responder, errors::card(&error)).await,
            }
        }
        Action::MockAnswer { interview, seq } => match app.open_mock(who, &interview, seq).await {
            Ok(row) => responder.form(render::mock::form(&row, seq)).await,
            Err(error) => say(responder, errors::card(&error)).await,
        },
        Action::MockAgain { interview } => private(responder, another_mock(bot, who, &interview)).await,
        // These are forms; a button with their id was forged.
        Action::SubmitAnswer(_) | Action::MockSubmit { .. } => say(responder, Card::text(STALE)).await,
    }
}

async fn revealed(bot: &Bot, who: Who, showing: &Showing) -> Result<Card> {
    let (question, forfeits) = bot.app.reveal(who, showing).await?;
    Ok(render::practice::model_answer(&question, forfeits))
}

async fn next_question(bot: &Bot, who: Who) -> Result<Card> {
    show(bot, bot.app.pick_question(who, &Wanted::default()).await?).await
}

async fn question_on(bot: &Bot, who: Who, skill: Slug) -> Result<Card> {
    let wanted = Wanted { topics: vec![skill], ..Wanted::default() };
    show(bot, bot.app.pick_question(who, &wanted).await?).await
}

async fn show(bot: &Bot, served: Served) -> Result<Card> {
    bot.app.question_shown(&served).await?;
    Ok(render::practice::served(&served, &bot.app.bank.taxonomy))
}

async fn one_question(bot: &Bot, who: Who, question: &Slug) -> Result<Card> {
    let served = bot.app.serve_question(who, question)?;
    bot.app.question_shown(&served).await?;
    Ok(render::practice::question(&served.question, &served.serving.id, None, &bot.app.bank.taxonomy))
}

/// Puts another question in the place of this one, for whom it was; others get one of their own.
async fn skip(
    bot: &Arc<Bot>,
    responder: &Responder,
    who: Who,
    owner: Option<MemberId>,
    skipped: &Slug,
) -> std::result::Result<(), serenity::Error> {
    let next = async { show(bot, bot.app.pick_another(who, skipped).await?).await };
    match next.await {
        Ok(card) if owner == Some(who.member) => responder.update(card).await,
        Ok(card) => {
            say(responder, card.with_text("That question was drawn for someone else. Here is one for you.")).await
        }
        Err(error) => say(responder, errors::card(&error)).await,
    }
}

/// Grades an answer; whatever happens to it, its words are not lost.
async fn graded(bot: &Bot, who: Who, showing: &Showing, answer: &str) -> Card {
    match bot.app.answer(who, showing, &source(who, showing, answer), answer).await {
        Ok(Answered::Graded(graded)) => render::practice::result(&graded),
        Ok(Answered::TurnedAway(gate)) => render::practice::turned_away(gate, answer),
        Err(error) => render::practice::keep(errors::card(&error), answer),
    }
}

/// Begins another interview beside the one that is over. Whether its thread may be private is found by trying.
async fn another_mock(bot: &Arc<Bot>, who: Who, interview: &str) -> Result<Card> {
    let (channel, form) = bot.app.same_mock_again(who, interview).await?;
    let plan = bot.app.plan_mock(who, &form).await?;
    let (thread, private) = interviews::begin(bot, who, interviews::Room { channel, private: true }, plan).await?;
    Ok(render::mock::started(thread, private))
}

/// Stores an interview's answer, shows it in the thread, and lets the interviewer go on.
async fn mock_answered(
    bot: &Arc<Bot>,
    responder: &Responder,
    who: Who,
    interview: &str,
    seq: u32,
    interaction: u64,
    answer: &str,
) -> std::result::Result<(), serenity::Error> {
    match bot.app.answer_mock(who, interview, seq, answer, interaction).await {
        Ok(Taken::Stored(row)) => {
            let shown = responder.answer(Audience::Public, std::future::ready(render::mock::answered(answer))).await;
            interviews::drive(bot, row.id);
            shown
        }
        Ok(Taken::TurnedAway(gate)) => say(responder, render::practice::turned_away(gate, answer)).await,
        Err(error) => say(responder, render::practice::keep(errors::card(&error), answer)).await,
    }
}

/// What an attempt came from: the same words by the same person for the same showing are one attempt, whether Discord
/// delivered the form twice or two devices sent it.
fn source(who: Who, showing: &Showing, answer: &str) -> String {
    let mut words = DefaultHasher::new();
    answer.hash(&mut words);
    format!("form:{}:{}:{:016x}", showing.serving, who.member.0, words.finish())
}

async fn private(
    responder: &Responder,
    work: impl Future<Output = Result<Card>> + Send,
) -> std::result::Result<(), serenity::Error> {
    responder.answer(Audience::Private, async { work.await.unwrap_or_else(|error| errors::card(&error)) }).await
}

async fn say(responder: &Responder, card: Card) -> std::result::Result<(), serenity::Error> {
    responder.answer(Audience::Private, std::future::ready(card)).await
}

/// What the metrics call a press.
fn name(action: Option<&Action>) -> &'static str {
    action.map_or("stale", Action::verb)
}

/// Whom the message answered, as Discord says; nobody for a message that answered no one, such as a drop.
fn owner(message: &Message) -> Option<MemberId> {
    let user = match message.interaction_metadata.as_deref()? {
        MessageInteractionMetadata::Command(by) => &by.user,
        MessageInteractionMetadata::Component(by) => &by.user,
        MessageInteractionMetadata::ModalSubmit(by) => &by.user,
        _ => return None,
    };
    Some(MemberId(user.id.get()))
}

fn who(member: u64, server: Option<u64>) -> Who {
    Who { member: MemberId(member), server: server.map(ServerId) }
}

/// What was typed; nothing when the form has no such field.
fn answer_in(form: &ModalInteraction) -> &str {
    let inputs = form.data.components.iter().flat_map(|row| &row.components);
    inputs
        .filter_map(|component| match component {
            ActionRowComponent::InputText(input) => input.value.as_deref(),
            _ => None,
        })
        .next()
        .unwrap_or_default()
}

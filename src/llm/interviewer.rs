//! One turn of a mock interview: the prompt that judges an answer, and one correction when the reply is unusable.
//!
//! What it leaves out: whether to ask an LLM at all, how many probes a question gets and what the interview does next
//! (`domain::interview` and `app`), and every check of the reply (`replies`).

use std::collections::BTreeMap;

use minijinja::Value;
use tokio::time::Instant;

use super::Endpoint;
use super::client::{Completion, Message, Usage};
use super::errors::{Flaw, LlmError};
use super::prompts::{Prompt, PromptError, Rendered};
use super::replies::{self, Accepted};
use crate::domain::grade::Grade;
use crate::domain::ids::Slug;
use crate::domain::question::Question;
use crate::domain::taxonomy::{Level, Track};

/// How much of one text goes into a prompt, in characters. Discord sends at most 4,000; a terminal may send a book.
const TEXT_CHARS_MAX: usize = 8_000;

/// How many earlier messages go into a prompt, the latest ones.
const MESSAGES_MAX: usize = 16;

/// How much of an unusable reply is shown back to the model, in characters.
const REPLY_CHARS_MAX: usize = 4_000;

/// What the interviewer must know to react to an answer.
#[derive(Debug, Clone, Copy)]
pub struct InterviewTurn<'a> {
    /// What the interview is about.
    pub track: Track,
    /// How senior a role it is for.
    pub level: Level,
    /// Whether the candidate gets a sentence of feedback after each answer (coached style) or not (pressure style).
    pub coached: bool,
    /// How many more probes this question may get; with 0 the reply is always [`Next::MoveOn`].
    pub probes_left: u32,
    /// The question under discussion.
    pub question: &'a Question,
    /// What was said on this question since it was asked, oldest first, without `answer`.
    pub conversation: &'a [Said],
    /// The latest answer: the one to judge.
    pub answer: &'a str,
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// By whom.
    pub speaker: Speaker,
    /// The words.
    pub text: String,
}

/// Who says something in an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// We.
    Interviewer,
    /// The person who practises.
    Candidate,
}

/// A judged answer, checked, and safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What the latest answer alone earned, with evidence from it. The grader is `llm:<model>`.
    pub grade: Grade,
    /// What comes next.
    pub next: Next,
    /// A sentence of feedback, at most 300 characters; only in the coached style, and not always.
    pub feedback: Option<String>,
    /// What it cost, corrections included.
    pub usage: Usage,
    /// The version of the prompt.
    pub prompt_version: u32,
}

/// What the interviewer does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Ask about this question once more.
    Probe {
        /// The rubric point it is after.
        point: Slug,
        /// What to ask: one question, at most 600 characters.
        text: String,
    },
    /// Leave this question.
    MoveOn,
}

impl Endpoint {
    /// Asks, checks, asks for one correction, and gives up.
    pub(super) async fn judge_turn(&self, turn: &InterviewTurn<'_>, deadline: Instant) -> Result<Judged, LlmError> {
        let rendered = render(&self.prompts.interviewer, turn, &fresh_fence(turn))?;
        let mut messages: Vec<Message> = rendered.system.into_iter().map(Message::System).collect();
        messages.push(Message::User(rendered.user));
        let shape = replies::shape();
        let first = self.ask(&messages, &shape, deadline).await?;
        let (accepted, usage) = match self.accept(&first, turn) {
            Ok(accepted) => (accepted, first.usage),
            Err(flaw) => {
                tracing::debug!(%flaw, "asking the LLM for a correction");
                metrics::counter!("coach_llm_repairs_total").increment(1);
                messages.extend(self.correction(&first, flaw)?);
                let second = self.ask(&messages, &shape, deadline).await?;
                (self.accept(&second, turn).map_err(LlmError::Unusable)?, first.usage + second.usage)
            }
        };
        let Accepted { grade, next, feedback } = accepted;
        Ok(Judged { grade, next, feedback, usage, prompt_version: self.prompts.interviewer.version() })
    }

    async fn ask(
        &self,
        messages: &[Message],
        shape: &super::client::ReplyShape,
        deadline: Instant,
    ) -> Result<Completion, LlmError> {
        let completion = self.client.complete(messages, shape, deadline).await?;
        let Usage { prompt_tokens, completion_tokens } = completion.usage;
        metrics::counter!("coach_llm_tokens_total", "kind" => "prompt").increment(prompt_tokens.into());
        metrics::counter!("coach_llm_tokens_total", "kind" => "completion").increment(completion_tokens.into());
        Ok(completion)
    }

    fn accept(&self, completion: &Completion, turn: &InterviewTurn<'_>) -> Result<Accepted, Flaw> {
        if completion.cut_off {
            return Err(Flaw::CutOff);
        }
        replies::accept(replies::parse(&completion.text)?, turn, &format!("llm:{}", self.client.model()))
    }

    fn correction(&self, unusable: &Completion, flaw: Flaw) -> Result<Vec<Message>, PromptError> {
        let reason = BTreeMap::from([("reason", Value::from(flaw.to_string()))]);
        let rendered = self.prompts.repair.render(reason)?;
        let reply = clip(unusable.text.trim(), REPLY_CHARS_MAX);
        // An empty assistant message is refused by some servers.
        let said = (!reply.is_empty()).then(|| Message::Assistant(reply.to_owned()));
        Ok(said.into_iter().chain([Message::User(rendered.user)]).collect())
    }
}

/// Renders the prompt of a turn, with everything the candidate said between `<fence>` and `</fence>`.
pub(super) fn render(prompt: &Prompt, turn: &InterviewTurn<'_>, fence: &str) -> Result<Rendered, PromptError> {
    let question = turn.question;
    let points = question
        .rubric
        .iter()
        .map(|point| Value::from_pairs([("id", point.id.as_str()), ("text", point.point.as_str())]));
    let misconceptions = question.misconceptions.iter().map(|wrong| Value::from(wrong.says.as_str()));
    let recent = &turn.conversation[turn.conversation.len().saturating_sub(MESSAGES_MAX)..];
    let conversation = recent.iter().map(|said| {
        let candidate = said.speaker == Speaker::Candidate;
        let text = clip(&said.text, TEXT_CHARS_MAX);
        Value::from_pairs([("candidate", Value::from(candidate)), ("text", Value::from(text))])
    });
    prompt.render(BTreeMap::from([
        ("track", Value::from(turn.track.as_str())),
        ("level", Value::from(turn.level.as_str())),
        ("coached", Value::from(turn.coached)),
        ("probes_left", Value::from(turn.probes_left)),
        ("question", Value::from(question.prompt.as_str())),
        ("points", points.collect()),
        ("misconceptions", misconceptions.collect()),
        ("conversation", conversation.collect()),
        ("answer", Value::from(clip(turn.answer, TEXT_CHARS_MAX))),
        ("fence", Value::from(fence)),
    ]))
}

/// A delimiter that nobody could have guessed when they wrote their answer.
fn fresh_fence(turn: &InterviewTurn<'_>) -> String {
    loop {
        let fence = format!("said-{:016x}", rand::random::<u64>());
        let taken = turn.answer.contains(&fence) || turn.conversation.iter().any(|said| said.text.contains(&fence));
        if !taken {
            return fence;
        }
    }
}

/// The first `max` characters.
fn clip(text: &str, max: usize) -> &str {
    text.char_indices().nth(max).map_or(text, |(end, _)| &text[..end])
}

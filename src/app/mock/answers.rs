//! Taking an answer in an interview: by the form, by a reply, a mention or a plain message. The first answer stands.

use crate::app::{App, Result, Who, refuse};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MemberId, MessageId};
use crate::domain::interview::AnswerSource;
use crate::store::{InterviewRow, Notice, TurnRow};

/// What became of an answer.
#[derive(Debug, Clone)]
pub enum Taken {
    /// Stored; the interview goes on.
    Stored(Box<InterviewRow>),
    /// Not an answer at all; nothing stored, the question still waits.
    TurnedAway(Gate),
}

/// What became of a message in an interview's thread.
#[derive(Debug, Clone)]
pub enum Heard {
    /// It is an answer.
    Answer(Taken),
    /// It is not the candidate's, was heard before, or is older than the question that waits.
    Nothing,
    /// The question is not known to be in the thread yet; nothing stored. Once it is, the thread is read from there on.
    TooEarly,
    /// The question had its answer already and the next one is not asked yet; nothing stored.
    TooLate(Box<InterviewRow>),
}

impl App {
    /// Takes the answer that came with the form of a turn.
    pub async fn answer_mock(&self, who: Who, id: &str, seq: u32, text: &str, interaction: u64) -> Result<Taken> {
        let source = source_id(AnswerSource::Modal, interaction);
        // A form that Discord delivers twice is the same answer, whether or not the next question is there by now.
        if self.store.answer_known(&source).await?
            && let Some(row) = self.store.interview(id).await?
        {
            return Ok(Taken::Stored(Box::new(row)));
        }
        let row = self.open_mock(who, id, seq).await?;
        let turns = self.store.turns(id).await?;
        let asked = turns.iter().find(|t| t.turn.seq == seq).map_or("", |t| t.turn.asked.as_str());
        if let Some(gate) = self.grader.reply_gate(asked, text) {
            return Ok(Taken::TurnedAway(gate));
        }
        let stored = self.store.answer_turn(id, seq, text, &source, self.clock.now()).await?;
        // Delivered twice at the same moment, both get this far.
        if !stored && !self.store.answer_known(&source).await? {
            return refuse("That question has its answer already. Please answer the newest one.");
        }
        Ok(Taken::Stored(Box::new(row)))
    }

    /// Whether this member may answer this turn now; refuses with the reason.
    pub async fn open_mock(&self, who: Who, id: &str, seq: u32) -> Result<InterviewRow> {
        let Some(row) = self.store.interview(id).await? else {
            return refuse("That interview is no longer stored. Start another with /mock start.");
        };
        if row.member != who.member {
            return refuse(format!("This is <@{}>’s interview. Start your own with /mock start.", row.member));
        }
        if row.ended_at.is_some() {
            return refuse("This interview is over. Start another with /mock start.");
        }
        let turns = self.store.turns(id).await?;
        if turns.last().is_none_or(|last| last.turn.seq != seq || last.answer.is_some()) {
            return refuse("That question has its answer already. Please answer the newest one.");
        }
        Ok(row)
    }

    /// Takes a message of the candidate's in an interview's thread.
    pub async fn answer_mock_by_message(
        &self,
        thread: ChannelId,
        author: MemberId,
        message: MessageId,
        text: &str,
        source: AnswerSource,
    ) -> Result<Heard> {
        let Some(row) = self.running_in(thread, author).await? else { return Ok(Heard::Nothing) };
        let turns = self.store.turns(&row.id).await?;
        let Some(waiting) = turns.last().filter(|_| !heard_before(&turns, message)) else { return Ok(Heard::Nothing) };
        match waiting.message {
            _ if waiting.answer.is_some() => {
                self.store.seen_message(&row.id, message).await?;
                return Ok(Heard::TooLate(Box::new(row)));
            }
            None => return Ok(Heard::TooEarly),
            Some(asked) if message < asked => return Ok(Heard::Nothing),
            Some(_) => {}
        }
        if let Some(gate) = self.grader.reply_gate(&waiting.turn.asked, text) {
            self.store.seen_message(&row.id, message).await?;
            return Ok(Heard::Answer(Taken::TurnedAway(gate)));
        }
        let source = source_id(source, message.0);
        let stored = self.store.answer_turn(&row.id, waiting.turn.seq, text, &source, self.clock.now()).await?;
        self.store.seen_message(&row.id, message).await?;
        Ok(if stored { Heard::Answer(Taken::Stored(Box::new(row))) } else { Heard::Nothing })
    }

    /// A thread was read as far as that message.
    pub async fn thread_read(&self, id: &str, last: MessageId) -> Result<()> {
        Ok(self.store.seen_message(id, last).await?)
    }

    /// The author's running interview in that thread.
    pub async fn running_in(&self, thread: ChannelId, author: MemberId) -> Result<Option<InterviewRow>> {
        let row = self.store.interview_in(thread).await?;
        Ok(row.filter(|row| row.member == author && row.ended_at.is_none()))
    }

    /// Owes the candidate one sentence per question on how to answer: a message whose text Discord withholds was ignored.
    pub async fn explain_answering(&self, row: &InterviewRow) -> Result<()> {
        let turns = self.store.turns(&row.id).await?;
        let seq = turns.last().map_or(0, |t| t.turn.seq);
        let notice = Notice {
            key: format!("how-to-answer:{}:{seq}", row.id),
            server: None,
            channel: row.thread,
            text: "I can only read messages that reply to me (with the ping on) or mention me. Press **Answer** under \
                   the question, or reply to it."
                .to_owned(),
            tries: 0,
            owed_at: self.clock.now(),
        };
        Ok(self.store.owe_notice(&notice).await?)
    }

    /// Owes the candidate one sentence per question when they add to an answer that was given.
    pub async fn explain_too_late(&self, row: &InterviewRow) -> Result<()> {
        let turns = self.store.turns(&row.id).await?;
        let seq = turns.last().map_or(0, |t| t.turn.seq);
        let notice = Notice {
            key: format!("{}:{seq}:too-late", row.id),
            server: None,
            channel: row.thread,
            text:
                "I have your answer already, so your last message is not part of it. Wait for my next question, then \
                   press **Answer** under it or reply to it."
                    .to_owned(),
            tries: 0,
            owed_at: self.clock.now(),
        };
        Ok(self.store.owe_notice(&notice).await?)
    }

    /// The running interviews, which may have answers in their threads that nobody has read.
    pub async fn running_mocks(&self) -> Result<Vec<InterviewRow>> {
        Ok(self.store.running_interviews().await?)
    }

    /// After which message of its thread an interview's answers may wait; `None` while nothing waits for one, or the
    /// question that does is not known to be in the thread.
    pub async fn unread_after(&self, row: &InterviewRow) -> Result<Option<MessageId>> {
        let turns = self.store.turns(&row.id).await?;
        let asked = turns.last().and_then(|t| t.message);
        Ok(asked.map(|asked| row.seen_message.map_or(asked, |seen| seen.max(asked))))
    }
}

/// Whether an answer was taken from this message or a later one. Discord's ids are in order of time, whatever they are of.
fn heard_before(turns: &[TurnRow], message: MessageId) -> bool {
    let sources = turns.iter().filter_map(|t| t.answer.as_ref()).filter_map(|(_, _, source)| source.split_once(':'));
    sources.filter_map(|(_, id)| id.parse::<u64>().ok()).any(|id| id >= message.0)
}

fn source_id(kind: AnswerSource, id: u64) -> String {
    format!("{}:{id}", name(kind))
}

pub(super) fn source_kind(source: &str) -> Option<AnswerSource> {
    let (kind, _) = source.split_once(':')?;
    [AnswerSource::Modal, AnswerSource::Reply, AnswerSource::Mention, AnswerSource::Message, AnswerSource::Terminal]
        .into_iter()
        .find(|k| name(*k) == kind)
}

const fn name(kind: AnswerSource) -> &'static str {
    match kind {
        AnswerSource::Modal => "modal",
        AnswerSource::Reply => "reply",
        AnswerSource::Mention => "mention",
        AnswerSource::Message => "message",
        AnswerSource::Terminal => "terminal",
    }
}

//! Taking an answer in an interview: by the form, by a reply, a mention or a plain message. The first answer stands.

use crate::app::{App, Result, Who, refuse};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MemberId, MessageId};
use crate::domain::interview::AnswerSource;
use crate::store::{InterviewRow, Notice};

/// What became of an answer.
#[derive(Debug, Clone)]
pub enum Taken {
    /// Stored; the interview goes on.
    Stored(Box<InterviewRow>),
    /// Not an answer at all; nothing stored, the question still waits.
    TurnedAway(Gate),
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

    /// Takes a message of the candidate's in an interview's thread; `None` when it is not one, or nothing waits for an
    /// answer.
    pub async fn answer_mock_by_message(
        &self,
        thread: ChannelId,
        author: MemberId,
        message: MessageId,
        text: &str,
        source: AnswerSource,
    ) -> Result<Option<Taken>> {
        let Some(row) = self.running_in(thread, author).await? else { return Ok(None) };
        let turns = self.store.turns(&row.id).await?;
        let Some(waiting) = turns.last().filter(|t| t.answer.is_none() && t.message.is_some()) else {
            self.store.seen_message(&row.id, message).await?;
            return Ok(None);
        };
        if let Some(gate) = self.grader.reply_gate(&waiting.turn.asked, text) {
            self.store.seen_message(&row.id, message).await?;
            return Ok(Some(Taken::TurnedAway(gate)));
        }
        let source = source_id(source, message.0);
        let stored = self.store.answer_turn(&row.id, waiting.turn.seq, text, &source, self.clock.now()).await?;
        self.store.seen_message(&row.id, message).await?;
        Ok(stored.then(|| Taken::Stored(Box::new(row))))
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

    /// The running interviews, and after which message of their threads answers may wait that nobody has read.
    pub async fn unread_threads(&self) -> Result<Vec<(InterviewRow, MessageId)>> {
        let mut unread = Vec::new();
        for row in self.store.running_interviews().await? {
            let shown = self.store.turns(&row.id).await?.iter().filter_map(|t| t.message).max();
            // A thread's id is older than any message in it.
            let after = shown.max(row.seen_message).unwrap_or(MessageId(row.thread.0));
            unread.push((row, after));
        }
        Ok(unread)
    }
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

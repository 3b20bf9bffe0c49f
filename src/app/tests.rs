//! The use cases without any surface: a real database, the real grader, no model. Here: what the tests below share.

mod drops;
mod mock;
mod practice;
mod profile;
mod topics;

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, LazyLock};

use jiff::SignedDuration;
use tempfile::TempDir;

use super::practice::{Answered, Graded, Showing};
use super::{App, Clock, Error, Who};
use crate::content::{self, Source};
use crate::domain::bank::{Bank, Wanted};
use crate::domain::ids::{MemberId, ServerId};
use crate::grading::Grader;
use crate::llm::Llm;
use crate::store::Store;

const GUILD: ServerId = ServerId(77);
const ANA: Who = Who { member: MemberId(1), server: Some(GUILD) };
const BEN: Who = Who { member: MemberId(2), server: Some(GUILD) };

/// An application on a file of its own, which is gone when dropped.
struct Bench {
    app: App,
    folder: Arc<TempDir>,
}

impl Deref for Bench {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut App {
        &mut self.app
    }
}

impl Bench {
    async fn new(bank: Bank) -> Self {
        Self::open(bank, Arc::new(tempfile::tempdir().unwrap())).await
    }

    /// With the questions that the program carries.
    async fn real() -> Self {
        static BANK: LazyLock<Bank> = LazyLock::new(|| content::load(&Source::Embedded).unwrap());
        Self::new(BANK.clone()).await
    }

    async fn open(bank: Bank, folder: Arc<TempDir>) -> Self {
        let url = format!("sqlite://{}", folder.path().join("coach.db").display());
        let app = App {
            store: Store::open(&url).await.unwrap(),
            grader: Arc::new(Grader::new(&bank)),
            bank: Arc::new(bank),
            llm: Llm::disabled(),
            clock: Clock::default(),
            catch_up: SignedDuration::from_hours(6),
        };
        let mut bench = Self { app, folder };
        bench.set_clock("2026-11-23T09:00:00Z");
        bench
    }

    /// The same file under a new process.
    async fn restarted(self) -> Self {
        self.app.store.close().await;
        let mut next = Self::open(Bank::clone(&self.app.bank), Arc::clone(&self.folder)).await;
        next.app.clock = self.app.clock;
        next
    }

    fn set_clock(&mut self, instant: &str) {
        self.app.clock = Clock::at(instant.parse().unwrap());
    }

    /// A question shown to someone.
    async fn show(&self, who: Who) -> Showing {
        let served = self.pick_question(who, &Wanted::default()).await.unwrap();
        self.question_shown(&served).await.unwrap();
        Showing { serving: served.serving.id, question: served.question.slug.clone() }
    }

    /// The strong answer of the question shown, cut to what a form holds.
    fn strong(&self, showing: &Showing) -> String {
        self.question(showing.question.as_str()).unwrap().strong_answer.clone()
    }

    async fn graded(&self, who: Who, showing: &Showing, source: &str, text: &str) -> Graded {
        match self.answer(who, showing, source, text).await.unwrap() {
            Answered::Graded(graded) => *graded,
            Answered::TurnedAway(gate) => panic!("turned away: {gate:?}"),
        }
    }

    /// Answers some question well, now.
    async fn practise(&self, who: Who, source: &str) -> Graded {
        let showing = self.show(who).await;
        self.graded(who, &showing, source, &self.strong(&showing)).await
    }
}

/// What the person is told.
fn refusal<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::User(sentence)) => sentence,
        Err(other) => panic!("not the person's to mend: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

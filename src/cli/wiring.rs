//! Builds the application that every surface shares, from the settings.
//!
//! Left out on purpose: the surfaces themselves, and the runtime they run on.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::SignedDuration;

use crate::app::{App, Clock};
use crate::config::{self, Settings};
use crate::content::{self, Faults, Source};
use crate::domain::bank::Bank;
use crate::grading::Grader;
use crate::llm::{Llm, LlmSettings, Prompts};
use crate::store::Store;

/// Loads the content and the prompts, and opens the database, which it creates where there is none. Nothing goes over
/// the network.
///
/// # Errors
/// Faults in the content or the prompts, a model that cannot be set up, and a database that cannot be opened. Each
/// says what to do.
pub async fn open_app(settings: &Settings) -> anyhow::Result<App> {
    let bank = load_bank(settings.content.dir.clone())?;
    let llm = set_up_llm(&settings.llm, &settings.prompts)?;
    let store = Store::open(&settings.database.url).await?;
    Ok(App {
        store,
        grader: Arc::new(Grader::new(&bank)),
        bank: Arc::new(bank),
        llm,
        clock: Clock::shifted(SignedDuration::from_secs(settings.clock.offset_seconds)),
        catch_up: SignedDuration::from_mins(i64::from(settings.drops.catch_up_minutes)),
    })
}

/// The questions from `dir`, or else those the program carries.
///
/// # Errors
/// Every fault at once: a bank with a fault is refused whole.
pub(super) fn load_bank(dir: Option<PathBuf>) -> Result<Bank, Faults> {
    content::load(&dir.map_or(Source::Embedded, Source::Directory))
}

/// The model with its prompts, or none when it is off: then nobody should stumble over a prompt.
fn set_up_llm(llm: &config::Llm, prompts: &config::Prompts) -> anyhow::Result<Llm> {
    if !llm.enabled {
        return Ok(Llm::disabled());
    }
    let prompts = Prompts::load(prompts.dir.as_deref())?;
    let settings = LlmSettings {
        base_url: llm.base_url.clone(),
        api_key: llm.api_key.clone(),
        model: llm.model.clone(),
        timeout_ms: llm.timeout_ms,
        max_output_tokens: llm.max_output_tokens,
    };
    Llm::new(&settings, prompts).context("cannot set up the language model")
}

//! Prompts: reviewed text under `prompts/`, parsed at start and rendered strictly.
//!
//! A missing variable is an error, and so is one that the prompt did not ask for. Embedded in release builds, read from
//! disk in debug builds; a directory may override single files. What it leaves out: what the variables mean.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Deserialize;

#[derive(rust_embed::Embed)]
#[folder = "prompts/"]
struct Embedded;

/// Every prompt the bot uses.
#[derive(Debug, Clone)]
pub struct Prompts {
    pub(super) interviewer: Prompt,
    pub(super) repair: Prompt,
}

impl Prompts {
    /// Loads every prompt; a file of the same name in `overrides` replaces ours.
    ///
    /// # Errors
    /// [`PromptError`] for the first file that is missing or malformed, with the remedy.
    pub fn load(overrides: Option<&Path>) -> Result<Self, PromptError> {
        Ok(Self {
            interviewer: Prompt::load("interviewer", "InterviewerReply", overrides)?,
            repair: Prompt::load("repair", "InterviewerReply", overrides)?,
        })
    }
}

/// A parsed prompt.
#[derive(Debug, Clone)]
pub(super) struct Prompt {
    name: &'static str,
    version: u32,
    inputs: BTreeSet<String>,
    system: Option<String>,
    user: String,
}

/// A prompt with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rendered {
    /// The instructions; absent where the prompt only adds to a conversation.
    pub(super) system: Option<String>,
    /// What there is to work on.
    pub(super) user: String,
}

/// A prompt that cannot be used. Names the file and never holds what it was rendered with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("prompts/{name}.md: {problem}")]
pub struct PromptError {
    name: &'static str,
    problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    inputs: BTreeSet<String>,
    output: String,
    version: u32,
}

impl Prompt {
    fn load(name: &'static str, output: &str, overrides: Option<&Path>) -> Result<Self, PromptError> {
        let file = format!("{name}.md");
        let overriding = match overrides.map(|dir| std::fs::read_to_string(dir.join(&file))) {
            None => None,
            Some(Ok(text)) => Some(text),
            Some(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => None,
            Some(Err(error)) => {
                return Err(PromptError { name, problem: format!("cannot be read ({error}); make it readable") });
            }
        };
        let text = match overriding {
            Some(text) => text,
            None => Embedded::get(&file)
                .and_then(|file| String::from_utf8(file.data.into_owned()).ok())
                .ok_or_else(|| PromptError { name, problem: "is missing; restore it".to_owned() })?,
        };
        Self::parse(name, output, &text).map_err(|problem| PromptError { name, problem })
    }

    /// Parses the text of a prompt file; a problem comes back as the rest of a sentence.
    pub(super) fn parse(name: &'static str, output: &str, text: &str) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let (front, body) = text
            .strip_prefix("+++\n")
            .and_then(|rest| rest.split_once("\n+++\n"))
            .ok_or("has no front matter; begin it with +++, `inputs`, `output`, `version`, +++")?;
        let front: FrontMatter =
            toml::from_str(front).map_err(|error| format!("has bad front matter: {}; correct it", error.message()))?;
        if front.output != output {
            return Err(format!("has the output `{}`; the code expects `{output}`", front.output));
        }
        let (system, user) = sections(body)?;
        let prompt = Self { name, version: front.version, inputs: front.inputs, system, user };
        prompt.check_variables()?;
        Ok(prompt)
    }

    /// The version that the file states; stored with what the prompt led to.
    pub(super) fn version(&self) -> u32 {
        self.version
    }

    /// Fills in the variables. Values are data: template syntax inside them stays as it is.
    ///
    /// # Errors
    /// [`PromptError`] when `values` has not exactly the prompt's inputs, or the template reaches for a field that is
    /// not there.
    pub(super) fn render(&self, values: BTreeMap<&'static str, Value>) -> Result<Rendered, PromptError> {
        let given: BTreeSet<&str> = values.keys().copied().collect();
        let wanted: BTreeSet<&str> = self.inputs.iter().map(String::as_str).collect();
        if let Some(odd) = given.symmetric_difference(&wanted).next() {
            let problem = format!("`{odd}` must be among both its inputs and the code's; make them agree");
            return Err(PromptError { name: self.name, problem });
        }
        let environment = environment();
        let values = Value::from_pairs(values);
        let fill = |section: &str| {
            // The error's detail may quote a value, which is somebody's text; its kind and line are enough to find it.
            environment.render_str(section, values.clone()).map_err(|error| PromptError {
                name: self.name,
                problem: format!("cannot be rendered: {} (line {})", error.kind(), error.line().unwrap_or(0)),
            })
        };
        Ok(Rendered { system: self.system.as_deref().map(fill).transpose()?, user: fill(&self.user)? })
    }

    fn check_variables(&self) -> Result<(), String> {
        let environment = environment();
        let mut used = BTreeSet::new();
        for section in self.system.iter().chain([&self.user]) {
            let template = environment
                .template_from_str(section)
                .map_err(|error| format!("has bad template syntax: {error}; correct it"))?;
            used.extend(template.undeclared_variables(false));
        }
        match used.symmetric_difference(&self.inputs).next() {
            Some(odd) if used.contains(odd) => {
                Err(format!("uses `{odd}`, which is not among its inputs; add it there"))
            }
            Some(odd) => Err(format!("lists the input `{odd}` and never uses it; remove it")),
            None => Ok(()),
        }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}

/// Splits the body at its `# System` (optional) and `# User` lines. Done before rendering, so that no value can open a
/// section.
fn sections(body: &str) -> Result<(Option<String>, String), String> {
    let body = format!("\n{body}");
    let (before, user) = body.split_once("\n# User\n").ok_or("has no `# User` section; add one")?;
    let system = match before.split_once("\n# System\n") {
        Some((stray, system)) if stray.trim().is_empty() => Some(system.trim().to_owned()),
        None if before.trim().is_empty() => None,
        _ => return Err("has text before its sections; move it into `# System` or `# User`".to_owned()),
    };
    Ok((system, user.trim().to_owned()))
}

#[cfg(test)]
mod tests;

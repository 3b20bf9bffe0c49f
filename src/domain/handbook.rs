//! What there is to read beside the questions: guides, a note on every skill, the preparation plan, the checklists.
//!
//! [`Handbook::article`] gives all four one shape, a title and pages, so that every surface reads them alike. Left out
//! on purpose: whose plan it is and what they have ticked.

use std::fmt::Write as _;

use super::bank::Bank;
use super::ids::Slug;
use super::taxonomy::Level;

/// How many questions an article leads to.
const QUESTIONS_SHOWN: usize = 8;

/// Everything there is to read. Immutable once loaded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handbook {
    /// The guides, in the order of their slugs.
    pub guides: Vec<Guide>,
    /// A note on each skill, in the taxonomy's order.
    pub skills: Vec<SkillNote>,
    /// Preparation plans.
    pub plans: Vec<Plan>,
    /// Checklists.
    pub checklists: Vec<Checklist>,
}

/// One guide.
#[derive(Debug, Clone, PartialEq)]
pub struct Guide {
    /// The file's stem.
    pub slug: Slug,
    /// What people read first.
    pub title: String,
    /// Which shelf it stands on.
    pub topic: Shelf,
    /// What the reader gets, in a line.
    pub summary: String,
    /// Questions that practise it.
    pub questions: Vec<Slug>,
    /// Commands that practise it, as typed.
    pub commands: Vec<String>,
    /// Year and month for which it is right, where that passes.
    pub as_of: Option<String>,
    /// Where its facts come from.
    pub sources: Vec<String>,
    /// The text, a page at a time.
    pub pages: Vec<Page>,
}

/// A page of Markdown under its own title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The page's title.
    pub title: String,
    /// Discord's Markdown.
    pub text: String,
}

/// What a guide is about, in the order people see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// How interviews run.
    Loop,
    /// What is expected of whom.
    Levels,
    /// How to answer.
    Answering,
    /// Ways to structure an answer.
    Frameworks,
    /// Writing about oneself.
    Resume,
    /// Growing in the job.
    Career,
    /// Pay, offers, trends.
    Market,
    /// What to build.
    Projects,
    /// What to read.
    Resources,
    /// Short answers to frequent questions.
    Faq,
}

impl Shelf {
    /// Every shelf, in the order people see.
    pub const ALL: [Self; 10] = [
        Self::Loop,
        Self::Levels,
        Self::Answering,
        Self::Frameworks,
        Self::Resume,
        Self::Career,
        Self::Market,
        Self::Projects,
        Self::Resources,
        Self::Faq,
    ];

    /// How content names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Levels => "levels",
            Self::Answering => "answering",
            Self::Frameworks => "frameworks",
            Self::Resume => "resume",
            Self::Career => "career",
            Self::Market => "market",
            Self::Projects => "projects",
            Self::Resources => "resources",
            Self::Faq => "faq",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loop => "The interview loop",
            Self::Levels => "Levels and roles",
            Self::Answering => "Answering well",
            Self::Frameworks => "Frameworks",
            Self::Resume => "Resume",
            Self::Career => "Career",
            Self::Market => "Pay and market",
            Self::Projects => "Projects",
            Self::Resources => "Resources",
            Self::Faq => "Frequent questions",
        }
    }
}

/// What a skill is asked for, and what is expected from junior to senior.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillNote {
    /// The skill.
    pub slug: Slug,
    /// What interviewers find out with it.
    pub asked: String,
    /// What a junior shows.
    pub junior: String,
    /// What a mid-level engineer adds.
    pub mid: String,
    /// What is expected from senior on.
    pub senior: String,
}

/// A preparation plan of several weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The file's stem.
    pub slug: Slug,
    /// What people read first.
    pub title: String,
    /// What the reader gets, in a line.
    pub summary: String,
    /// What each level does more and less of.
    pub emphasis: Vec<Emphasis>,
    /// The weeks, in order.
    pub weeks: Vec<Week>,
}

/// What a level does more and less of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emphasis {
    /// Who.
    pub level: Level,
    /// What.
    pub text: String,
}

/// A week of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// What it is about.
    pub title: String,
    /// What is true at its end.
    pub goal: String,
    /// What lies on the table at its end.
    pub output: String,
    /// What to do.
    pub tasks: Vec<Task>,
}

/// One thing to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Unique in its plan, and stable: ticks refer to it.
    pub id: Slug,
    /// What to do.
    pub text: String,
    /// How long it takes.
    pub minutes: u32,
    /// For whom; everyone when empty.
    pub levels: Vec<Level>,
    /// The command that practises it.
    pub practise: Option<String>,
}

impl Task {
    /// Whether someone of that level does it.
    #[must_use]
    pub fn is_for(&self, level: Level) -> bool {
        self.levels.is_empty() || self.levels.contains(&level)
    }
}

/// A list to go through at a certain moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The file's stem.
    pub slug: Slug,
    /// What people read first.
    pub title: String,
    /// When one takes it out.
    pub when: String,
    /// What to tick.
    pub items: Vec<Item>,
}

/// One item of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Unique in its checklist, and stable: ticks refer to it.
    pub id: Slug,
    /// What to tick.
    pub text: String,
    /// What goes wrong without it.
    pub why: String,
}

/// Something to read, whatever it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// What it is asked for by.
    pub slug: Slug,
    /// What people read first.
    pub title: String,
    /// What the reader gets, in a line.
    pub summary: String,
    /// The text; never empty.
    pub pages: Vec<Page>,
    /// Questions of the bank that practise it, with their titles.
    pub questions: Vec<(Slug, String)>,
    /// Commands that practise it, as typed.
    pub commands: Vec<String>,
    /// The skill that it is about, if it is about one.
    pub skill: Option<Slug>,
    /// Year and month for which it is right, where that passes.
    pub as_of: Option<String>,
}

impl Handbook {
    /// Every article's title and slug: guides by shelf, then plans, checklists and skills.
    pub fn titles<'a>(&'a self, bank: &'a Bank) -> impl Iterator<Item = (&'a str, &'a Slug)> {
        let guides = Shelf::ALL.into_iter().flat_map(|shelf| self.shelf(shelf)).map(|g| (g.title.as_str(), &g.slug));
        let plans = self.plans.iter().map(|p| (p.title.as_str(), &p.slug));
        let checklists = self.checklists.iter().map(|c| (c.title.as_str(), &c.slug));
        let skills = self.skills.iter().map(|s| (bank.taxonomy.name_of(s.slug.as_str()), &s.slug));
        guides.chain(plans).chain(checklists).chain(skills)
    }

    /// The guides of a shelf.
    pub fn shelf(&self, shelf: Shelf) -> impl Iterator<Item = &Guide> {
        self.guides.iter().filter(move |guide| guide.topic == shelf)
    }

    /// The article of that slug.
    #[must_use]
    pub fn article(&self, slug: &str, bank: &Bank) -> Option<Article> {
        let guide = self.guides.iter().find(|g| g.slug.as_str() == slug).map(|g| guide(g, bank));
        let plan = || self.plans.iter().find(|p| p.slug.as_str() == slug).map(|p| plan(p, bank));
        let checklist = || self.checklists.iter().find(|c| c.slug.as_str() == slug).map(checklist);
        let skill = || self.skills.iter().find(|s| s.slug.as_str() == slug).map(|s| skill(s, bank));
        guide.or_else(plan).or_else(checklist).or_else(skill)
    }
}

fn guide(guide: &Guide, bank: &Bank) -> Article {
    let titled = |slug: &Slug| bank.get(slug.as_str()).map(|q| (q.slug.clone(), q.title.clone()));
    Article {
        slug: guide.slug.clone(),
        title: guide.title.clone(),
        summary: guide.summary.clone(),
        pages: guide.pages.clone(),
        questions: guide.questions.iter().filter_map(titled).collect(),
        commands: guide.commands.clone(),
        skill: None,
        as_of: guide.as_of.clone(),
    }
}

fn skill(note: &SkillNote, bank: &Bank) -> Article {
    let name = bank.taxonomy.name_of(note.slug.as_str());
    let text = format!(
        "{}\n\n**Junior**: {}\n\n**Mid-level**: {}\n\n**Senior and above**: {}",
        note.asked, note.junior, note.mid, note.senior
    );
    // Those it is the first skill of train it most; then from the least senior up.
    let mut trained_by: Vec<_> = bank.questions().iter().filter(|q| q.skills.contains(&note.slug)).collect();
    trained_by.sort_by_key(|q| (q.primary_skill() != &note.slug, q.levels.first().copied()));
    let questions = trained_by.iter().take(QUESTIONS_SHOWN).map(|q| (q.slug.clone(), q.title.clone())).collect();
    Article {
        slug: note.slug.clone(),
        title: name.to_owned(),
        summary: note.asked.clone(),
        pages: vec![Page { title: "What it is asked for".to_owned(), text }],
        questions,
        commands: vec![format!("/question topic:{}", note.slug)],
        skill: Some(note.slug.clone()),
        as_of: None,
    }
}

fn plan(plan: &Plan, bank: &Bank) -> Article {
    let name = |level: Level| {
        let entry = bank.taxonomy.levels.iter().find(|entry| entry.slug == level);
        entry.map_or(level.as_str(), |entry| entry.name.as_str())
    };
    let calibrated: Vec<String> = plan.emphasis.iter().map(|e| format!("**{}**: {}", name(e.level), e.text)).collect();
    let mut pages = vec![Page { title: "By level".to_owned(), text: calibrated.join("\n\n") }];
    for (number, week) in (1..).zip(&plan.weeks) {
        let mut text = format!("{}\n", week.goal);
        for task in &week.tasks {
            let _ = write!(text, "\n- {} ({} min", task.text, task.minutes);
            if let (Some(least), Some(most)) = (task.levels.iter().min(), task.levels.iter().max()) {
                let _ = if least == most { write!(text, ", {least}") } else { write!(text, ", {least} to {most}") };
            }
            text.push(')');
            let _ = task.practise.as_ref().map_or(Ok(()), |command| write!(text, " `{command}`"));
        }
        let _ = write!(text, "\n\n**At the end**: {}", week.output);
        pages.push(Page { title: format!("Week {number}: {}", week.title), text });
    }
    Article {
        slug: plan.slug.clone(),
        title: plan.title.clone(),
        summary: plan.summary.clone(),
        pages,
        questions: Vec::new(),
        commands: Vec::new(),
        skill: None,
        as_of: None,
    }
}

fn checklist(list: &Checklist) -> Article {
    let items: Vec<String> = list.items.iter().map(|item| format!("☐ **{}**\n{}", item.text, item.why)).collect();
    Article {
        slug: list.slug.clone(),
        title: list.title.clone(),
        summary: list.when.clone(),
        pages: vec![Page { title: list.when.clone(), text: items.join("\n") }],
        questions: Vec::new(),
        commands: Vec::new(),
        skill: None,
        as_of: None,
    }
}

#[cfg(test)]
mod tests;

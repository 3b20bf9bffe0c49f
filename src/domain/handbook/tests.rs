//! One shape for everything there is to read.

use super::*;
use crate::domain::samples::{self, question, slug};

fn task(id: &str, levels: &[Level], practise: Option<&str>) -> Task {
    let (levels, practise) = (levels.to_vec(), practise.map(str::to_owned));
    Task { id: slug(id), text: format!("Do {id}."), minutes: 30, levels, practise }
}

/// Three questions, of which two train Redis: `q0` beside another skill, `q2` first of all.
fn bank() -> Bank {
    let mut beside = question("q0", "kafka");
    beside.skills.push(slug("redis"));
    let questions = vec![beside, question("q1", "kafka"), question("q2", "redis")];
    Bank::new(samples::taxonomy(), questions).with_handbook(book())
}

fn book() -> Handbook {
    let page = |title: &str| Page { title: title.to_owned(), text: format!("On {title}.") };
    let guide = |name: &str, topic: Shelf, title: &str| Guide {
        slug: slug(name),
        title: title.to_owned(),
        topic,
        summary: "What it gives.".to_owned(),
        questions: vec![slug("q0"), slug("retired-long-ago")],
        commands: vec!["/question".to_owned()],
        as_of: None,
        sources: Vec::new(),
        pages: vec![page("one"), page("two")],
    };
    let week = Week {
        title: "Look around".to_owned(),
        goal: "You know where you stand.".to_owned(),
        output: "A list.".to_owned(),
        tasks: vec![
            task("read", &[], Some("/question")),
            task("lead", &[Level::Senior, Level::Staff], Some("/question")),
            task("learn", &[Level::Junior], Some("/mock start track:coding")),
        ],
    };
    Handbook {
        guides: vec![guide("pay", Shelf::Market, "Pay"), guide("stages", Shelf::Loop, "Eight stages")],
        skills: vec![SkillNote {
            slug: slug("redis"),
            asked: "Whether it loses data.".to_owned(),
            junior: "Sets and gets.".to_owned(),
            mid: "Expires on purpose.".to_owned(),
            senior: "Fails over.".to_owned(),
        }],
        plans: vec![Plan {
            slug: slug("one-week"),
            title: "One week".to_owned(),
            summary: "From nothing to something.".to_owned(),
            emphasis: vec![Emphasis { level: Level::Mid, text: "Design more.".to_owned() }],
            weeks: vec![week],
        }],
        checklists: vec![Checklist {
            slug: slug("before"),
            title: "The day before".to_owned(),
            when: "The evening before an interview.".to_owned(),
            items: vec![Item { id: slug("sleep"), text: "Sleep".to_owned(), why: "Tired people ramble.".to_owned() }],
        }],
    }
}

#[test]
fn titles_come_by_shelf_then_plans_checklists_and_skills() {
    let bank = bank();
    let titles: Vec<&str> = bank.handbook.titles(&bank).map(|(_, slug)| slug.as_str()).collect();
    assert_eq!(titles, ["stages", "pay", "one-week", "before", "redis"]);
}

#[test]
fn an_article_is_found_by_its_slug_or_by_its_title_in_any_case() {
    let bank = bank();
    for typed in ["stages", "Eight stages", " eight STAGES "] {
        assert_eq!(bank.article_named(typed).unwrap().slug, slug("stages"), "{typed}");
    }
    for typed in ["", "stage", "stages; DROP TABLE", "🦀"] {
        assert_eq!(bank.article_named(typed), None, "{typed}");
    }
}

#[test]
fn a_guide_leads_only_to_questions_that_there_are() {
    let bank = bank();
    let article = bank.article_named("pay").unwrap();
    let slugs: Vec<&str> = article.questions.iter().map(|(slug, _)| slug.as_str()).collect();
    assert_eq!((slugs, article.pages.len()), (vec!["q0"], 2));
}

#[test]
fn a_skill_page_says_what_is_asked_and_leads_to_the_questions_that_train_it_first() {
    let bank = bank();
    let article = bank.article_named("redis").unwrap();
    assert_eq!(article.pages.len(), 1);
    for line in ["Whether it loses data.", "**Junior**: Sets and gets.", "**Senior and above**: Fails over."] {
        assert!(article.pages[0].text.contains(line), "{}", article.pages[0].text);
    }
    let questions: Vec<&str> = article.questions.iter().map(|(question, _)| question.as_str()).collect();
    assert_eq!(questions, ["q2", "q0"]);
    assert_eq!(article.commands, ["/question topic:redis"]);
}

#[test]
fn a_plan_has_a_page_a_week_and_says_for_whom_a_task_is() {
    let bank = bank();
    let article = bank.article_named("one-week").unwrap();
    let titles: Vec<&str> = article.pages.iter().map(|page| page.title.as_str()).collect();
    assert_eq!(titles, ["By level", "Week 1: Look around"]);
    let week = &article.pages[1].text;
    for line in [
        "- Do read. (30 min) `/question`",
        "- Do lead. (30 min, senior to staff) `/question`",
        "- Do learn. (30 min, junior) `/mock start track:coding`",
    ] {
        assert!(week.contains(line), "{week}");
    }
}

#[test]
fn a_task_without_levels_is_for_everyone() {
    assert!(Level::ALL.into_iter().all(|level| task("a", &[], None).is_for(level)));
    assert!(!task("a", &[Level::Staff], None).is_for(Level::Senior));
}

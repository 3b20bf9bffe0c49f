//! Guides: the list of all there is, and one page with what leads on from it.

use serenity::all::{ButtonStyle, CreateEmbed, CreateEmbedFooter};

use super::{ACCENT, Card, button, clip};
use crate::discord::components::Action;
use crate::domain::bank::Bank;
use crate::domain::handbook::{Article, Shelf};

/// How many questions have a button on a page.
const QUESTION_BUTTONS: usize = 3;

/// Discord's limits, in characters.
const LABEL_MAX: usize = 80;
const FIELD_MAX: usize = 1_024;

/// All there is to read.
#[must_use]
pub fn index(bank: &Bank) -> Card {
    let book = &bank.handbook;
    let mut embed = CreateEmbed::new()
        .title("Guides")
        .description("Open one with `/guide topic:` and a few letters of its name.")
        .colour(ACCENT);
    for shelf in Shelf::ALL {
        let titles: Vec<&str> = book.shelf(shelf).map(|guide| guide.title.as_str()).collect();
        if !titles.is_empty() {
            embed = embed.field(shelf.name(), clip(&titles.join(" · "), FIELD_MAX), false);
        }
    }
    let plans = book.plans.iter().map(|plan| plan.title.as_str());
    let lists: Vec<&str> = plans.chain(book.checklists.iter().map(|list| list.title.as_str())).collect();
    if !lists.is_empty() {
        embed = embed.field("Plan and checklists", clip(&lists.join(" · "), FIELD_MAX), false);
    }
    if !book.skills.is_empty() {
        let skills =
            format!("{} skills, each with what it is asked for and the questions that train it", book.skills.len());
        embed = embed.field("Skills", skills, false);
    }
    Card::embed(embed)
}

/// One page, counted from 0; past the end it is the last.
#[must_use]
pub fn page(article: &Article, number: usize) -> Card {
    let last = article.pages.len().saturating_sub(1);
    let number = number.min(last);
    let text = article.pages.get(number).map(|page| format!("### {}\n{}", page.title, page.text)).unwrap_or_default();
    let mut embed = CreateEmbed::new().title(clip(&article.title, 256)).description(clip(&text, 4_096)).colour(ACCENT);
    if !article.commands.is_empty() {
        let commands: Vec<String> = article.commands.iter().map(|command| format!("`{command}`")).collect();
        embed = embed.field("Practise it", clip(&commands.join("\n"), FIELD_MAX), false);
    }
    if let Some(skill) = &article.skill
        && !article.questions.is_empty()
    {
        let titles: Vec<String> = article.questions.iter().map(|(_, title)| format!("- {title}")).collect();
        let name = format!("Questions that train {}", article.title);
        embed = embed.field(
            if name.len() <= 256 { name } else { skill.to_string() },
            clip(&titles.join("\n"), FIELD_MAX),
            false,
        );
    }
    let mut footer: Vec<String> = Vec::new();
    if last > 0 {
        footer.push(format!("Page {} of {}", number + 1, last + 1));
    }
    footer.extend(article.as_of.as_ref().map(|month| format!("As of {month}")));
    if !footer.is_empty() {
        embed = embed.footer(CreateEmbedFooter::new(footer.join(" · ")));
    }
    Card::embed(embed).buttons(turning(article, number, last)).buttons(practising(article))
}

fn turning(article: &Article, number: usize, last: usize) -> Vec<serenity::all::CreateButton> {
    let turn = |to: usize, label: &str| {
        let page = u32::try_from(to).unwrap_or(u32::MAX);
        button(&Action::Guide { topic: article.slug.clone(), page }, label, ButtonStyle::Primary)
    };
    let back = (number > 0).then(|| turn(number - 1, "Back"));
    let on = (number < last).then(|| turn(number + 1, "Next page"));
    back.into_iter().chain(on).collect()
}

fn practising(article: &Article) -> Vec<serenity::all::CreateButton> {
    let any = article
        .skill
        .as_ref()
        .filter(|_| !article.questions.is_empty())
        .map(|skill| button(&Action::AskOn(skill.clone()), "Ask me one", ButtonStyle::Success));
    let of_name =
        article.questions.iter().take(QUESTION_BUTTONS).map(|(slug, title)| {
            button(&Action::Practise(slug.clone()), &clip(title, LABEL_MAX), ButtonStyle::Secondary)
        });
    any.into_iter().chain(of_name).collect()
}

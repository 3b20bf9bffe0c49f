//! What a server draws from.

use serenity::all::CreateEmbed;

use super::{ACCENT, Card, clip};
use crate::app::topics::Topics;
use crate::domain::taxonomy::Taxonomy;
use crate::domain::topics::{RuleKind, TopicRule};

/// The rules by kind, and the pool that results.
#[must_use]
pub fn topics(topics: &Topics, title: &str, taxonomy: &Taxonomy) -> Card {
    let mut lines: Vec<String> = Vec::new();
    for (kind, heading) in
        [(RuleKind::Topic, "Topics"), (RuleKind::Category, "Categories"), (RuleKind::Level, "Levels")]
    {
        let of_kind: Vec<&TopicRule> = topics.rules.as_slice().iter().filter(|r| r.kind == kind).collect();
        let (on, off): (Vec<&TopicRule>, Vec<&TopicRule>) = of_kind.into_iter().partition(|r| r.weight > 0);
        let named = |rules: &[&TopicRule]| rules.iter().map(|r| name(r, taxonomy)).collect::<Vec<_>>().join(", ");
        lines.push(match (on.is_empty(), off.is_empty()) {
            (true, true) => format!("**{heading}:** all"),
            (false, true) => format!("**{heading}:** only {}", named(&on)),
            (true, false) => format!("**{heading}:** all but {}", named(&off)),
            (false, false) => format!("**{heading}:** only {}; never {}", named(&on), named(&off)),
        });
    }
    lines
        .push(format!("\nThat leaves **{} of {}** questions, for /question, /mock and drops.", topics.pool, topics.of));
    Card::embed(CreateEmbed::new().title(title).description(clip(&lines.join("\n"), 4_096)).colour(ACCENT))
}

fn name(rule: &TopicRule, taxonomy: &Taxonomy) -> String {
    let name = taxonomy.name_of(rule.slug.as_str());
    if rule.weight > 1 { format!("{name} (×{})", rule.weight) } else { name.to_owned() }
}

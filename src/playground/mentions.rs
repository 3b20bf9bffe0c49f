//! Who a message pings: the mentions in its text, filtered by `allowed_mentions` and by what the author may ping.
//! Pure; which roles and users exist is handed in.

use serde_json::Value;

use super::snowflake::Snowflake;

/// Who is pinged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mentions {
    pub(crate) users: Vec<Snowflake>,
    pub(crate) roles: Vec<Snowflake>,
    pub(crate) everyone: bool,
}

/// The mentions written in `content`, outside code, each once and in order.
pub(crate) fn written(content: &str) -> Mentions {
    let mut found = Mentions::default();
    for text in outside_code(content) {
        found.everyone |= text.contains("@everyone") || text.contains("@here");
        for piece in text.split("<@").skip(1) {
            let Some((inner, _)) = piece.split_once('>') else { continue };
            let (list, digits) = match inner.strip_prefix('&') {
                Some(role) => (&mut found.roles, role),
                None => (&mut found.users, inner.strip_prefix('!').unwrap_or(inner)),
            };
            if let Ok(id) = digits.parse::<Snowflake>()
                && !list.contains(&id)
            {
                list.push(id);
            }
        }
    }
    found
}

/// The parts of a text that are not in backticks; an unclosed backtick is text.
fn outside_code(content: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = content;
    while let Some(start) = rest.find('`') {
        let fence = if rest[start..].starts_with("```") { "```" } else { "`" };
        let after = start + fence.len();
        let Some(length) = rest[after..].find(fence) else { break };
        parts.push(&rest[..start]);
        rest = &rest[after + length + fence.len()..];
    }
    parts.push(rest);
    parts
}

/// The mentions of `written` that `allowed_mentions` lets through; absent means all.
///
/// `replied_to` is pinged unless `allowed_mentions` is present and does not say `replied_user`.
pub(crate) fn allowed(written: Mentions, allowed: &Value, replied_to: Option<Snowflake>) -> Mentions {
    let mut pinged = written;
    let rules = allowed.is_object();
    if rules {
        pinged.everyone &= parses(allowed, "everyone");
        keep(&mut pinged.users, allowed, "users");
        keep(&mut pinged.roles, allowed, "roles");
    }
    if let Some(author) = replied_to
        && (!rules || allowed["replied_user"] == true)
        && !pinged.users.contains(&author)
    {
        pinged.users.push(author);
    }
    pinged
}

fn parses(allowed: &Value, what: &str) -> bool {
    allowed["parse"].as_array().is_some_and(|parse| parse.iter().any(|kind| kind == what))
}

fn keep(list: &mut Vec<Snowflake>, allowed: &Value, what: &str) {
    if parses(allowed, what) {
        return;
    }
    let named: Vec<Snowflake> =
        allowed[what].as_array().map(|ids| ids.iter().filter_map(Snowflake::from_json).collect()).unwrap_or_default();
    list.retain(|id| named.contains(id));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ANA: Snowflake = Snowflake(7);
    const ROLE: Snowflake = Snowflake(9);

    #[test]
    fn users_roles_and_everyone_are_found_once_each() {
        let found = written("<@7> <@!7> <@&9> @here مرحبا <@x> <@");
        assert_eq!(found, Mentions { users: vec![ANA], roles: vec![ROLE], everyone: true });
    }

    #[test]
    fn code_pings_nobody_but_an_unclosed_backtick_is_no_code() {
        assert_eq!(written("`<@7>` ```\n@everyone\n```"), Mentions::default());
        assert_eq!(written("5` <@7>").users, [ANA]);
    }

    #[test]
    fn without_allowed_mentions_everything_pings_and_with_an_empty_one_nothing_does() {
        let all = written("<@7> <@&9> @everyone");
        assert_eq!(allowed(all.clone(), &Value::Null, None), all);
        assert_eq!(allowed(all, &json!({ "parse": [] }), Some(ANA)), Mentions::default());
    }

    #[test]
    fn allowed_ids_ping_and_others_do_not() {
        let two = written("<@7> <@8> <@&9>");
        let pinged = allowed(two, &json!({ "users": ["7"], "parse": ["roles"] }), None);
        assert_eq!(pinged, Mentions { users: vec![ANA], roles: vec![ROLE], everyone: false });
    }

    #[test]
    fn a_reply_pings_its_author_unless_allowed_mentions_leaves_it_out() {
        assert_eq!(allowed(Mentions::default(), &Value::Null, Some(ANA)).users, [ANA]);
        assert_eq!(allowed(Mentions::default(), &json!({ "replied_user": true }), Some(ANA)).users, [ANA]);
        assert!(allowed(Mentions::default(), &json!({ "parse": ["users"] }), Some(ANA)).users.is_empty());
    }
}

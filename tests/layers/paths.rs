//! Finds every path (`a::b::c`) in Rust source, with `use` trees spread out and `super` resolved.
//!
//! A scanner, not a parser: macros are not expanded and renames are not followed. Enough to see who names whom.

/// A path and where it stands.
pub(super) struct Found {
    /// Counted from 1.
    pub(super) line: usize,
    pub(super) target: Target,
}

/// What a path names.
pub(super) enum Target {
    /// Something in this crate, from its root. Empty: the root itself.
    Ours(Vec<String>),
    /// Another crate's, or a name that is local to the file. Never empty.
    Elsewhere(Vec<String>),
}

/// Every path in `source`, which is the module `module`.
pub(super) fn in_source(source: &str, module: &[String]) -> Vec<Found> {
    let tokens = tokens(source);
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    // One entry for each open brace: the inline module it opens, if it does.
    let mut braces: Vec<Option<String>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).map_or("", text);
        let starts_tree = before == "use" && matches!(text(at), "{" | "::");
        if starts_tree || (is_name(text(at)) && !matches!(before, "." | "'") && !continues(&tokens, at)) {
            let here: Vec<String> = module.iter().chain(braces.iter().flatten()).cloned().collect();
            let mut spread = Vec::new();
            let line = tokens[at].line;
            at = spread_tree(&tokens, at, &[], &mut spread);
            found.extend(spread.iter().filter_map(|path| resolve(path, &here)).map(|target| Found { line, target }));
            continue;
        }
        match text(at) {
            "{" => braces.push((at >= 2 && text(at - 2) == "mod").then(|| before.to_owned())),
            "}" => drop(braces.pop()),
            _ => {}
        }
        at += 1;
    }
    found
}

/// Whether the name at `at` goes on a path that began before it, as in `<T as A>::name`.
fn continues(tokens: &[Token], at: usize) -> bool {
    let text = |back: usize| at.checked_sub(back).map_or("", |at| tokens[at].text.as_str());
    text(1) == "::" && !tokens[at - 1].spaced && (is_name(text(2)) || text(2) == ">")
}

/// Spreads the path or `use` tree at `at` into whole paths and returns the place after it.
fn spread_tree(tokens: &[Token], mut at: usize, prefix: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut path = prefix.to_vec();
    loop {
        match text(at) {
            "::" => at += 1,
            "{" => {
                at += 1;
                while !matches!(text(at), "}" | "") {
                    at = spread_tree(tokens, at, &path, out);
                    while !matches!(text(at), "," | "}" | "") {
                        // `as name`
                        at += 1;
                    }
                    at += usize::from(text(at) == ",");
                }
                return at + 1;
            }
            name if is_name(name) || name == "*" => {
                path.push(name.to_owned());
                at += 1;
                let joined = text(at) == "::" && !tokens[at].spaced;
                let goes_on = joined && (is_name(text(at + 1)) || matches!(text(at + 1), "{" | "*"));
                if !goes_on {
                    out.push(path);
                    return at;
                }
            }
            _ => return at + 1,
        }
    }
}

/// What `path` names when it is written in module `here`; `None` for a lone word, which names nothing outside.
fn resolve(path: &[String], here: &[String]) -> Option<Target> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    match path.first()?.as_str() {
        "crate" | "coach" if path.len() > 1 => Some(Target::Ours(path[1..].to_vec())),
        "super" => {
            let kept = here.len().saturating_sub(supers);
            Some(Target::Ours(here[..kept].iter().chain(&path[supers..]).cloned().collect()))
        }
        "self" => None,
        _ => (path.len() > 1).then(|| Target::Elsewhere(path.to_vec())),
    }
}

struct Token {
    line: usize,
    text: String,
    /// Whether white space stands before it. `use ::a` begins a path where `use::a` would go on with one.
    spaced: bool,
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Splits source into names, `::`, arrows and single characters; comments, literals and white space are left out.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (source, 1);
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest));
        let length = skipped.unwrap_or_else(|| match first {
            ':' | '-' | '=' if ["::", "->", "=>"].iter().any(|pair| rest.starts_with(pair)) => 2,
            _ if is_name(rest) => rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()),
            _ => first.len_utf8(),
        });
        if skipped.is_none() && !first.is_whitespace() {
            let spaced = source[..source.len() - rest.len()].ends_with(char::is_whitespace);
            tokens.push(Token { line, text: rest[..length].to_owned(), spaced });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    tokens
}

/// The length of the comment that `text` begins with, if it does.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    let mut depth = usize::from(text.starts_with("/*"));
    let mut at = 2;
    while depth > 0 && at < text.len() {
        match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.starts_with("/*").then_some(at)
}

/// The length of the string or character literal that `text` begins with, if it does.
fn literal(text: &str) -> Option<usize> {
    let raw = text.trim_start_matches(['b', 'c']).strip_prefix('r').map(|rest| (rest, rest.trim_start_matches('#')));
    if let Some((rest, quoted)) = raw.filter(|(_, quoted)| quoted.starts_with('"')) {
        let close = format!("\"{}", "#".repeat(rest.len() - quoted.len()));
        let body = text.len() - quoted.len() + 1;
        return Some(text[body..].find(&close).map_or(text.len(), |end| body + end + close.len()));
    }
    let body = ["\"", "b\"", "c\""].into_iter().find(|quote| text.starts_with(quote)).map(str::len);
    match body {
        Some(start) => Some(quoted_end(text, start, b'"')),
        // A lifetime has no closing quote where a character would have it.
        None if text.starts_with("'\\") => Some(quoted_end(text, 1, b'\'')),
        None => {
            let mut characters = text.strip_prefix('\'')?.char_indices();
            characters.next()?;
            characters.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 2)
        }
    }
}

/// The place after the next `quote` from `at` that no backslash escapes.
fn quoted_end(text: &str, mut at: usize, quote: u8) -> usize {
    let bytes = text.as_bytes();
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

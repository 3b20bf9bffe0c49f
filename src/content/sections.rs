//! The Markdown body of a question: seven fixed sections, in order.

use super::faults::Faults;

/// The sections, in the order in which they must come.
pub(super) const HEADINGS: [&str; 7] =
    ["Question", "Why they ask", "Approach", "Strong answer", "Weak answer", "Follow-ups", "By level"];

/// One section's text without surrounding blank lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Section {
    /// The line of its heading.
    pub line: usize,
    /// The line of its first text.
    pub text_line: usize,
    pub text: String,
}

impl Section {
    /// The section's lines that are not blank, each with its number.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.text.lines().enumerate().map(|(at, line)| (self.text_line + at, line));
        numbered.filter(|(_, line)| !line.trim().is_empty())
    }
}

/// Cuts a body into its sections, in the order of [`HEADINGS`]. Missing ones are empty and reported.
pub(super) fn split(file: &str, body: &str, first_line: usize, faults: &mut Faults) -> [Section; 7] {
    let mut found: [Option<Section>; 7] = Default::default();
    let mut current: Option<usize> = None;
    let mut latest = 0;
    let mut fence: Option<usize> = None;
    for (line, text) in (first_line..).zip(body.lines()) {
        if text.trim_start().starts_with("```") {
            fence = if fence.is_some() { None } else { Some(line) };
        }
        match text.strip_prefix("## ").filter(|_| fence.is_none()) {
            Some(heading) => {
                current = open(file, line, heading.trim(), &mut latest, &mut found, faults);
                if current.is_none() {
                    // Its text belongs nowhere; one fault is enough for all of it.
                    current = Some(HEADINGS.len());
                }
            }
            None => match current {
                Some(at) => {
                    if let Some(Some(section)) = found.get_mut(at) {
                        push_line(section, line, text);
                    }
                }
                None if text.trim().is_empty() => {}
                None => {
                    faults.add(file, line, "text before the first section", "put it under `## Question`");
                    current = Some(HEADINGS.len());
                }
            },
        }
    }
    if let Some(line) = fence {
        faults.add(file, line, "a code block is never closed", "end it with a line of ```");
    }
    let mut at = 0;
    found.map(|section| {
        let heading = HEADINGS[at];
        at += 1;
        finish(file, heading, section, faults)
    })
}

/// Starts a section; `None` when the heading is unknown or was there before.
fn open(
    file: &str,
    line: usize,
    heading: &str,
    latest: &mut usize,
    found: &mut [Option<Section>; 7],
    faults: &mut Faults,
) -> Option<usize> {
    let Some(at) = HEADINGS.iter().position(|known| *known == heading) else {
        let remedy = match super::vocabulary::nearest(heading, HEADINGS.into_iter()) {
            Some(near) => format!("did you mean `## {near}`?"),
            None => format!("use `###` inside a section; the sections are {}", HEADINGS.join(", ")),
        };
        faults.add(file, line, format!("unknown section `## {heading}`"), remedy);
        return None;
    };
    if let Some(first) = &found[at] {
        let what = format!("a second `## {heading}`; the first is on line {}", first.line);
        faults.add(file, line, what, "merge the two");
        return None;
    }
    if at < *latest {
        let what = format!("`## {heading}` comes too late");
        faults.add(file, line, what, format!("the order is {}", HEADINGS.join(", ")));
    }
    *latest = at.max(*latest);
    found[at] = Some(Section { line, ..Section::default() });
    Some(at)
}

fn push_line(section: &mut Section, line: usize, text: &str) {
    if section.text.is_empty() {
        if text.trim().is_empty() {
            return;
        }
        section.text_line = line;
    } else {
        section.text.push('\n');
    }
    section.text.push_str(text);
}

fn finish(file: &str, heading: &str, section: Option<Section>, faults: &mut Faults) -> Section {
    match section {
        Some(mut section) => {
            section.text.truncate(section.text.trim_end().len());
            if section.text.is_empty() {
                faults.add(file, section.line, format!("`## {heading}` is empty"), "write it");
            }
            section
        }
        None => {
            let remedy = format!("add it; the sections are {}", HEADINGS.join(", "));
            faults.add(file, 0, format!("`## {heading}` is missing"), remedy);
            Section::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body() -> String {
        HEADINGS.map(|h| format!("## {h}\n\nText of {h}.\n")).join("\n")
    }

    fn faults_of(body: &str) -> String {
        let mut faults = Faults::default();
        split("q.md", body, 10, &mut faults);
        faults.to_string()
    }

    #[test]
    fn sections_know_their_lines() {
        let sections = split("q.md", &body(), 10, &mut Faults::default());
        assert_eq!((sections[1].line, sections[1].text_line), (14, 16));
        assert_eq!(sections[1].text, "Text of Why they ask.");
    }

    #[test]
    fn a_heading_inside_a_code_block_is_text() {
        let body = body().replace("Text of Approach.", "```\n## Not a heading\n```");
        assert!(faults_of(&body).contains("\n0 faults"));
    }

    #[test]
    fn missing_doubled_misordered_unknown_and_empty_sections_are_each_reported() {
        let all = body();
        assert!(faults_of(&all.replace("## Approach\n", "## Aproach\n")).contains("did you mean `## Approach`?"));
        assert!(faults_of(&all.replace("## Approach\n", "## Question\n")).contains("q.md:18: a second `## Question`"));
        assert!(faults_of(&all.replace("Text of Approach.", "")).contains("`## Approach` is empty"));
        assert!(
            faults_of(&format!("## By level\n\nx\n\n{}", all.replace("## By level", "### x"))).contains("too late")
        );
        assert!(faults_of(&format!("hello\n{all}")).contains("q.md:10: text before the first section"));
        assert!(faults_of(&all.replace("Text of Approach.", "```\nforgotten")).contains("never closed"));
        assert_eq!(faults_of("").matches("is missing").count(), 7);
    }
}

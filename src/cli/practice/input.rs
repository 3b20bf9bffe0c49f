//! Lines from whoever practises: edited at a terminal, plain from a pipe.
//!
//! Left out on purpose: what a line means.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Editor, Helper};

/// The longest line taken from a pipe, in bytes. Far longer than any answer; a program that never ends a line must not
/// fill the memory.
const LINE_BYTES: u64 = 1 << 20;

/// The width that text is wrapped to where nobody can say how wide the output is, in columns.
const UNKNOWN_WIDTH: usize = 80;

/// Where lines come from.
pub(super) enum Lines {
    /// A person at a terminal.
    Terminal(Box<Editor<Ending, DefaultHistory>>),
    /// A pipe or a file.
    Pipe,
}

/// When what is typed is complete. An answer of several lines is one read and not one a line: what is typed ahead, or
/// sent by a program, would be lost between two reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With the line.
    Line,
    /// With an empty line, or a line that is a command.
    EmptyLine,
}

impl Validator for Ending {
    fn validate(&self, typed: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let last = typed.input().rsplit('\n').next().unwrap_or_default().trim();
        let complete = *self == Self::Line || last.is_empty() || last.starts_with('/');
        Ok(if complete { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Completer for Ending {
    type Candidate = String;
}

impl Hinter for Ending {
    type Hint = String;
}

impl Highlighter for Ending {}

impl Helper for Ending {}

/// What came instead of a line, or the line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// A line without its end; from a terminal several, the last of them empty when that ended them.
    Line(String),
    /// Ctrl-D, or the end of the pipe.
    End,
    /// Ctrl-C.
    Interrupted,
}

impl Lines {
    /// Standard input, whatever it is.
    pub(super) fn from_stdin() -> anyhow::Result<Self> {
        if io::stdin().is_terminal() { Ok(Self::Terminal(Box::new(Editor::new()?))) } else { Ok(Self::Pipe) }
    }

    /// How many columns the output has.
    pub(super) fn columns(&mut self) -> usize {
        match self {
            Self::Terminal(editor) => editor.dimensions().map_or(UNKNOWN_WIDTH, |(columns, _)| usize::from(columns)),
            Self::Pipe => UNKNOWN_WIDTH,
        }
    }

    /// The next line, or the next lines up to their `ending`; a person is shown `prompt` first. A pipe gives line by line.
    pub(super) fn next(&mut self, prompt: &str, ending: Ending) -> anyhow::Result<Input> {
        if let Self::Terminal(editor) = self {
            editor.set_helper(Some(ending));
        }
        match self {
            Self::Terminal(editor) => match editor.readline(prompt) {
                Ok(line) => {
                    // So that an arrow brings back what was typed, to be mended and sent again.
                    if !line.trim().is_empty() {
                        editor.add_history_entry(line.as_str())?;
                    }
                    Ok(Input::Line(line))
                }
                Err(ReadlineError::Eof) => Ok(Input::End),
                Err(ReadlineError::Interrupted) => Ok(Input::Interrupted),
                Err(error) => Err(error.into()),
            },
            Self::Pipe => Ok(piped(&mut io::stdin().lock())?),
        }
    }
}

/// One line of a pipe. What is not UTF-8 is made so: an answer with one odd byte is still an answer.
fn piped(from: &mut impl io::BufRead) -> io::Result<Input> {
    let mut bytes = Vec::new();
    if from.take(LINE_BYTES).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(Input::End);
    }
    let line = String::from_utf8_lossy(&bytes);
    Ok(Input::Line(line.trim_end_matches(['\n', '\r']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(mut bytes: &[u8]) -> Vec<Input> {
        std::iter::repeat_with(|| piped(&mut bytes).unwrap()).take_while(|input| *input != Input::End).collect()
    }

    fn line(text: &str) -> Input {
        Input::Line(text.to_owned())
    }

    #[test]
    fn a_pipe_is_read_line_by_line_whatever_ends_a_line() {
        assert_eq!(lines(b"one\r\ntwo\n\n  three"), [line("one"), line("two"), line(""), line("  three")]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_not_refused() {
        assert_eq!(lines(b"caf\xe9\nok"), [line("caf\u{fffd}"), line("ok")]);
    }

    #[test]
    fn a_line_without_end_is_cut_and_not_kept_in_memory() {
        let endless = vec![b'a'; (LINE_BYTES + 5) as usize];
        let read = lines(&endless);
        assert_eq!(read.len(), 2);
        assert_eq!(read[1], line("aaaaa"));
    }
}

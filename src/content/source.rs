//! Where content comes from: the binary itself, or a directory. Only reading; what the bytes mean is not known here.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::faults::Faults;
use super::limits;

/// The vocabulary's file.
pub(super) const TAXONOMY: &str = "taxonomy.toml";
/// The folder of questions.
pub(super) const QUESTIONS: &str = "questions";

/// What there is to read beside the questions.
const HANDBOOK: [(&str, &str); 3] = [("guides", ".md"), ("plans", ".toml"), ("checklists", ".toml")];
/// The notes on the skills.
pub(super) const SKILLS: &str = "skills.toml";

/// How deep directories are searched: `questions/<category>/<file>`, and one more to notice what lies too deep.
const DEPTH: usize = 3;

/// Where content comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The binary: embedded in release builds, read from the repository in debug builds.
    Embedded,
    /// A directory laid out like `content/`. Without a `taxonomy.toml` of its own it uses the embedded one.
    Directory(PathBuf),
}

#[derive(rust_embed::Embed)]
#[folder = "content/"]
struct Embedded;

/// A file's bytes and its path relative to the content directory, with forward slashes.
#[derive(Debug)]
pub(super) struct File {
    pub path: String,
    pub bytes: Cow<'static, [u8]>,
}

impl Source {
    /// The taxonomy and every question file in order of path. What cannot be read is a fault.
    pub(super) fn read(&self, faults: &mut Faults) -> (Option<File>, Vec<File>) {
        match self {
            Self::Embedded => {
                let mut paths: Vec<_> = Embedded::iter().filter(|p| is_question_file(p)).collect();
                paths.sort();
                (embedded(TAXONOMY, faults), paths.iter().filter_map(|path| embedded(path, faults)).collect())
            }
            Self::Directory(root) => {
                let taxonomy = if root.join(TAXONOMY).exists() {
                    from_disk(root, TAXONOMY, faults)
                } else {
                    embedded(TAXONOMY, faults)
                };
                let mut paths = Vec::new();
                walk(root, QUESTIONS, DEPTH, is_question_file, &mut paths, faults);
                paths.sort();
                (taxonomy, paths.iter().filter_map(|path| from_disk(root, path, faults)).collect())
            }
        }
    }
}

impl Source {
    /// The files of the handbook in order of path, and whether they belong to this source. A directory without any of
    /// them uses the embedded ones, which know nothing of its questions.
    pub(super) fn read_handbook(&self, faults: &mut Faults) -> (Vec<File>, bool) {
        if let Self::Directory(root) = self {
            let mut paths = Vec::new();
            for (folder, _) in HANDBOOK.iter().filter(|(folder, _)| root.join(folder).is_dir()) {
                walk(root, folder, 1, is_handbook_file, &mut paths, faults);
            }
            if root.join(SKILLS).exists() {
                paths.push(SKILLS.to_owned());
            }
            if !paths.is_empty() {
                paths.sort();
                return (paths.iter().filter_map(|path| from_disk(root, path, faults)).collect(), true);
            }
        }
        let mut paths: Vec<_> = Embedded::iter().filter(|p| is_handbook_file(p)).collect();
        paths.sort();
        let files = paths.iter().filter_map(|path| embedded(path, faults)).collect();
        (files, matches!(self, Self::Embedded))
    }
}

fn is_handbook_file(path: &str) -> bool {
    let in_folder = |(folder, suffix): &(&str, &str)| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/') && !rest.starts_with("/.") && rest.ends_with(suffix))
    };
    path == SKILLS || HANDBOOK.iter().any(in_folder)
}

fn is_question_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("questions/") && name.ends_with(".md") && !name.starts_with('.')
}

fn embedded(path: &str, faults: &mut Faults) -> Option<File> {
    match Embedded::get(path) {
        Some(file) if file.data.len() > limits::FILE_BYTES => {
            too_large(path, file.data.len() as u64, faults);
            None
        }
        Some(file) => Some(File { path: path.to_owned(), bytes: file.data }),
        None => {
            faults.add(path, 0, "the file is not in this build", "rebuild from a complete checkout");
            None
        }
    }
}

/// Reads one file, having looked at its size first.
fn from_disk(root: &Path, path: &str, faults: &mut Faults) -> Option<File> {
    let full = root.join(path);
    match fs::metadata(&full) {
        Ok(meta) if !meta.is_file() => {
            faults.add(path, 0, "this is not a regular file", "replace it with one, or remove it");
            None
        }
        Ok(meta) if meta.len() > limits::FILE_BYTES as u64 => {
            too_large(path, meta.len(), faults);
            None
        }
        Ok(_) => match fs::read(&full) {
            Ok(bytes) => Some(File { path: path.to_owned(), bytes: bytes.into() }),
            Err(error) => {
                unreadable(path, &error, faults);
                None
            }
        },
        Err(error) => {
            unreadable(path, &error, faults);
            None
        }
    }
}

/// Collects the files below `folder` that are `wanted`.
fn walk(
    root: &Path,
    folder: &str,
    depth: usize,
    wanted: fn(&str) -> bool,
    paths: &mut Vec<String>,
    faults: &mut Faults,
) {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) => return unreadable(folder, &error, faults),
    };
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                unreadable(folder, &error, faults);
                continue;
            }
        };
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if fs::metadata(entry.path()).is_ok_and(|meta| meta.is_dir()) {
            if depth > 1 && !entry.file_name().to_string_lossy().starts_with('.') {
                walk(root, &path, depth - 1, wanted, paths, faults);
            }
        } else if wanted(&path) {
            paths.push(path);
        }
    }
}

fn too_large(path: &str, bytes: u64, faults: &mut Faults) {
    let what = format!("the file has {bytes} bytes; the limit is {}", limits::FILE_BYTES);
    faults.add(path, 0, what, "keep one question to a file, without pictures or logs");
}

fn unreadable(path: &str, error: &io::Error, faults: &mut Faults) {
    faults.add(path, 0, format!("cannot be read: {error}"), "check that it exists and that this user may read it");
}

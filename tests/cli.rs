//! The program at the terminal: its help, its refusals and its exit codes.

use std::process::{Command, Output};

/// Runs `coach` in an empty directory with no environment but `variables`.
fn coach(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let empty = tempfile::tempdir().unwrap();
    coach_in(empty.path(), arguments, variables)
}

fn coach_in(directory: &std::path::Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_coach"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_explains_each_command_in_one_line() {
    let output = coach(&["--help"], &[]);
    assert!(output.status.success());
    insta::assert_snapshot!(text(&output.stdout));
}

#[test]
fn a_command_that_does_not_exist_exits_2() {
    for arguments in [&["practise"][..], &[], &["check", "--colour"]] {
        let output = coach(arguments, &[]);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("Usage: coach"), "{arguments:?}");
    }
}

#[test]
fn bad_settings_stop_every_command_with_all_faults_a_hint_and_exit_code_2() {
    let output = coach(&["check"], &[("COACH_LLM__TIMEOUT_MS", "soon"), ("COACH_HTTP__LISTEN", "here")]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    insta::assert_snapshot!(text(&output.stderr));
}

#[test]
fn coach_toml_is_read_from_the_working_directory_and_another_file_only_when_named() {
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("coach.toml"), "[http]\nlisten = \"127.0.0.1:9101\"\n").unwrap();
    std::fs::write(here.path().join("other.toml"), "[http]\nlisten = \"127.0.0.1:9102\"\n").unwrap();
    let settings_line = |arguments: &[&str]| {
        let output = coach_in(here.path(), arguments, &[]);
        text(&output.stdout).lines().next().map(str::to_owned).unwrap_or_default()
    };
    assert!(settings_line(&["check"]).ends_with("127.0.0.1:9101"));
    assert!(settings_line(&["--config", "other.toml", "check"]).ends_with("127.0.0.1:9102"));
    assert!(settings_line(&["check", "--config", "other.toml"]).ends_with("127.0.0.1:9102"));
    assert_eq!(coach_in(here.path(), &["check", "--config", "missing.toml"], &[]).status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_no_reason_to_fail() {
    use std::os::unix::ffi::OsStrExt as _;
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_coach"))
        .args(["check"])
        .current_dir(empty.path())
        .env_clear()
        .env("SOME_OTHER_PROGRAM", std::ffi::OsStr::from_bytes(b"\xff\xfe"))
        .output()
        .unwrap();
    assert!(text(&output.stdout).starts_with("ok    settings"), "{}", text(&output.stderr));
}

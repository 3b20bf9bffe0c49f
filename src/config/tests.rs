//! Settings as an operator meets them: layers, refusals, and what a refusal must not show.

use std::io::Write as _;
use std::path::Path;

use secrecy::ExposeSecret as _;

use super::keys::{DefaultValue, KEYS};
use super::{LogFormat, Settings, SettingsErrors};

const EXAMPLE: &str = include_str!("../../coach.example.toml");

fn with_env(variables: &[(&str, &str)]) -> Result<Settings, SettingsErrors> {
    Settings::from_layers(None, pairs(variables))
}

fn with_file(toml: &[u8], variables: &[(&str, &str)]) -> Result<Settings, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(toml).unwrap();
    let path = file.path().display().to_string();
    Settings::from_layers(Some(file.path()), pairs(variables)).map_err(|e| e.to_string().replace(&path, "coach.toml"))
}

fn pairs(variables: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into_iter()
}

fn refusal(variables: &[(&str, &str)]) -> String {
    with_env(variables).unwrap_err().to_string()
}

#[test]
fn with_nothing_set_the_bot_runs_on_sqlite_without_a_model() {
    let settings = with_env(&[]).unwrap();
    assert_eq!(settings.database.url, "sqlite://coach.db");
    assert!(!settings.llm.enabled);
    assert!(settings.http.listen.is_none() && settings.discord.api_url.is_none());
    assert_eq!((settings.drops.catch_up_minutes, settings.drops.requests_per_second), (360, 40));
    assert_eq!(settings.log.format, LogFormat::Text);
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = b"[llm]\nmodel = \"from-file\"\ntimeout_ms = 1000\n[drops]\ncatch_up_minutes = 5\n";
    let settings = with_file(file, &[("COACH_LLM__TIMEOUT_MS", "2000")]).unwrap();
    assert_eq!(settings.llm.model, "from-file");
    assert_eq!(settings.llm.timeout_ms, 2000);
    assert_eq!(settings.drops.catch_up_minutes, 5);
    assert_eq!(settings.drops.requests_per_second, 40);
}

#[test]
fn the_well_known_variables_mean_what_people_expect() {
    let settings = with_env(&[
        ("DISCORD_TOKEN", " a.b.c\n"),
        ("DATABASE_URL", "sqlite:///var/lib/coach.db"),
        ("OPENAI_API_KEY", "sk-1"),
        ("OPENAI_BASE_URL", "http://[::1]:11434/v1/"),
        ("RUST_LOG", "warn,coach=debug"),
    ])
    .unwrap();
    assert_eq!(settings.token().unwrap().expose_secret(), "a.b.c");
    assert_eq!(settings.database.url, "sqlite:///var/lib/coach.db");
    assert_eq!(settings.llm.api_key.unwrap().expose_secret(), "sk-1");
    assert_eq!(settings.llm.base_url, "http://[::1]:11434/v1");
    assert_eq!(settings.log.filter.as_deref(), Some("warn,coach=debug"));
}

#[test]
fn our_own_variable_wins_over_the_well_known_one() {
    let settings =
        with_env(&[("COACH_DATABASE__URL", "sqlite://ours"), ("DATABASE_URL", "postgres://theirs")]).unwrap();
    assert_eq!(settings.database.url, "sqlite://ours");
}

#[test]
fn every_setting_has_a_variable_of_its_own() {
    let settings = with_env(&[
        ("COACH_DISCORD__API_URL", "http://127.0.0.1:8177/"),
        ("COACH_DISCORD__MESSAGE_CONTENT", "true"),
        ("COACH_HTTP__LISTEN", "127.0.0.1:9090"),
        ("COACH_CONTENT__DIR", "src"),
        ("COACH_PROMPTS__DIR", "src"),
        ("COACH_CLOCK__OFFSET_SECONDS", "-86400"),
        ("COACH_LOG__FORMAT", "json"),
    ])
    .unwrap();
    assert_eq!(settings.discord.api_url.as_deref(), Some("http://127.0.0.1:8177"));
    assert!(settings.discord.message_content);
    assert_eq!(settings.http.listen.unwrap().port(), 9090);
    assert_eq!((settings.content.dir, settings.prompts.dir), (Some("src".into()), Some("src".into())));
    assert_eq!(settings.clock.offset_seconds, -86_400);
    assert_eq!(settings.log.format, LogFormat::Json);
    for key in &KEYS {
        let ours = key.variables().last().unwrap();
        assert!(ours.starts_with("COACH_") && ours.matches("__").count() == 1, "{ours}");
    }
}

#[test]
fn a_model_is_used_once_there_is_a_key_or_another_server_unless_switched_off() {
    let enabled = |variables: &[(&str, &str)]| with_env(variables).unwrap().llm.enabled;
    assert!(enabled(&[("OPENAI_API_KEY", "sk-1")]));
    assert!(enabled(&[("OPENAI_BASE_URL", "http://localhost:11434/v1")]));
    assert!(!enabled(&[("OPENAI_BASE_URL", "https://api.openai.com/v1/")]));
    assert!(!enabled(&[("OPENAI_API_KEY", "sk-1"), ("COACH_LLM__ENABLED", "false")]));
    assert!(refusal(&[("COACH_LLM__ENABLED", "true")]).contains("neither a key nor a server"));
}

#[test]
fn an_empty_value_means_unset() {
    let file = b"[discord]\ntoken = \"\"\n[llm]\nmodel = \" \"\n";
    let settings =
        with_file(file, &[("DATABASE_URL", ""), ("COACH_HTTP__LISTEN", " "), ("COACH_NO__SUCH", "")]).unwrap();
    assert!(settings.discord.token.is_none() && settings.http.listen.is_none());
    assert_eq!(settings.database.url, "sqlite://coach.db");
    assert_eq!(settings.llm.model, "gpt-4.1-mini");
}

#[test]
fn every_fault_is_listed_at_once_with_its_place_and_its_remedy() {
    let file = br#"
        top = 1
        log = "debug"
        [llm]
        modle = "x"
        enabled = "perhaps"
        max_output_tokens = 1.5
        [drops]
        requests_per_second = 51
        catch_up_minutes = -1
        [content]
        dir = "no/such/place"
        [prompts]
        dir = 7
        [servers.eu]
        url = "x"
    "#;
    let faults = with_file(
        file,
        &[
            ("COACH_LLM__TIMEOUT_MS", "fast"),
            ("COACH_DISCORD_TOKEN", "abc"),
            ("COACH_HTTP__LISTEN", "9090"),
            ("COACH_DISCORD__API_URL", "http://127.0.0.1:8177/api/v10"),
            ("COACH_CLOCK__OFFSET_SECONDS", "99999999999999999999"),
            ("COACH_LOG__FORMAT", "yaml"),
            ("RUST_LOG", "coach=loud"),
            ("DATABASE_URL", "postgres://coach:hunter2@db/coach"),
            ("OPENAI_BASE_URL", "https://me:hunter2@example.com/v1"),
            ("HOME", "/home/someone"),
        ],
    );
    insta::assert_snapshot!(faults.unwrap_err());
}

#[test]
fn neither_a_refusal_nor_debug_ever_shows_a_secret() {
    let secret = "s3cr3t";
    let refused = [
        refusal(&[("DISCORD_TOKEN", "s3cr3t with spaces"), ("OPENAI_API_KEY", "s3cr3t\u{202e}")]),
        refusal(&[("OPENAI_BASE_URL", "https://u:s3cr3t@host")]),
        refusal(&[("DATABASE_URL", "mysql://u:s3cr3t@host")]),
        refusal(&[("COACH_DISCORD__TOKENS", "s3cr3t")]),
        with_file(b"[discord]\ntoken = \"s3cr3t\n", &[]).unwrap_err(),
        with_file(b"[discord]\ntoken = s3cr3t\n", &[]).unwrap_err(),
        with_file(b"[discord]\ntoken = [\"s3cr3t\"]\n", &[]).unwrap_err(),
    ];
    for text in refused {
        assert!(text.contains("attention") && !text.contains(secret), "{text}");
    }
    let settings = with_env(&[("DISCORD_TOKEN", secret), ("OPENAI_API_KEY", secret)]).unwrap();
    assert!(!format!("{settings:?}").contains(secret));
}

#[test]
fn broken_toml_is_reported_with_its_line() {
    let fault = with_file(b"# fine\n\n[llm\nmodel = 1\n", &[]).unwrap_err();
    assert!(fault.contains("coach.toml is not valid TOML: line 3"), "{fault}");
    let digits = with_file(b"[llm]\ntimeout_ms = 99999999999999999999\n", &[]).unwrap_err();
    assert!(digits.contains("coach.toml holds a number that is too large. Correct it."), "{digits}");
}

#[test]
fn a_file_that_is_missing_or_not_text_is_refused_by_name() {
    let missing = Settings::from_layers(Some(Path::new("no/such.toml")), pairs(&[])).unwrap_err().to_string();
    assert!(missing.contains("no/such.toml cannot be read"), "{missing}");
    assert!(with_file(b"\xff\xfe", &[]).unwrap_err().contains("UTF-8"));
    assert!(Settings::from_layers(Some(Path::new("src")), pairs(&[])).is_err());
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_unusual_text_are_read_as_they_are() {
    let settings = with_file("\u{feff}[llm]\r\nmodel = \"\u{5e9}\u{1f980}\"\r\n".as_bytes(), &[]).unwrap();
    assert_eq!(settings.llm.model, "\u{5e9}\u{1f980}");
    let emoji = with_file("[llm]\n\"\u{1f980}\" = 1\n".as_bytes(), &[]).unwrap_err();
    assert!(emoji.contains("llm.\u{1f980} (from coach.toml) is not a setting. Remove it."), "{emoji}");
}

#[test]
fn a_huge_value_is_cut_and_escaped_where_it_is_shown() {
    let huge = format!("\u{1b}[31m{}", "\u{1f980}".repeat(1_000_000));
    for variable in ["COACH_HTTP__LISTEN", "COACH_LLM__TIMEOUT_MS", "COACH_LLM__ENABLED", "COACH_CONTENT__DIR"] {
        let text = refusal(&[(variable, &huge)]);
        assert!(text.len() < 1_000 && !text.contains('\u{1b}'), "{variable}: {} bytes", text.len());
    }
}

#[test]
fn bounds_are_inclusive() {
    for (variable, low, high) in [
        ("COACH_LLM__TIMEOUT_MS", 100, 120_000),
        ("COACH_LLM__MAX_OUTPUT_TOKENS", 64, 32_768),
        ("COACH_DROPS__CATCH_UP_MINUTES", 0, 10_080),
        ("COACH_DROPS__REQUESTS_PER_SECOND", 1, 50),
        ("COACH_CLOCK__OFFSET_SECONDS", -315_576_000, 315_576_000),
    ] {
        for (value, allowed) in [(low, true), (high, true), (low - 1, false), (high + 1, false)] {
            let outcome = with_env(&[(variable, &value.to_string())]);
            assert_eq!(outcome.is_ok(), allowed, "{variable}={value}: {outcome:?}");
        }
    }
}

#[test]
fn urls_are_http_with_a_host_and_nothing_odd() {
    for bad in ["ftp://host", "http://", "http://:80", "http://host:port", "http://ho st", "http://host/?a", "host:80"]
    {
        assert!(with_env(&[("COACH_DISCORD__API_URL", bad)]).is_err(), "{bad}");
    }
    for good in ["http://host", "https://host:8177", "http://[::1]", "http://[::1]:80//"] {
        assert!(with_env(&[("COACH_DISCORD__API_URL", good)]).is_ok(), "{good}");
    }
    for bad in ["coach.db", "sqlite:", "sqlite://", "/sqlite:x"] {
        assert!(with_env(&[("DATABASE_URL", bad)]).is_err(), "{bad}");
    }
}

#[test]
fn a_missing_token_is_refused_with_where_to_find_one() {
    let refused = with_env(&[]).unwrap().token().unwrap_err().to_string();
    assert!(refused.contains("discord.token is not set. Set DISCORD_TOKEN"), "{refused}");
}

#[test]
fn the_example_file_changes_nothing() {
    let from_example = with_file(EXAMPLE.as_bytes(), &[]).unwrap();
    assert_eq!(format!("{from_example:?}"), format!("{:?}", with_env(&[]).unwrap()));
}

#[test]
fn the_example_file_lists_every_setting_in_order_with_its_default_and_a_comment() {
    let mut section = "";
    let mut listed = Vec::new();
    let mut previous = "";
    for line in EXAMPLE.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((name, value)) = line.split_once(" = ") {
            let key = format!("{section}.{}", name.trim_start_matches("# "));
            assert!(previous.starts_with("# ") && !previous.contains(" = "), "{key} has no comment of its own");
            listed.push((key, (!name.starts_with('#')).then(|| value.to_owned())));
        }
        previous = line;
    }
    let expected = KEYS.iter().map(|key| {
        let default = match key.default {
            DefaultValue::Unset => None,
            DefaultValue::Flag(flag) => Some(flag.to_string()),
            DefaultValue::Whole(number) => Some(number.to_string()),
            DefaultValue::Text(text) => Some(format!("{text:?}")),
        };
        (key.name.to_owned(), default)
    });
    assert_eq!(listed, expected.collect::<Vec<_>>());
}

//! The check of requests against a description does its work, and what serenity sends passes it.
//!
//! With `DISCORD_OPENAPI` set, Discord's description is used as well as the small one written here.

use std::io::{Write, stderr};
use std::sync::Once;
use std::time::{Duration, Instant};

use coach::playground::limits::{
    MessageKind, check_autocomplete, check_commands, check_message, check_modal, check_thread,
};
use serde_json::{Value, json};
use serenity::all::{
    ChannelType, CreateForumPost, CreateInteractionResponse, CreateInteractionResponseFollowup, CreateThread,
    EditInteractionResponse, EditMessage,
};

use crate::support::openapi::OpenApi;
use sent::value;

mod sent;
mod small;

const CALLBACK: &str = "/api/v10/interactions/111/a.token-_/callback";
const MESSAGES: &str = "/api/v10/channels/222/messages";
const COMMANDS: &str = "/api/v10/applications/333/commands";
const THREADS: &str = "/api/v10/channels/222/threads";
const FOLLOW_UPS: &str = "/api/v10/webhooks/333/a.token-_";

/// The descriptions to check against, with their names.
fn descriptions() -> Vec<(&'static str, OpenApi)> {
    let small = ("the small description", OpenApi::new(small::description()).expect("it is usable"));
    match OpenApi::from_env() {
        Some(discord) => vec![small, ("the one in DISCORD_OPENAPI", discord)],
        None => {
            static SAID: Once = Once::new();
            // Straight to standard error: what a passing test prints is not shown.
            SAID.call_once(|| _ = writeln!(stderr(), "DISCORD_OPENAPI is not set: tests use the small description"));
            vec![small]
        }
    }
}

fn small() -> OpenApi {
    OpenApi::new(small::description()).expect("it is usable")
}

#[test]
fn what_serenity_sends_passes() {
    for (name, openapi) in descriptions() {
        for (method, path, body) in sent::requests() {
            assert_eq!(openapi.check(method, &path, body.as_ref()), Ok(()), "{name}: {body:?}");
        }
    }
}

#[test]
fn what_serenity_sends_is_within_discords_limits() {
    let sent = |body: Value, kind| assert_eq!(check_message(&body, kind), Ok(()), "{body}");
    sent(value(sent::message()), MessageKind::Create);
    sent(value(sent::reply()), MessageKind::InteractionReply);
    sent(value(EditMessage::new().content("").components(vec![])), MessageKind::Edit);
    sent(value(EditInteractionResponse::new().embed(sent::embed()).components(sent::rows())), MessageKind::Edit);
    sent(value(CreateInteractionResponseFollowup::new().content("x")), MessageKind::InteractionReply);
    assert_eq!(check_modal(&value(CreateInteractionResponse::Modal(sent::modal()))["data"]), Ok(()));
    assert_eq!(check_autocomplete(&value(sent::choices())), Ok(()));
    assert_eq!(check_commands(&value(sent::commands())), Ok(()));
    assert_eq!(check_thread(&value(CreateThread::new("n").kind(ChannelType::PublicThread))), Ok(()));
    assert_eq!(check_thread(&value(CreateForumPost::new("n", sent::message()))), Ok(()));
}

#[test]
fn broken_bodies_fail_and_say_where() {
    let nothing: Option<Value> = None;
    for (name, openapi) in descriptions() {
        for (method, path, body, place) in [
            ("POST", MESSAGES, Some(json!({ "content": "x".repeat(4_001) })), "`/content`"),
            ("POST", MESSAGES, Some(json!({ "content": 5 })), "`/content`"),
            ("POST", MESSAGES, Some(json!({ "nonce": "x".repeat(26) })), "`/nonce`"),
            (
                "POST",
                MESSAGES,
                Some(json!({ "embeds": [{ "title": "t" }, { "color": 0x100_0000 }] })),
                "`/embeds/1/color`",
            ),
            ("POST", MESSAGES, Some(json!({ "embeds": [{ "timestamp": "yesterday" }] })), "`/embeds/0/timestamp`"),
            ("POST", MESSAGES, Some(json!([])), "``"),
            ("POST", MESSAGES, nothing.clone(), "needs a body"),
            ("POST", CALLBACK, Some(json!({ "type": 4, "data": { "content": [] } })), "`/data/content`"),
            ("POST", CALLBACK, Some(json!({ "type": 99 })), "`/type`"),
            ("POST", CALLBACK, Some(json!({ "type": 9, "data": { "custom_id": "x", "components": [] } })), "`/data`"),
            ("PUT", COMMANDS, Some(json!([{ "name": "ok", "description": "d" }, { "name": "" }])), "`/1/name`"),
            ("PUT", COMMANDS, Some(json!([{ "name": "a", "default_member_permissions": "all" }])), "permissions`"),
            ("POST", THREADS, Some(json!({ "name": "x".repeat(101) })), "`/name`"),
            ("POST", "/api/v10/channels/2/typing", Some(json!({ "typing": true })), "takes no body"),
        ] {
            let error = openapi.check(method, path, body.as_ref()).expect_err(&format!("{name}: {body:?}"));
            assert!(error.starts_with(&format!("{method} {path}: ")), "{name}: {error}");
            assert!(error.contains(place), "{name}: {place} is not in: {error}");
        }
    }
}

#[test]
fn an_unknown_path_method_or_query_parameter_is_named() {
    for (name, openapi) in descriptions() {
        for (method, path, expected) in [
            ("GET", "/api/v10/chanels/2/messages", "GET /api/v10/chanels/2/messages: no such path"),
            ("GET", "/api/v10/channels//messages", "no such path"),
            ("GET", "/", "no such path"),
            ("PUT", "/api/v10/channels/2/messages", "/channels/{channel_id}/messages takes only GET, POST"),
            ("PARAMETERS", "/api/v10/channels/2/messages", "takes only GET, POST"),
            ("GET", "/api/v10/channels/2/messages?limits=5", "unknown query parameter `limits`"),
        ] {
            let error = openapi.check(method, path, None).expect_err(&format!("{name}: {method} {path}"));
            assert!(error.contains(expected), "{name}: {error}");
        }
    }
}

#[test]
fn a_literal_segment_wins_over_a_parameter() {
    let openapi = small();
    let original = format!("{FOLLOW_UPS}/messages/@original");
    assert_eq!(openapi.check("DELETE", &original, None), Ok(()));
    let error = openapi.check("GET", &original, None).expect_err("only the template takes GET");
    assert!(error.contains("/messages/@original takes only DELETE, PATCH"), "{error}");
    assert_eq!(openapi.check("get", &format!("{FOLLOW_UPS}/messages/9"), None), Ok(()));
}

#[test]
fn only_the_alternative_that_was_meant_is_reported() {
    let body = json!({ "type": 4, "data": { "embeds": [{ "title": "x".repeat(257) }] } });
    let odd = json!({ "type": 4, "data": 7 });
    for (name, openapi) in descriptions() {
        let error = openapi.check("POST", CALLBACK, Some(&odd)).expect_err(name);
        assert!(error.contains("at `/data`") && !error.contains("/type"), "{name}: {error}");
        let error = openapi.check("POST", CALLBACK, Some(&body)).expect_err(name);
        assert_eq!(error.matches("at `").count(), 1, "{name}: {error}");
        assert!(error.contains("`/data/embeds/0/title`"), "{name}: {error}");
        assert!(!error.contains("xxx"), "{name}: what people wrote is not repeated: {error}");
    }
}

#[test]
fn at_most_five_faults_are_reported() {
    let body = json!({ "embeds": vec![json!({ "color": -1 }); 9] });
    for (name, openapi) in descriptions() {
        let error = openapi.check("POST", MESSAGES, Some(&body)).expect_err(name);
        assert_eq!(error.matches("at `").count(), 5, "{name}: {error}");
    }
}

#[test]
fn a_form_that_is_only_described_as_multipart_is_checked_without_its_files() {
    let openapi = small();
    let path = "/api/v10/guilds/4/stickers";
    assert_eq!(openapi.check("POST", path, Some(&json!({ "name": "crab" }))), Ok(()));
    let error = openapi.check("POST", path, Some(&json!({}))).expect_err("the name is required");
    assert!(error.contains("\"name\""), "{error}");
}

#[test]
fn a_description_without_paths_or_with_a_dangling_reference_is_refused() {
    assert!(OpenApi::new(json!({ "openapi": "3.1.0" })).is_err());
    let mut dangling = small::description();
    dangling["components"]["schemas"]["Message"] = json!({ "$ref": "#/components/schemas/Nowhere" });
    let openapi = OpenApi::new(dangling).expect("references are followed when needed");
    let error = openapi.check("POST", MESSAGES, Some(&json!({}))).expect_err("it leads nowhere");
    assert!(error.contains("cannot be compiled"), "{error}");
}

#[test]
fn a_thousand_bodies_are_checked_in_a_moment_once_the_schema_is_compiled() {
    let body = value(sent::message());
    for (name, openapi) in descriptions() {
        assert_eq!(openapi.check("POST", MESSAGES, Some(&body)), Ok(()), "{name}");
        let start = Instant::now();
        for _ in 0..1_000 {
            assert_eq!(openapi.check("POST", MESSAGES, Some(&body)), Ok(()), "{name}");
        }
        let took = start.elapsed();
        println!("{name}: 1,000 bodies in {took:?}");
        assert!(took < Duration::from_secs(5), "{name}: 1,000 bodies took {took:?}");
    }
}

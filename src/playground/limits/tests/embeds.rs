//! Each text of an embed, the sum over all, and the fields that are not text.

use serde_json::{Value, json};

use super::{created, edge, faults, text};

fn embed(embed: Value) -> Value {
    json!({ "embeds": [embed] })
}

#[test]
fn embed_texts_and_lists_pass_at_their_edge_and_not_past_it() {
    edge(created, 10, |n| json!({ "embeds": vec![json!({ "title": "t" }); n] }), "embeds BASE_TYPE_MAX_LENGTH");
    edge(created, 256, |n| embed(json!({ "title": text(n) })), "embeds.0.title BASE_TYPE_MAX_LENGTH");
    edge(created, 4_096, |n| embed(json!({ "description": text(n) })), "embeds.0.description BASE_TYPE_MAX_LENGTH");
    let fields = |n| embed(json!({ "fields": vec![json!({ "name": "n", "value": "v" }); n] }));
    edge(created, 25, fields, "embeds.0.fields BASE_TYPE_MAX_LENGTH");
    let name = |n| embed(json!({ "fields": [{ "name": text(n), "value": "v" }] }));
    edge(created, 256, name, "embeds.0.fields.0.name BASE_TYPE_MAX_LENGTH");
    let value = |n| embed(json!({ "fields": [{ "name": "n", "value": text(n) }] }));
    edge(created, 1_024, value, "embeds.0.fields.0.value BASE_TYPE_MAX_LENGTH");
    let footer = |n| embed(json!({ "footer": { "text": text(n) } }));
    edge(created, 2_048, footer, "embeds.0.footer.text BASE_TYPE_MAX_LENGTH");
    let author = |n| embed(json!({ "author": { "name": text(n) } }));
    edge(created, 256, author, "embeds.0.author.name BASE_TYPE_MAX_LENGTH");
    let url = |n: usize| embed(json!({ "title": "t", "url": format!("https://{}", "a".repeat(n - 8)) }));
    edge(created, 2_048, url, "embeds.0.url BASE_TYPE_MAX_LENGTH");
    edge(created, 0xFF_FFFF, |n| embed(json!({ "title": "t", "color": n })), "embeds.0.color NUMBER_TYPE_MAX");
}

#[test]
fn every_text_of_every_embed_counts_towards_six_thousand() {
    let body = |n: usize| {
        json!({ "embeds": [
            { "description": text(4_000), "title": text(100) },
            { "footer": { "text": text(1_000) }, "author": { "name": text(100) } },
            { "fields": [{ "name": text(200), "value": text(500) }, { "name": text(50), "value": text(n) }] },
        ] })
    };
    edge(created, 50, body, "embeds MAX_EMBED_SIZE_EXCEEDED");
}

#[test]
fn space_around_an_embed_text_is_free() {
    let padded = embed(json!({ "title": format!("  {}\r\n", text(256)) }));
    assert_eq!(faults(created(&padded)), [""; 0]);
}

#[test]
fn fields_authors_and_footers_need_their_texts() {
    for blank in [json!(""), json!("  \n"), Value::Null] {
        let field = embed(json!({ "fields": [{ "name": blank, "value": "v" }, { "name": "n", "value": blank }] }));
        let expected = ["embeds.0.fields.0.name BASE_TYPE_REQUIRED", "embeds.0.fields.1.value BASE_TYPE_REQUIRED"];
        assert_eq!(faults(created(&field)), expected, "{blank}");
        let author = embed(json!({ "author": { "name": blank } }));
        assert_eq!(faults(created(&author)), ["embeds.0.author.name BASE_TYPE_REQUIRED"], "{blank}");
        let footer = embed(json!({ "footer": { "text": blank } }));
        assert_eq!(faults(created(&footer)), ["embeds.0.footer.text BASE_TYPE_REQUIRED"], "{blank}");
    }
    let zero_width = embed(json!({ "fields": [{ "name": "\u{200b}", "value": "\u{200b}", "inline": true }] }));
    assert_eq!(faults(created(&zero_width)), [""; 0], "a zero-width space is a character to Discord");
}

#[test]
fn an_embed_shows_something() {
    for hollow in [json!({}), json!({ "color": 3 }), json!({ "url": "https://example.com", "title": null })] {
        assert_eq!(faults(created(&embed(hollow))), ["embeds.0.description BASE_TYPE_REQUIRED"]);
    }
    assert_eq!(faults(created(&embed(Value::Null))), ["embeds.0 BASE_TYPE_REQUIRED"]);
    assert_eq!(faults(created(&embed(json!("title")))), ["embeds.0 MODEL_TYPE_CONVERT"]);
}

#[test]
fn links_and_pictures_have_schemes_that_discord_opens() {
    let page = |url: &str| faults(created(&embed(json!({ "title": "t", "url": url }))));
    assert_eq!(page("https://example.com/a?b=c#d"), [""; 0]);
    assert_eq!(page("HTTP://example.com"), [""; 0]);
    assert_eq!(page("ftp://example.com"), ["embeds.0.url URL_TYPE_INVALID_SCHEME"]);
    assert_eq!(page("attachment://a.png"), ["embeds.0.url URL_TYPE_INVALID_SCHEME"]);
    for malformed in ["", "example.com", "javascript:alert(1)", "https://", "https:///path", "https://a b"] {
        assert_eq!(page(malformed), ["embeds.0.url URL_TYPE_INVALID_URL"], "{malformed}");
    }
    for place in ["image", "thumbnail"] {
        let picture = |url: &str| faults(created(&embed(json!({ place: { "url": url } }))));
        assert_eq!(picture("attachment://heat-map.png"), [""; 0]);
        assert_eq!(picture("file:///etc/passwd"), [format!("embeds.0.{place}.url URL_TYPE_INVALID_SCHEME")]);
        assert_eq!(picture(""), [format!("embeds.0.{place}.url BASE_TYPE_REQUIRED")]);
    }
    let icons = embed(json!({
        "author": { "name": "a", "icon_url": "attachment://a.png", "url": "data://x" },
        "footer": { "text": "f", "icon_url": "data://x" },
    }));
    let expected = ["embeds.0.author.url URL_TYPE_INVALID_SCHEME", "embeds.0.footer.icon_url URL_TYPE_INVALID_SCHEME"];
    assert_eq!(faults(created(&icons)), expected);
}

#[test]
fn a_timestamp_is_iso_8601() {
    for good in ["2026-03-29T02:30:00Z", "2026-03-29T02:30:00.123+02:00", "2026-03-29T02:30:00"] {
        assert_eq!(faults(created(&embed(json!({ "title": "t", "timestamp": good })))), [""; 0], "{good}");
    }
    for bad in ["", "yesterday", "1700000000", "2026-02-30T00:00:00Z"] {
        let body = embed(json!({ "title": "t", "timestamp": bad }));
        assert_eq!(faults(created(&body)), ["embeds.0.timestamp DATE_TIME_TYPE_PARSE"], "{bad}");
    }
}

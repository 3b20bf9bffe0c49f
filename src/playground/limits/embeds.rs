//! Embeds: each text's limit, and the limit over all texts of all embeds of a message.
//!
//! Discord trims embed texts before it counts them, so white space around a text is free and a text of nothing
//! else is missing. Pictures are not fetched.

use std::ops::RangeInclusive;

use jiff::{Timestamp, civil::DateTime};

use super::form::Field;

/// The most code points that all embeds of one message may hold together.
const TOTAL: usize = 6_000;
const PAGE: [&str; 2] = ["http", "https"];
const PICTURE: [&str; 3] = ["http", "https", "attachment"];

/// Records what is wrong with a message's list of embeds.
pub(super) fn check(embeds: &Field) {
    let total: usize = embeds.items(0..=10).iter().map(check_one).sum();
    if total > TOTAL {
        embeds.fault("MAX_EMBED_SIZE_EXCEEDED", format!("Embed size exceeds maximum size of {TOTAL}"));
    }
}

/// Returns the number of code points that count towards [`TOTAL`].
fn check_one(embed: &Field) -> usize {
    if !embed.is_object() {
        return 0;
    }
    let shown = ["title", "description", "fields", "author", "footer", "image", "thumbnail"];
    if !shown.iter().any(|key| embed.get(key).is_present()) {
        embed.get("description").required();
    }
    embed.get("url").url(2_048, &PAGE);
    embed.get("color").integer(0..=0xFF_FFFF);
    check_timestamp(&embed.get("timestamp"));
    for key in ["image", "thumbnail"] {
        let picture = embed.get(key);
        if picture.object().is_some() {
            picture.get("url").required().url(2_048, &PICTURE);
        }
    }
    let fields: usize = embed.get("fields").items(0..=25).iter().map(check_field).sum();
    optional(&embed.get("title"), 0..=256)
        + optional(&embed.get("description"), 0..=4_096)
        + fields
        + signed(&embed.get("footer"), "text", 0..=2_048)
        + signed(&embed.get("author"), "name", 0..=256)
}

fn check_field(field: &Field) -> usize {
    if !field.is_object() {
        return 0;
    }
    field.get("inline").boolean();
    needed(&field.get("name"), 0..=256) + needed(&field.get("value"), 0..=1_024)
}

/// A footer or an author: a text that must be there once the object is, with a picture and perhaps a link.
fn signed(part: &Field, key: &str, length: RangeInclusive<usize>) -> usize {
    if part.object().is_none() {
        return 0;
    }
    part.get("url").url(2_048, &PAGE);
    part.get("icon_url").url(2_048, &PICTURE);
    needed(&part.get(key), length)
}

fn optional(text: &Field, length: RangeInclusive<usize>) -> usize {
    let counted = text.string().map_or(0, |text| text.trim().chars().count());
    text.check_length(counted, length);
    counted
}

fn needed(text: &Field, length: RangeInclusive<usize>) -> usize {
    let blank = text.value().is_some_and(|value| value.as_str().is_some_and(|text| text.trim().is_empty()));
    if blank || !text.is_present() {
        text.fault("BASE_TYPE_REQUIRED", "This field is required");
        return 0;
    }
    optional(text, length)
}

fn check_timestamp(timestamp: &Field) {
    let Some(text) = timestamp.string() else { return };
    // An instant with an offset, or a bare date and time, which Discord takes for UTC.
    if text.parse::<Timestamp>().is_err() && text.parse::<DateTime>().is_err() {
        timestamp.fault("DATE_TIME_TYPE_PARSE", format!("Could not parse {text}. Should be ISO8601."));
    }
}

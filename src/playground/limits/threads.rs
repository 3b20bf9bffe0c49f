//! The body that opens a thread. Whether the channel allows one is not decided here.

use super::MessageKind;
use super::form::Field;
use super::message;

/// How long a thread may stay quiet before Discord archives it, in minutes.
const AUTO_ARCHIVE_MINUTES: [i64; 4] = [60, 1_440, 4_320, 10_080];

/// Records what is wrong with the body of a new thread.
pub(super) fn check(thread: &Field) {
    if !thread.is_object() {
        return;
    }
    thread.get("name").required().text(1..=100);
    thread.get("auto_archive_duration").choice(&AUTO_ARCHIVE_MINUTES);
    thread.get("rate_limit_per_user").integer(0..=21_600);
    thread.get("type").enumeration(&[10, 11, 12]);
    thread.get("invitable").boolean();
    for tag in thread.get("applied_tags").items(0..=5) {
        tag.snowflake();
    }
    let first = thread.get("message");
    if first.is_present() {
        message::check(&first, MessageKind::Create);
    }
}

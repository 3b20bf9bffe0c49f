//! Threads, and forum posts with their first message.

use serde_json::{Value, json};

use super::{edge, faults, text};
use crate::playground::limits::check_thread;

#[test]
fn threads_pass_at_their_edge_and_not_past_it() {
    edge(check_thread, 100, |n| json!({ "name": text(n) }), "name BASE_TYPE_BAD_LENGTH");
    let slow = |n| json!({ "name": "n", "rate_limit_per_user": n });
    edge(check_thread, 21_600, slow, "rate_limit_per_user NUMBER_TYPE_MAX");
    edge(check_thread, 12, |n| json!({ "name": "n", "type": n }), "type ENUM_TYPE_COERCE");
    edge(
        check_thread,
        5,
        |n| json!({ "name": "n", "applied_tags": vec!["1"; n] }),
        "applied_tags BASE_TYPE_MAX_LENGTH",
    );
}

#[test]
fn a_thread_is_named_and_archived_after_a_known_time() {
    for minutes in [60, 1_440, 4_320, 10_080] {
        assert_eq!(faults(check_thread(&json!({ "name": "n", "auto_archive_duration": minutes }))), [""; 0]);
    }
    let odd = json!({ "name": "n", "auto_archive_duration": 61 });
    assert_eq!(faults(check_thread(&odd)), ["auto_archive_duration BASE_TYPE_CHOICES"]);
    assert_eq!(faults(check_thread(&json!({ "name": "" }))), ["name BASE_TYPE_REQUIRED"]);
    assert_eq!(faults(check_thread(&json!({ "auto_archive_duration": null }))), ["name BASE_TYPE_REQUIRED"]);
    assert_eq!(faults(check_thread(&json!({ "name": "n", "type": 9 }))), ["type ENUM_TYPE_COERCE"]);
    assert_eq!(faults(check_thread(&Value::Null)), [" BASE_TYPE_REQUIRED"]);
}

#[test]
fn a_forum_posts_first_message_is_judged_as_a_message() {
    let post = |message: Value| faults(check_thread(&json!({ "name": "n", "message": message })));
    assert_eq!(post(json!({ "content": "Question of the day" })), [""; 0]);
    assert_eq!(post(json!({ "content": text(2_001) })), ["message.content BASE_TYPE_MAX_LENGTH"]);
    assert_eq!(post(json!({ "content": "  " })), ["50006"]);
}

//! Threads and forums as a client meets them.

use coach::playground::people::Channel;
use coach::playground::{Options, Snowflake, permissions};
use serde_json::{Value, json};

use super::rest::Rest;

async fn rest() -> Rest {
    Rest::start(Options::default()).await
}

async fn open(rest: &Rest, channel: &Channel, body: Value) -> Channel {
    let (status, thread) = rest.call("POST", &format!("/channels/{}/threads", channel.id), body).await;
    assert_eq!(status, 201, "{thread}");
    rest.playground.channel(Snowflake::from_json(&thread["id"]).unwrap())
}

#[tokio::test]
async fn a_private_thread_is_seen_by_its_members_and_by_those_who_manage_threads() {
    let rest = rest().await;
    let (server, channel, ana) = rest.server();
    let (ben, mo) = (server.member("ben"), server.moderator("mo"));
    let thread = open(&rest, &channel, json!({ "name": "mock", "type": 12 })).await;
    let member = format!("/channels/{}/thread-members/{}", thread.id, ana.id);
    assert_eq!(rest.call("PUT", &member, Value::Null).await.0, 204);
    rest.call("POST", &format!("/channels/{}/messages", thread.id), json!({ "content": "first question" })).await;
    assert_eq!((ana.sees(&thread).len(), ben.sees(&thread).len(), mo.sees(&thread).len()), (1, 0, 1));
    assert!(ben.say(&thread, "let me in").is_err());
    ana.leave(&thread);
    assert!(ana.sees(&thread).is_empty());
}

#[tokio::test]
async fn opening_threads_needs_the_permission_for_their_kind() {
    let rest = rest().await;
    let (_, channel, ana) = rest.server();
    let path = format!("/channels/{}/threads", channel.id);
    channel.deny_bot(permissions::CREATE_PRIVATE_THREADS);
    assert_eq!(rest.refused("POST", &path, json!({ "name": "x", "type": 12 })).await, (403, 50013));
    assert_eq!(rest.call("POST", &path, json!({ "name": "x", "type": 11 })).await.0, 201);
    channel.deny_bot(permissions::CREATE_PUBLIC_THREADS);
    assert_eq!(rest.refused("POST", &path, json!({ "name": "x", "type": 11 })).await, (403, 50013));
    assert_eq!(rest.refused("POST", &path, json!({ "name": "x", "type": 15 })).await, (400, 50035));
    let said = ana.say(&channel, "topic").unwrap();
    let from = format!("/channels/{}/messages/{}/threads", channel.id, said.id);
    assert_eq!(rest.refused("POST", &from, json!({ "name": "x" })).await, (403, 50013));
}

#[tokio::test]
async fn a_message_has_one_thread_at_most_and_its_id() {
    let rest = rest().await;
    let (_, channel, ana) = rest.server();
    let said = ana.say(&channel, "topic").unwrap();
    let path = format!("/channels/{}/messages/{}/threads", channel.id, said.id);
    let (status, thread) = rest.call("POST", &path, json!({ "name": "about it" })).await;
    assert_eq!((status, &thread["id"], &thread["parent_id"]), (201, &said.id.json(), &channel.id.json()));
    assert_eq!(rest.refused("POST", &path, json!({ "name": "again" })).await, (400, 160_004));
}

#[tokio::test]
async fn discord_itself_says_that_a_thread_was_opened_and_from_what() {
    let rest = rest().await;
    let (_, channel, ana) = rest.server();
    let thread = open(&rest, &channel, json!({ "name": "plain", "type": 11 })).await;
    let notice = channel.messages().remove(0);
    assert_eq!((&notice.json["type"], notice.content.as_str()), (&json!(18), "plain"));
    assert_eq!(notice.json["message_reference"]["channel_id"], thread.id.json());
    let _ = open(&rest, &channel, json!({ "name": "private", "type": 12 })).await;
    assert_eq!(channel.messages().len(), 1, "a private thread is not announced");
    let said = ana.say(&channel, "<@1> topic").unwrap();
    let path = format!("/channels/{}/messages/{}/threads", channel.id, said.id);
    rest.call("POST", &path, json!({ "name": "about it" })).await;
    let (_, inside) = rest.call("GET", &format!("/channels/{}/messages", said.id), Value::Null).await;
    assert_eq!((&inside[0]["type"], &inside[0]["referenced_message"]["id"]), (&json!(21), &said.id.json()));
    assert_eq!(inside[0]["referenced_message"]["content"], "", "withheld there too");
}

#[tokio::test]
async fn mentioning_somebody_in_a_private_thread_lets_them_in_unless_it_pings_nobody() {
    let rest = rest().await;
    let (_, channel, ana) = rest.server();
    let thread = open(&rest, &channel, json!({ "name": "mock", "type": 12 })).await;
    let path = format!("/channels/{}/messages", thread.id);
    let hello = format!("welcome <@{}>", ana.id);
    rest.call("POST", &path, json!({ "content": hello, "allowed_mentions": { "parse": [] } })).await;
    assert!(ana.sees(&thread).is_empty());
    rest.call("POST", &path, json!({ "content": hello })).await;
    assert_eq!(ana.sees(&thread).len(), 2);
}

#[tokio::test]
async fn a_forum_takes_posts_and_a_text_channel_does_not() {
    let rest = rest().await;
    let (server, ..) = rest.server();
    let forum = server.forum_channel("drops");
    let path = format!("/channels/{}/threads", forum.id);
    assert_eq!(rest.refused("POST", &path, json!({ "name": "post" })).await, (400, 50035));
    let post = open(&rest, &forum, json!({ "name": "post", "message": { "content": "the question" } })).await;
    let first = &post.messages()[0];
    assert_eq!((first.id, first.content.as_str()), (post.id, "the question"));
    forum.deny_bot(permissions::SEND_MESSAGES);
    let body = json!({ "name": "post", "message": { "content": "x" } });
    assert_eq!(rest.refused("POST", &path, body).await, (403, 50013));
}

#[tokio::test]
async fn a_message_wakes_an_archived_thread_but_not_a_locked_one() {
    let rest = rest().await;
    let (_, channel, ana) = rest.server();
    let thread = open(&rest, &channel, json!({ "name": "mock", "type": 11 })).await;
    let path = format!("/channels/{}/messages", thread.id);
    let (_, sent) = rest.call("POST", &path, json!({ "content": "one" })).await;
    thread.set_archived(true);
    let edit = format!("{path}/{}", sent["id"].as_str().unwrap());
    assert_eq!(rest.refused("PATCH", &edit, json!({ "content": "x" })).await, (400, 50083));
    assert_eq!(rest.call("POST", &path, json!({ "content": "two" })).await.0, 200);
    assert!(!thread.is_archived());
    thread.set_locked(true);
    assert_eq!(rest.refused("POST", &path, json!({ "content": "three" })).await, (400, 160_005));
    assert!(ana.say(&thread, "me neither").is_err());
    thread.set_archived(true);
    assert_eq!(rest.refused("POST", &path, json!({ "content": "three" })).await, (400, 50083));
}

#[tokio::test]
async fn owners_archive_their_threads_and_only_managers_lock_them() {
    let rest = rest().await;
    let (server, channel, _) = rest.server();
    let thread = open(&rest, &channel, json!({ "name": "mock", "type": 11 })).await;
    let path = format!("/channels/{}", thread.id);
    let (status, changed) = rest.call("PATCH", &path, json!({ "archived": true, "name": "done" })).await;
    assert_eq!(
        (status, &changed["thread_metadata"]["archived"], &changed["name"]),
        (200, &json!(true), &json!("done"))
    );
    assert_eq!(rest.refused("PATCH", &path, json!({ "name": "asleep" })).await, (400, 50083));
    assert_eq!(rest.refused("PATCH", &path, json!({ "locked": true })).await, (403, 50013));
    server.set_bot_permissions(permissions::ORDINARY | permissions::MANAGE_THREADS);
    assert_eq!(rest.call("PATCH", &path, json!({ "locked": true })).await.0, 200);
    let theirs = channel.add_thread("theirs");
    server.set_bot_permissions(permissions::ORDINARY);
    assert_eq!(rest.refused("PATCH", &format!("/channels/{}", theirs.id), json!({ "name": "x" })).await, (403, 50013));
}

#[tokio::test]
async fn the_private_archive_is_for_managers_and_a_bot_lists_its_own_part_of_it() {
    let rest = rest().await;
    let (server, channel, _) = rest.server();
    let thread = open(&rest, &channel, json!({ "name": "mock", "type": 12 })).await;
    thread.set_archived(true);
    let all = format!("/channels/{}/threads/archived/private", channel.id);
    let mine = format!("/channels/{}/users/@me/threads/archived/private", channel.id);
    assert_eq!(rest.refused("GET", &all, Value::Null).await, (403, 50013));
    assert_eq!(rest.call("GET", &mine, Value::Null).await.1["threads"][0]["id"], thread.id.json());
    server.set_bot_permissions(permissions::ORDINARY | permissions::MANAGE_THREADS);
    assert_eq!(rest.call("GET", &all, Value::Null).await.1["threads"][0]["id"], thread.id.json());
}

#[tokio::test]
async fn people_post_in_forums_and_the_bot_hears_of_it_withheld() {
    let rest = rest().await;
    let (server, _, ana) = rest.server();
    let forum = server.forum_channel("drops");
    let post = ana.open_post(&forum, "my question", "why?").unwrap();
    let (_, page) = rest.call("GET", &format!("/channels/{}/messages", post.id), Value::Null).await;
    assert_eq!((&page[0]["id"], &page[0]["content"]), (&post.id.json(), &json!("")));
    assert!(ana.say(&forum, "directly").is_err());
}

#[tokio::test]
async fn active_and_archived_threads_are_listed_apart() {
    let rest = rest().await;
    let (server, channel, _) = rest.server();
    let (one, two) = (channel.add_thread("one"), channel.add_thread("two"));
    one.set_archived(true);
    let (_, active) = rest.call("GET", &format!("/guilds/{}/threads/active", server.id), Value::Null).await;
    assert_eq!((active["threads"][0]["id"].clone(), active["threads"].as_array().unwrap().len()), (two.id.json(), 1));
    let (_, old) = rest.call("GET", &format!("/channels/{}/threads/archived/public", channel.id), Value::Null).await;
    assert_eq!((&old["threads"][0]["id"], &old["has_more"]), (&one.id.json(), &json!(false)));
    channel.delete();
    assert!(!one.exists() && !two.exists());
}

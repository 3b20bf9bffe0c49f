//! A question arrives, is answered, and does not come again before all others have.

use std::collections::HashSet;

use coach::playground::people::Message;

use super::{Stage, is_question};

const ANSWER: &str = "A hot key expires, every concurrent request misses at once and all recompute the same value, so the \
                      database is overloaded. Use a lock or single flight, jitter the expiry, and serve stale data.";

#[tokio::test]
async fn at_its_minute_a_schedule_posts_a_question_with_its_buttons() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00 topics:caching").await;
    stage.world.kill();
    stage.start_at("2027-03-03T08:59:59Z").await;
    let question = stage.question().await;
    let due: jiff::Timestamp = "2027-03-03T09:00:00Z".parse().unwrap();
    let posted_ms = i64::try_from(question.id.created_ms()).unwrap() + stage.offset * 1_000;
    assert!(posted_ms >= due.as_millisecond(), "it came {} ms early", due.as_millisecond() - posted_ms);
    let labels: Vec<String> = question.buttons().into_iter().map(|button| button.label).collect();
    assert_eq!(labels, ["Answer", "Hint", "Reveal"]);
    assert!(question.pings_nobody());
    assert!(question.text().contains("Your answer and its result are yours alone."), "{}", question.text());
    stage.statuses_become(&["sent"]).await;
    assert_eq!(stage.rows("SELECT local_date FROM deliveries").await, ["2027-03-03"]);
    assert_eq!(stage.rows("SELECT next_local_date FROM schedules").await, ["2027-03-04"]);
    let list = stage.run("/drops list").await.text();
    assert!(list.contains(&format!("Last posted for <t:{}:f>.", due.as_second())), "{list}");
}

#[tokio::test]
async fn everyone_answers_a_drop_for_themselves() {
    let mut stage = Stage::new().await;
    stage.daily("time:09:00 topics:caching thread:true").await;
    stage.drop_now().await;
    let question = stage.question().await;
    let world = &stage.world;
    let title = question.embeds()[0]["title"].as_str().unwrap().to_owned();
    world.told(world.channel.wait_for_thread("the question's thread", |name| title.starts_with(name)).await);
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let hint = world.press(&ben, &question, "Hint").await;
    assert!(hint.is_ephemeral());
    for person in [&ana, &ben] {
        let result = world.answer(person, &question, "Answer", ANSWER).await;
        assert!(result.is_ephemeral() && result.button("Retry").is_some(), "{}", result.text());
    }
    assert_eq!(ana.sees(&world.channel).iter().filter(|m| m.is_ephemeral()).count(), 1, "only her own result");
    let served = "SELECT CAST(count(*) AS TEXT) FROM attempts
                  WHERE serving_id = (SELECT id FROM deliveries) AND serving_id IN (SELECT id FROM servings)";
    assert_eq!(stage.rows(served).await, ["2"]);
    assert_eq!(stage.rows("SELECT CAST(hints AS TEXT) FROM attempts ORDER BY answered_at_ms").await, ["0", "1"]);
    // The buttons outlive the process.
    stage.world.restart().await;
    let result = stage.world.answer(&ana, &question, "Answer", ANSWER).await;
    assert!(result.is_ephemeral());
}

#[tokio::test]
async fn a_ping_role_is_the_only_thing_a_drop_pings() {
    let stage = Stage::new().await;
    let role = stage.world.server.role("Readers", 0, true);
    let _ = stage.world.server.role("Others", 0, true);
    let made = stage.daily("time:09:00 ping_role:@Readers").await;
    assert!(made.pings_nobody() && made.text().contains(&format!("pinging <@&{role}>")), "{}", made.text());
    stage.drop_now().await;
    let question = stage.question().await;
    assert_eq!(question.pings_roles, [role]);
    assert!(question.pings_users.is_empty() && !question.pings_everyone);
    assert_eq!(question.request["allowed_mentions"]["roles"], serde_json::json!([role.to_string()]));
}

#[tokio::test]
async fn a_preview_shows_what_is_then_posted_and_nothing_repeats_until_all_were_asked() {
    let mut stage = Stage::at("2027-03-01T09:30:00Z").await;
    stage.daily("time:09:00 topics:postgresql").await;
    let preview = stage.on_schedule("preview").await.text();
    let promised: Vec<String> =
        preview.lines().filter_map(|line| Some(line.split_once("> · ")?.1.to_owned())).collect();
    assert_eq!(promised.len(), 7, "{preview}");
    let pool: HashSet<&String> = promised.iter().collect();
    assert!((2..7).contains(&pool.len()), "the pool must be small enough to repeat: {preview}");
    let health = format!("{0} of {0} questions are left before they repeat.", pool.len());
    assert!(preview.contains(&health), "{preview}");
    for (day, promise) in (2..).zip(promised.iter().take(pool.len() + 1)) {
        let last = stage.questions().pop().map(|message| message.id);
        stage.restart_at(&format!("2027-03-{day:02}T09:00:02Z")).await;
        let is_next = |message: &Message| is_question(message) && Some(message.id) > last;
        let posted = stage.world.told(stage.world.channel.wait_for("the day's question", is_next).await);
        assert_eq!(posted.embeds()[0]["title"].as_str().unwrap(), promise, "on day {day}");
        stage.rows_become("SELECT status FROM deliveries ORDER BY id DESC LIMIT 1", &["sent"]).await;
    }
    let asked: Vec<String> = stage.rows("SELECT question FROM deliveries ORDER BY id").await;
    assert_eq!(asked[..pool.len()].iter().collect::<HashSet<_>>().len(), pool.len(), "{asked:?}");
}

#[tokio::test]
async fn a_drop_run_by_hand_disturbs_no_day() {
    let stage = Stage::new().await;
    stage.daily("time:09:00").await;
    let before = stage.rows("SELECT next_local_date || next_due_ms FROM schedules").await;
    let said = stage.on_schedule("run").await.text();
    let question = stage.question().await;
    let title = question.embeds()[0]["title"].as_str().unwrap().to_owned();
    let title = title.trim_end_matches('.');
    let channel = stage.world.channel.id;
    assert_eq!(said, format!("On its way to <#{channel}>: **{title}**. The schedule's own days stay as they are."));
    assert_eq!(stage.rows("SELECT next_local_date || next_due_ms FROM schedules").await, before);
    stage.rows_become("SELECT status || coalesce(local_date, '') FROM deliveries", &["sent"]).await;
}

#[tokio::test]
async fn a_drop_keeps_to_the_topics_of_its_server() {
    let stage = Stage::new().await;
    stage.daily("time:09:00").await;
    stage.run("/topics set topic:postgresql enabled:true").await;
    stage.run("/topics set category:databases enabled:true").await;
    let preview = stage.on_schedule("preview").await.text();
    assert!(preview.contains("DynamoDB"), "{preview}");
    assert!(preview.contains("1 of 1 questions are left before they repeat."), "{preview}");
    stage.drop_now().await;
    let question = stage.question().await;
    assert!(question.text().contains("DynamoDB"), "{}", question.text());
}

#[tokio::test]
async fn an_empty_pool_is_told_once_and_again_after_it_was_mended() {
    let mut stage = Stage::at("2027-03-01T09:30:00Z").await;
    stage.daily("time:09:00 topics:postgresql").await;
    stage.run("/topics set category:behavioral enabled:true").await;
    let preview = stage.on_schedule("preview").await.text();
    assert!(preview.contains("No question fits any more. Widen its topics, or this server's /topics."), "{preview}");
    let run = stage.on_schedule("run").await.text();
    assert!(run.starts_with("This schedule has no question left to ask. Widen its topics"), "{run}");
    stage.restart_at("2027-03-03T09:00:02Z").await;
    let told = |m: &Message| m.text().contains("had no question to ask");
    stage.world.told(stage.world.channel.wait_for("a word to the moderators", told).await);
    stage.rows_become("SELECT CAST(count(*) AS TEXT) FROM deliveries WHERE status = 'failed'", &["1"]).await;
    stage.restart_at("2027-03-04T09:00:02Z").await;
    stage.rows_become("SELECT CAST(count(*) AS TEXT) FROM deliveries WHERE status = 'failed'", &["2"]).await;
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("Failed <t:") && list.contains(": no question fits its topics and level."), "{list}");
    stage.run("/topics reset").await;
    stage.drop_now().await;
    stage.question().await;
    stage.rows_become("SELECT key FROM notices", &[]).await;
    assert_eq!(stage.world.channel.messages().iter().filter(|m| told(m)).count(), 1, "once is enough");
    stage.run("/topics set category:behavioral enabled:true").await;
    stage.restart_at("2027-03-05T09:00:02Z").await;
    stage.rows_become("SELECT CAST(count(*) AS TEXT) FROM notices WHERE done_ms IS NOT NULL", &["1"]).await;
    assert_eq!(stage.world.channel.messages().iter().filter(|m| told(m)).count(), 2, "it broke again");
}

//! What moderators type, and what they are told.

use coach::playground::Fault;
use coach::playground::permissions::{EMBED_LINKS, SEND_MESSAGES, VIEW_CHANNEL};

use super::Stage;

const CREATE: &str = "/drops create channel:#practice days:daily time_zone:UTC";

#[tokio::test]
async fn a_moderator_makes_lists_pauses_resumes_and_deletes_a_schedule() {
    let stage = Stage::new().await;
    let none = stage.run("/drops list").await;
    assert_eq!(none.text(), "This server has no schedule yet. Create one with /drops create.");
    let made = stage
        .run("/drops create channel:#practice time:6:30 pm days:mon,thu time_zone:europe/berlin topics:redis, Caching level:mid thread:true")
        .await;
    let channel = stage.world.channel.id;
    let sentence =
        format!("Mon, Thu at 18:30 (Europe/Berlin) in <#{channel}>: Redis, Caching, mid level, each with a thread");
    assert!(made.text().starts_with(&format!("Created: {sentence}.\nThe first one comes <t:")), "{}", made.text());
    assert!(made.is_ephemeral() && made.pings_nobody());
    let list = stage.run("/drops list").await.text();
    assert!(list.contains(&format!("**1. {sentence}**\nNext <t:")), "{list}");
    let paused = stage.on_schedule("pause").await.text();
    assert_eq!(paused, format!("Paused. Go on with /drops resume: {sentence}."));
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("⏸️ Paused: a moderator paused it. Go on with /drops resume."), "{list}");
    let preview = stage.on_schedule("preview").await.text();
    assert!(preview.contains("Paused. This is what comes after /drops resume:"), "{preview}");
    let again = stage.on_schedule("pause").await.text();
    assert_eq!(again, "That schedule is paused already. Go on with /drops resume, or see /drops list.");
    let run = stage.on_schedule("run").await.text();
    assert_eq!(run, "That schedule is paused, so it posts nothing. Use /drops resume first.");
    let resumed = stage.on_schedule("resume").await.text();
    assert!(resumed.starts_with(&format!("Resumed: {sentence}.\nThe next one comes <t:")), "{resumed}");
    let again = stage.on_schedule("resume").await.text();
    assert_eq!(again, "That schedule is running already. See /drops list for when its next question comes.");
    let gone = stage.on_schedule("delete").await.text();
    assert_eq!(gone, format!("Deleted. What it posted stays: {sentence}."));
    assert_eq!(stage.rows("SELECT id FROM schedules").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_next_step() {
    let stage = Stage::new().await;
    let practice = "/drops create channel:#practice";
    let daily = |rest: &str| format!("{practice} days:daily {rest}");
    for (typed, wanted) in [
        (daily("time:9:00 time_zone:Europe/Berln"), "I do not know that time zone. Did you mean Europe/Berlin"),
        (daily("time:9:00 time_zone:🌍"), "I do not know that time zone. Use a name such as Europe/Berlin"),
        (daily("time:25:00"), "No clock shows that time"),
        (daily("time:9"), "Morning or evening?"),
        (daily("time:@everyone"), "That is not a time of day"),
        (daily("time:عند الظهر"), "That is not a time of day"),
        (format!("{practice} time:9:00 days:someday"), "Those are not days I know. Write daily, weekdays"),
        (format!("{practice} time:9:00 days:,"), "Those are not days I know."),
        (daily("time:9:00 topics:redis, cooking"), "There is no topic “cooking”. Start typing and choose one"),
        (daily("time:9:00 topics:**@everyone**"), "There is no topic “"),
        (daily("time:9:00 topics:redis level:intern"), "No question fits these topics and this level"),
    ] {
        let said = stage.run(&typed).await;
        assert!(said.text().starts_with(wanted), "{typed}\n{}", said.text());
        assert!(said.is_ephemeral() && said.pings_nobody(), "{typed}");
    }
    assert_eq!(stage.rows("SELECT id FROM schedules").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_channel_that_takes_no_drops_is_refused_by_name() {
    let stage = Stage::new().await;
    let _ = stage.world.server.forum_channel("questions");
    let forum = stage.mia.run(&stage.world.channel, "/drops create channel:#questions time:9:00").await;
    assert!(forum.unwrap_err().to_string().contains("channel"), "Discord's client does not offer forums");
    stage.fail("GET", "/channels/*", 1, Fault::Answer { status: 404, code: 10003 });
    let gone = stage.run(&format!("{CREATE} time:9:00")).await.text();
    assert_eq!(gone, "That channel is gone. Choose another one with /drops create.");
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named_with_where_to_grant_it() {
    let stage = Stage::new().await;
    let create = format!("{CREATE} time:9:00 thread:true");
    let channel = stage.world.channel.id;
    stage.world.channel.deny_bot(SEND_MESSAGES | EMBED_LINKS);
    let said = stage.run(&create).await.text();
    let wanted = format!(
        "I may not post questions in <#{channel}>: I lack Send Messages, Embed Links there. Grant that under Edit \
         Channel, Permissions, then run the command again."
    );
    assert_eq!(said, wanted);
    stage.world.channel.deny_bot(VIEW_CHANNEL);
    let said = stage.run(&create).await.text();
    assert!(said.contains("I lack View Channel, Send Messages, Embed Links, Create Public Threads there."), "{said}");
    stage.world.channel.deny_bot(0);
    assert!(stage.run(&create).await.text().starts_with("Created"));
}

#[tokio::test]
async fn a_member_is_refused_even_where_discord_lets_them_through() {
    let stage = Stage::new().await;
    stage.daily("time:9:00").await;
    let ana = stage.world.server.member("ana");
    let refused = ana.run(&stage.world.channel, "/drops list").await;
    assert!(refused.unwrap_err().to_string().contains("lacks the permission"), "Discord hides it from her");
    // A server can be set to show the command to everyone; then the bot must say no.
    let id = stage.schedule_ids().await.remove(0);
    stage.world.server.open_command("drops");
    for typed in [
        format!("{CREATE} time:9:00"),
        "/drops list".to_owned(),
        format!("/drops delete schedule:{id}"),
        format!("/drops run schedule:{id}"),
    ] {
        let said = stage.world.run(&ana, &typed).await;
        assert_eq!(said.text(), "This needs the Manage Server permission. Ask a moderator of this server.");
        assert!(said.is_ephemeral());
    }
    let offered = ana.autocomplete(&stage.world.channel, "/drops delete schedule:").await.unwrap();
    assert_eq!(offered, [], "schedules are not for her to see");
}

#[tokio::test]
async fn schedules_of_another_server_are_out_of_reach() {
    let stage = Stage::new().await;
    stage.daily("time:9:00").await;
    let id = stage.schedule_ids().await.remove(0);
    let other = stage.world.playground.add_server("Elsewhere");
    let (room, eve) = (other.text_channel("general"), other.moderator("eve"));
    for subcommand in ["pause", "resume", "delete", "preview", "run"] {
        let said = stage.world.run_in(&eve, &room, &format!("/drops {subcommand} schedule:{id}")).await.text();
        assert_eq!(said, "There is no such schedule here. Choose one from the list, or see /drops list.");
    }
    for odd in ["x", "' OR 1=1 --", "🦀", "1"] {
        let said = stage.run(&format!("/drops delete schedule:{odd}")).await.text();
        assert_eq!(said, "There is no such schedule here. Choose one from the list, or see /drops list.");
    }
    let listed = stage.world.run_in(&eve, &room, "/drops list").await.text();
    assert!(listed.starts_with("This server has no schedule yet."), "{listed}");
    let offered = eve.autocomplete(&room, "/drops delete schedule:").await.unwrap();
    assert_eq!(offered, []);
    assert_eq!(stage.schedule_ids().await, [id]);
}

#[tokio::test]
async fn schedules_zones_and_topics_are_completed_as_they_are_typed() {
    let stage = Stage::new().await;
    stage.daily("time:9:00 topics:redis").await;
    stage.daily("time:21:15").await;
    let offered = async |typed: &str| stage.mia.autocomplete(&stage.world.channel, typed).await.unwrap();
    let ids = stage.schedule_ids().await;
    let schedules = offered("/drops pause schedule:").await;
    assert_eq!(schedules[0], ("1. Daily 09:00 UTC, redis".to_owned(), ids[0].clone()));
    assert_eq!(schedules[1], ("2. Daily 21:15 UTC".to_owned(), ids[1].clone()));
    assert_eq!(offered("/drops pause schedule:21:15").await.len(), 1);
    let zones = offered(&format!("{CREATE} time:9:00 time_zone:berl").replace(" time_zone:UTC", "")).await;
    assert_eq!(zones, [("Europe/Berlin".to_owned(), "Europe/Berlin".to_owned())]);
    let topics = offered(&format!("{CREATE} time:9:00 topics:redis")).await;
    assert!(topics.contains(&("Redis".to_owned(), "redis".to_owned())), "{topics:?}");
    let second = offered(&format!("{CREATE} time:9:00 topics:redis, postg")).await;
    assert!(second.contains(&("Redis, PostgreSQL".to_owned(), "redis, postgresql".to_owned())), "{second:?}");
}

#[tokio::test]
async fn a_server_has_25_schedules_at_most_and_all_of_them_are_listed() {
    let stage = Stage::new().await;
    let topics = "topics:distributed-transactions, distributed-systems, high-availability, scalability, api-design";
    for hour in 0..25 {
        stage.daily(&format!("time:{:02}:{:02} {topics} thread:true", hour % 24, hour)).await;
    }
    let refused = stage.run(&format!("{CREATE} time:9:00")).await.text();
    assert_eq!(refused, "This server has 25 schedules, the most there can be. Delete one with /drops delete first.");
    let list = stage.run("/drops list").await.text();
    for number in 1..=25 {
        assert!(list.contains(&format!("**{number}. ")), "{number} is missing in\n{list}");
    }
    let offered = stage.mia.autocomplete(&stage.world.channel, "/drops delete schedule:").await.unwrap();
    assert_eq!(offered.len(), 25);
}

#[tokio::test]
async fn everyone_is_no_role_to_ping() {
    let stage = Stage::new().await;
    let everyone = stage.world.server.id;
    let said = stage.run(&format!("{CREATE} time:9:00 ping_role:<@&{everyone}>")).await.text();
    assert!(said.starts_with("Drops do not ping everyone."), "{said}");
}

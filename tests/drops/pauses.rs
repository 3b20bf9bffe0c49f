//! What is paused or deleted posts nothing, whatever it owed.

use coach::playground::Fault;

use super::{POSTING, Stage, now_ms};

#[tokio::test]
async fn a_drop_that_waits_for_discord_does_not_go_out_after_its_schedule_was_paused_or_deleted() {
    for subcommand in ["pause", "delete"] {
        let stage = Stage::new().await;
        stage.daily("time:09:00").await;
        stage.fail("POST", POSTING, 1, Fault::Answer { status: 500, code: 0 });
        stage.drop_now().await;
        stage.rows_become("SELECT reason FROM deliveries", &["Discord did not answer: status 500"]).await;
        stage.on_schedule(subcommand).await;
        if subcommand == "pause" {
            stage.statuses_become(&["missed"]).await;
            assert_eq!(stage.rows("SELECT reason FROM deliveries").await, ["its schedule was paused"]);
            let resumed = stage.on_schedule("resume").await.text();
            assert!(resumed.starts_with("Resumed"), "{resumed}");
        } else {
            stage.statuses_become(&[]).await;
        }
        // A later drop has been posted: whatever was to come before it has had its time.
        stage.daily("time:10:00").await;
        stage.drop_now().await;
        stage.question().await;
        assert_eq!((stage.questions().len(), stage.posts()), (1, 2), "{subcommand}");
    }
}

#[tokio::test]
async fn a_drop_that_nobody_tried_is_missed_when_its_schedule_is_paused() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00").await;
    let id = stage.schedule_ids().await.remove(0);
    stage.world.kill();
    let owed = "INSERT INTO deliveries (id, schedule_id, local_date, due_ms, question, status, next_try_ms)
                SELECT '0199a0b1c2d37e4f8a5b6c7d8e9f0a1b', id, next_local_date, next_due_ms, 'explain-rest-apis', 'owed',
                       next_due_ms FROM schedules";
    stage.write(owed).await;
    stage.start().await;
    stage.run(&format!("/drops pause schedule:{id}")).await;
    assert_eq!(stage.rows("SELECT status FROM deliveries").await, ["missed"]);
    stage.restart_at("2027-03-03T09:00:02Z").await;
    stage.run(&format!("/drops resume schedule:{id}")).await;
    assert_eq!(stage.rows("SELECT next_local_date FROM schedules").await, ["2027-03-04"]);
    assert_eq!(stage.posts(), 0, "what came due while it was paused was not owed");
}

#[tokio::test]
async fn a_paused_schedule_still_learns_that_its_last_drop_had_arrived() {
    let stage = Stage::new().await;
    stage.daily("time:09:00").await;
    stage.fail("POST", POSTING, 1, Fault::DropAfter);
    stage.drop_now().await;
    stage.question().await;
    stage.on_schedule("pause").await;
    stage.statuses_become(&["sent"]).await;
    assert_eq!((stage.questions().len(), stage.posts()), (1, 1));
}

#[tokio::test]
async fn a_schedule_that_cannot_be_read_is_paused_and_holds_up_no_other() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00").await;
    stage.run("/drops create channel:#practice days:daily time_zone:Europe/Berlin time:10:00").await;
    stage.world.kill();
    stage.write("UPDATE schedules SET zone = 'Mars/Base' WHERE zone = 'UTC'").await;
    let before = now_ms();
    stage.start_at("2027-03-03T09:00:02Z").await;
    let question = stage.question().await;
    assert!(question.id.created_ms() >= before);
    let told = stage.world.channel.wait_for("a word", |m| m.text().contains("I can no longer read its days")).await;
    let told = stage.world.told(told).text();
    assert!(told.ends_with("Delete it with /drops delete and create it anew."), "{told}");
    assert_eq!(stage.rows("SELECT zone FROM schedules WHERE paused_reason IS NOT NULL").await, ["Mars/Base"]);
}

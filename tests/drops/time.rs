//! Clocks: time without a bot, windows, and the nights when clocks jump.

use super::Stage;

/// Each delivery's date and state, the oldest first.
const DATED: &str = "SELECT local_date || ' ' || status FROM deliveries ORDER BY local_date";

#[tokio::test]
async fn what_came_due_without_a_bot_is_caught_up_within_the_window_and_else_recorded_as_missed() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.daily("time:09:00").await;
    stage.restart_at("2027-03-03T14:59:00Z").await;
    stage.question().await;
    stage.rows_become(DATED, &["2027-03-03 sent"]).await;
    // Down over three occurrences: two are too late, the third is in time.
    stage.restart_at("2027-03-06T10:00:00Z").await;
    let wanted = ["2027-03-03 sent", "2027-03-04 missed", "2027-03-05 missed", "2027-03-06 sent"];
    stage.rows_become(DATED, &wanted).await;
    assert_eq!(stage.questions().len(), 2);
    let list = stage.run("/drops list").await.text();
    assert!(list.contains("Last posted for <t:1804323600:f>. Of the 3 before, 2 did not come."), "{list}");
    stage.restart_at("2027-03-07T15:00:30Z").await;
    stage.rows_become("SELECT status FROM deliveries ORDER BY local_date DESC LIMIT 1", &["missed"]).await;
    let list = stage.run("/drops list").await.text();
    let missed = "Missed <t:1804410000:f>: coach was not running, and the catch-up window had passed.";
    assert!(list.contains(missed), "{list}");
    assert_eq!(stage.questions().len(), 2);
}

#[tokio::test]
async fn with_a_window_of_nothing_a_drop_at_its_minute_is_still_on_time() {
    let mut stage = Stage::at("2027-03-03T08:00:00Z").await;
    stage.world.set("COACH_DROPS__CATCH_UP_MINUTES", "0");
    stage.daily("time:09:00").await;
    stage.restart_at("2027-03-03T09:00:05Z").await;
    stage.question().await;
    stage.restart_at("2027-03-04T09:02:00Z").await;
    stage.rows_become(DATED, &["2027-03-03 sent", "2027-03-04 missed"]).await;
}

#[tokio::test]
async fn the_night_without_0230_has_one_drop_an_hour_later_on_the_clock() {
    let mut stage = Stage::at("2027-03-27T02:00:00Z").await;
    stage.run("/drops create channel:#practice days:daily time:02:30 time_zone:Europe/Berlin").await;
    // 02:30 does not exist on the 28th: it becomes 03:30, which is 01:30 UTC.
    stage.restart_at("2027-03-28T01:29:00Z").await;
    stage
        .rows_become("SELECT next_local_date || ' ' || next_due_ms FROM schedules", &["2027-03-28 1806197400000"])
        .await;
    stage.restart_at("2027-03-28T01:30:02Z").await;
    stage.rows_become(DATED, &["2027-03-28 sent"]).await;
    stage.restart_at("2027-03-29T00:30:02Z").await;
    stage.rows_become(DATED, &["2027-03-28 sent", "2027-03-29 sent"]).await;
    assert_eq!(stage.questions().len(), 2);
}

#[tokio::test]
async fn the_night_with_two_0230s_has_one_drop_at_the_first() {
    for (eve, first, second, next, dates) in [
        (
            "2026-10-24T02:00:00Z",
            "2026-10-25T00:30:02Z",
            "2026-10-25T01:30:02Z",
            "2026-10-26T01:30:02Z",
            ["2026-10-25 sent", "2026-10-26 sent"],
        ),
        (
            "2027-10-30T02:00:00Z",
            "2027-10-31T00:30:02Z",
            "2027-10-31T01:30:02Z",
            "2027-11-01T01:30:02Z",
            ["2027-10-31 sent", "2027-11-01 sent"],
        ),
    ] {
        let mut stage = Stage::at(eve).await;
        stage.run("/drops create channel:#practice days:daily time:02:30 time_zone:Europe/Berlin").await;
        stage.restart_at(first).await;
        stage.rows_become(DATED, &dates[..1]).await;
        stage.restart_at(second).await;
        let next_date = &dates[1][..10];
        stage.rows_become("SELECT next_local_date FROM schedules", &[next_date]).await;
        assert_eq!(stage.questions().len(), 1, "the second 02:30 is not another day");
        stage.restart_at(next).await;
        stage.rows_become(DATED, &dates).await;
        assert_eq!(stage.questions().len(), 2);
    }
}

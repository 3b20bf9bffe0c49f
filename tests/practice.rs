//! A member answers a question and keeps a streak.

use crate::support::app::World;

#[tokio::test]
async fn a_member_answers_a_question_and_sees_the_result_by_point() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question topic:redis").await;
    println!("{}", shown.text());
    let result = world
        .answer(
            &ana,
            &shown,
            "Answer",
            "A hot key expires and many concurrent requests miss at once and all recompute it.",
        )
        .await;
    println!("{}", result.text());
    assert!(result.is_ephemeral());
    let progress = world.run(&ana, "/progress").await;
    println!("{}", progress.text());
    let help = world.run(&ana, "/help").await;
    println!("{}", help.text());
    let mock = world.run(&ana, "/mock start track:technical length:10").await;
    println!("{}", mock.text());
    println!("{}", world.log());
}

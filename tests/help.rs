//! `/help` says what there is to whom it is for, and the one thing to do next.

use crate::support::app::World;
use crate::support::content::strong_answer;

#[tokio::test]
async fn help_names_every_command_that_whoever_asks_may_run() {
    let world = World::new().await;
    let (mo, ana) = (world.server.moderator("mo"), world.server.member("ana"));
    let (to_mo, to_ana) = (world.run(&mo, "/help").await, world.run(&ana, "/help").await);
    assert!(to_mo.is_ephemeral() && to_ana.is_ephemeral());
    for command in world.playground.commands() {
        let name = command["name"].as_str().unwrap();
        let for_moderators = command["default_member_permissions"].is_string();
        let mentioned = |text: &str| text.contains(&format!("`/{name}"));
        assert!(name == "help" || mentioned(&to_mo.text()), "/{name} is missing");
        assert!(name == "help" || mentioned(&to_ana.text()) != for_moderators, "/{name} is for others");
    }
}

#[tokio::test]
async fn the_next_step_follows_what_the_member_has_done() {
    let mut world = World::new().await;
    world.restart_at("2030-01-07T12:00:00Z").await;
    let ana = world.server.member("ana");
    let next = async |world: &World| world.run(&ana, "/help").await.text().lines().nth(1).unwrap().to_owned();
    assert!(next(&world).await.starts_with("**Next:** Start with `/question`: one answer"));

    let shown = world.run(&ana, "/question category:caching").await;
    world.answer(&ana, &shown, "Answer", "A lock lets one caller rebuild the key while others wait.").await;
    assert_eq!(next(&world).await, "**Next:** Your weakest skill could use a question: `/question topic:caching`.");

    world.restart_at("2030-01-08T12:00:00Z").await;
    assert_eq!(next(&world).await, "**Next:** Answer one `/question` today to make it two days in a row.");
    let shown = world.run(&ana, "/question category:databases").await;
    world.answer(&ana, &shown, "Answer", &strong_answer("databases/dynamodb-vs-postgresql")).await;
    world.restart_at("2030-01-09T12:00:00Z").await;
    assert_eq!(next(&world).await, "**Next:** Answer one `/question` today to keep your streak of 2 days.");

    world.run(&ana, "/mock start track:Technical length:10").await;
    assert!(next(&world).await.starts_with("**Next:** Your mock interview waits in <#"));
}

#[tokio::test]
async fn help_works_in_a_dm() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let help = world.run_in(&ana, &ana.dm(), "/help").await.text();
    assert!(help.starts_with("Interview Coach\n**Next:** ") && !help.contains("/drops"), "{help}");
}

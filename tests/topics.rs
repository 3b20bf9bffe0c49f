//! A moderator decides what the server draws from, and everything that draws honours it.

use coach::playground::people::Person;

use crate::support::app::World;

/// A world with a moderator and a member.
async fn world() -> (World, Person, Person) {
    let world = World::new().await;
    let (mo, ana) = (world.server.moderator("mo"), world.server.member("ana"));
    (world, mo, ana)
}

#[tokio::test]
async fn nothing_set_means_everything() {
    let (world, mo, _) = world().await;
    let shown = world.run(&mo, "/topics show").await;
    assert!(shown.is_ephemeral());
    assert_eq!(
        shown.text(),
        "This server's topics\n**Topics:** all\n**Categories:** all\n**Levels:** all\n\nThat leaves **16 of 16** \
         questions, for /question, /mock and drops."
    );
}

#[tokio::test]
async fn what_is_on_is_all_that_is_drawn() {
    let (world, mo, ana) = world().await;
    let set = world.run(&mo, "/topics set topic:kafka").await.text();
    assert!(set.starts_with("Set. This server's topics now\n**Topics:** only Kafka\n"), "{set}");
    assert!(set.contains("**1 of 16**"), "{set}");
    for _ in 0..3 {
        assert!(world.run(&ana, "/question").await.text().contains("Kafka"));
    }
    let refused = world.run(&ana, "/question category:caching").await;
    assert_eq!(
        refused.text(),
        "This server's topics leave no question for category Caching. Leave one of these out, or ask a moderator to \
         change /topics."
    );
    assert!(refused.is_ephemeral());
    // It is the server that is limited, not the member.
    assert!(world.run_in(&ana, &ana.dm(), "/question category:caching").await.text().contains("cache stampede"));
}

#[tokio::test]
async fn what_is_off_is_never_drawn() {
    let (world, mo, ana) = world().await;
    let set = world.run(&mo, "/topics set category:behavioral enabled:false").await.text();
    assert!(set.contains("**Categories:** all but Behavioral\n") && set.contains("**13 of 16**"), "{set}");
    let refused = world.run(&ana, "/question category:behavioral").await.text();
    assert!(refused.starts_with("This server's topics leave no question for category Behavioral."), "{refused}");
}

#[tokio::test]
async fn a_weight_is_shown_and_kept_over_a_restart() {
    let (mut world, mo, _) = world().await;
    world.run(&mo, "/topics set topic:databases-search weight:5").await;
    world.run(&mo, "/topics set level:Staff weight:2").await;
    world.restart().await;
    let shown = world.run(&mo, "/topics show").await.text();
    assert!(shown.contains("**Topics:** only Databases & Search (×5)") || shown.contains(" (×5)\n"), "{shown}");
    for weight in ["0", "6"] {
        let refused = mo.run(&world.channel, &format!("/topics set topic:redis weight:{weight}")).await;
        assert!(refused.is_err(), "Discord's client lets a weight of {weight} through");
    }
}

#[tokio::test]
async fn a_reset_draws_from_everything_again() {
    let (world, mo, ana) = world().await;
    world.run(&mo, "/topics set topic:kafka").await;
    let reset = world.run(&mo, "/topics reset").await.text();
    assert!(reset.starts_with("Reset. This server draws from everything\n**Topics:** all\n"), "{reset}");
    assert!(world.run(&ana, "/question category:caching").await.text().contains("cache stampede"));
}

#[tokio::test]
async fn a_pool_cannot_be_emptied() {
    let (world, mo, _) = world().await;
    world.run(&mo, "/topics set topic:kafka").await;
    let refused = world.run(&mo, "/topics set category:caching").await.text();
    assert!(
        refused.starts_with("That would leave this server without a single question, so nothing was changed."),
        "{refused}"
    );
    assert!(world.run(&mo, "/topics show").await.text().contains("**Topics:** only Kafka\n"));
}

#[tokio::test]
async fn what_is_not_in_the_taxonomy_is_refused() {
    let (world, mo, _) = world().await;
    for (typed, sentence) in [
        ("topic:cobol", "There is no topic “cobol”. Start typing and choose one from the list."),
        ("category:poetry", "There is no category “poetry”. Start typing and choose one from the list."),
        ("weight:2", "Name a topic, a category or a level to change. /topics show lists what is set now."),
    ] {
        assert_eq!(world.run(&mo, &format!("/topics set {typed}")).await.text(), sentence);
    }
    assert_eq!(world.count("SELECT count(*) FROM topic_rules").await, 0);
}

#[tokio::test]
async fn topics_and_categories_are_completed_from_the_taxonomy() {
    let (world, mo, _) = world().await;
    let topics = world.told(mo.autocomplete(&world.channel, "/topics set topic:red").await);
    assert_eq!(topics, [("Redis".to_owned(), "redis".to_owned())]);
    let categories = world.told(mo.autocomplete(&world.channel, "/topics set category:cach").await);
    assert_eq!(categories, [("Caching".to_owned(), "caching".to_owned())]);
    let all = world.told(mo.autocomplete(&world.channel, "/topics set topic:").await);
    assert_eq!(all.len(), 25, "as many as Discord shows");
    assert!(world.told(mo.autocomplete(&world.channel, "/topics set topic:zzz 🎉").await).is_empty());
}

#[tokio::test]
async fn another_server_is_not_affected() {
    let (world, mo, _) = world().await;
    world.run(&mo, "/topics set topic:kafka").await;
    let elsewhere = world.playground.add_server("Elsewhere");
    let channel = elsewhere.text_channel("practice");
    let their_mo = elsewhere.moderator("their mo");
    assert!(world.run_in(&their_mo, &channel, "/topics show").await.text().contains("**16 of 16**"));
    world.run_in(&their_mo, &channel, "/topics reset").await;
    assert!(world.run(&mo, "/topics show").await.text().contains("**1 of 16**"));
}

#[tokio::test]
async fn a_member_is_refused_by_discord_and_again_by_the_bot() {
    let (world, _, ana) = world().await;
    let refused = ana.run(&world.channel, "/topics reset").await.unwrap_err().to_string();
    assert!(refused.contains("lacks the permission"), "{refused}");
    // A server can be set to show the command to everyone; that makes nobody a moderator.
    world.server.open_command("topics");
    for typed in ["/topics show", "/topics set topic:kafka", "/topics reset"] {
        let said = world.run(&ana, typed).await;
        assert_eq!(said.text(), "This needs the Manage Server permission. Ask a moderator of this server.");
        assert!(said.is_ephemeral());
    }
    assert_eq!(world.count("SELECT count(*) FROM topic_rules").await, 0);
    let in_dm = ana.run(&ana.dm(), "/topics show").await.unwrap_err().to_string();
    assert!(in_dm.contains("only for servers"), "{in_dm}");
}

#[tokio::test]
async fn a_mock_interview_asks_only_what_the_server_draws() {
    let (world, mo, ana) = world().await;
    world.run(&mo, "/topics set topic:kafka").await;
    let started = world.run(&ana, "/mock start track:Technical length:10").await.text();
    assert!(started.starts_with("Your interview is in <#"), "{started}");
    let only_kafka =
        r#"SELECT count(*) FROM interviews WHERE plan LIKE '%"questions":["at-least-once-vs-exactly-once"]%'"#;
    assert_eq!(world.count(only_kafka).await, 1);
    let ben = world.server.member("ben");
    let refused = world.run(&ben, "/mock start track:Behavioral").await;
    assert!(refused.is_ephemeral() && refused.text().contains("/topics"), "{}", refused.text());
}

#[tokio::test]
async fn drops_plan_only_what_the_server_draws() {
    let (world, mo, _) = world().await;
    world.run(&mo, "/drops create channel:#practice time:09:00 days:daily time_zone:Europe/Berlin").await;
    world.run(&mo, "/topics set topic:kafka").await;
    let schedule = world.told(mo.autocomplete(&world.channel, "/drops preview schedule:").await).remove(0).1;
    let preview = world.run(&mo, &format!("/drops preview schedule:{schedule}")).await.text();
    let planned: Vec<&str> = preview.lines().filter(|line| line.starts_with("<t:")).collect();
    assert_eq!(planned.len(), 7, "{preview}");
    assert!(planned.iter().all(|line| line.contains("at-least-once")), "{preview}");
}

//! A member's level, time zone and day start.

use crate::support::app::World;

#[tokio::test]
async fn a_new_member_sees_what_is_not_set_and_how_to_set_it() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let profile = world.run(&ana, "/profile").await;
    assert!(profile.is_ephemeral());
    let text = profile.text();
    assert!(text.starts_with("Your profile\n**Level:** not set; /profile level sets it\n"), "{text}");
    assert!(text.contains("**Time zone:** UTC (not set; /profile time_zone sets yours)\n"), "{text}");
    assert!(text.contains("**Day starts:** 04:00\n**Today ends:** <t:"), "{text}");
}

#[tokio::test]
async fn what_is_set_is_kept_over_a_restart() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let saved = world.run(&ana, "/profile level:Senior time_zone:Europe/Berlin day_start:6").await.text();
    assert!(
        saved.starts_with("Saved\n**Level:** senior\n**Time zone:** Europe/Berlin\n**Day starts:** 06:00"),
        "{saved}"
    );
    assert!(!saved.contains("From <t:"), "someone who has not practised yet waits for nothing: {saved}");
    world.restart().await;
    let kept = world.run(&ana, "/profile").await.text();
    assert!(kept.starts_with("Your profile\n**Level:** senior\n**Time zone:** Europe/Berlin\n**Day starts:** 06:00"));
    // One thing at a time leaves the others alone.
    let changed = world.run(&ana, "/profile day_start:0").await.text();
    assert!(changed.contains("**Level:** senior") && changed.contains("Europe/Berlin") && changed.contains("00:00"));
}

#[tokio::test]
async fn a_zone_is_found_by_its_city_and_by_its_name_in_any_case() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let suggested = world.told(ana.autocomplete(&world.channel, "/profile time_zone:new york").await);
    assert_eq!(suggested[0].1, "America/New_York");
    let first = world.told(ana.autocomplete(&world.channel, "/profile time_zone:").await);
    assert_eq!(first[0].1, "UTC", "common zones before anything is typed");
    for (typed, zone) in [("new york", "America/New_York"), ("asia/KOLKATA", "Asia/Kolkata"), (" utc ", "UTC")] {
        let saved = world.run(&ana, &format!("/profile time_zone:{typed}")).await.text();
        assert!(saved.contains(&format!("**Time zone:** {zone}\n")), "{typed}: {saved}");
    }
}

#[tokio::test]
async fn a_zone_that_is_none_changes_nothing_and_a_likely_one_is_named() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    for (typed, sentence) in [
        ("Europe/Berln", "I do not know that time zone. Did you mean Europe/Berlin"),
        ("@everyone", "I do not know that time zone. "),
        ("🕰️", "I do not know that time zone. Use a name such as Europe/Berlin or America/New_York;"),
        ("+02:00", "I do not know that time zone. "),
    ] {
        let said = world.run(&ana, &format!("/profile time_zone:{typed} level:Mid-level")).await;
        assert!(said.text().starts_with(sentence), "{typed}: {}", said.text());
        assert!(said.is_ephemeral() && !said.text().contains("everyone"));
    }
    assert_eq!(world.count("SELECT count(*) FROM members").await, 0);
}

#[tokio::test]
async fn a_day_starts_between_midnight_and_six() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    for hour in ["-1", "7", "noon"] {
        let refused = ana.run(&world.channel, &format!("/profile day_start:{hour}")).await;
        assert!(refused.is_err(), "Discord's client lets {hour} through");
    }
    for hour in ["0", "6"] {
        assert!(world.run(&ana, &format!("/profile day_start:{hour}")).await.text().starts_with("Saved"));
    }
}

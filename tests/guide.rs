//! What there is to read: found by name, turned page by page, each leading to what practises it; on Discord and in the
//! terminal.

use std::process::Command;

use coach::playground::people::Message;

use crate::support::app::World;

fn has(message: &Message, label: &str) -> bool {
    message.buttons().iter().any(|button| button.label == label)
}

#[tokio::test]
async fn the_list_names_every_shelf_and_is_for_whoever_asked() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let list = world.run(&ana, "/guide").await;
    assert!(list.is_ephemeral() && list.pings_nobody());
    for shelf in ["The interview loop", "Frameworks", "Resume", "Pay and market", "Plan and checklists", "Skills"] {
        assert!(list.text().contains(shelf), "{shelf} is missing:\n{}", list.text());
    }
}

#[tokio::test]
async fn pages_turn_in_place_and_stop_at_both_ends() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let first = world.run(&ana, "/guide topic:interview-loop").await;
    let pages =
        first.text().split("Page 1 of ").nth(1).unwrap().split_whitespace().next().unwrap().parse::<u32>().unwrap();
    assert!(pages > 1 && !has(&first, "Back"), "{}", first.text());
    let mut page = first.clone();
    for number in 2..=pages {
        page = world.press(&ana, &page, "Next page").await;
        assert_eq!(page.id, first.id, "the page turns in place");
        assert!(page.text().contains(&format!("Page {number} of {pages}")), "{}", page.text());
    }
    assert!(!has(&page, "Next page"));
    let back = world.press(&ana, &page, "Back").await;
    assert!(back.text().contains(&format!("Page {} of {pages}", pages - 1)));
}

#[tokio::test]
async fn a_skill_page_says_what_is_asked_and_its_button_asks_it_even_after_a_restart() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let page = world.run(&ana, "/guide topic:Kafka").await;
    for line in ["What it is asked for", "**Junior**", "**Senior and above**", "`/question topic:kafka`"] {
        assert!(page.text().contains(line), "{line} is missing:\n{}", page.text());
    }
    world.restart().await;
    let question = world.press(&ana, &page, "Ask me one").await;
    assert!(question.text().contains("Kafka") && has(&question, "Answer"), "{}", question.text());
}

#[tokio::test]
async fn a_framework_is_a_guide_with_an_example_and_works_in_a_dm() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let page = world.run_in(&ana, &ana.dm(), "/guide topic:star").await;
    assert!(page.text().contains("Page 1 of"), "{}", page.text());
}

#[tokio::test]
async fn names_complete_as_they_are_typed() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let complete = async |typed: &str| world.told(ana.autocomplete(&world.channel, typed).await);
    let values = |found: Vec<(String, String)>| found.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    assert_eq!(complete("/guide topic:").await.len(), 25);
    assert_eq!(values(complete("/guide topic:rabb").await), ["rabbitmq"]);
    assert!(values(complete("/guide topic:SALA").await).contains(&"salary".to_owned()));
    assert!(complete("/guide topic:🦀🦀").await.is_empty());
}

#[tokio::test]
async fn what_there_is_no_guide_on_is_refused_kindly() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    for (typed, said) in [
        ("underwater-basketry", "There is no guide “underwater-basketry”."),
        ("**@everyone** <@1>", "There is no guide “everyone 1”."),
        ("🦀", "There is no such guide."),
    ] {
        let refused = world.run(&ana, &format!("/guide topic:{typed}")).await;
        assert_eq!(refused.text(), format!("{said} Start typing and choose one from the list."));
        assert!(refused.is_ephemeral() && refused.pings_nobody());
    }
}

#[tokio::test]
async fn a_button_to_a_page_that_is_gone_says_so_or_shows_the_last() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let page = world.run(&ana, "/guide topic:star").await;
    let gone = world.told(world.told(ana.press_raw(&page, "1:guide:burned-book:0").await).settled().await);
    assert!(gone.text().starts_with("There is no guide"), "{}", gone.text());
    let past = world.told(world.told(ana.press_raw(&page, "1:guide:star:4000000000").await).settled().await);
    assert!(past.text().contains("Page "), "{}", past.text());
}

/// What `coach guide` prints, and its exit code.
fn coach_guide(arguments: &[&str]) -> (String, String, Option<i32>) {
    let here = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_coach"));
    let output = command.arg("guide").args(arguments).current_dir(here.path()).env_clear().output().unwrap();
    assert_eq!(std::fs::read_dir(here.path()).unwrap().count(), 0, "reading leaves nothing behind");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn the_terminal_reads_the_same_without_a_database() {
    let (list, _, code) = coach_guide(&[]);
    assert_eq!(code, Some(0));
    assert!(list.contains("Frameworks\n") && list.contains("  star ") && list.contains("kafka, "), "{list}");
    let (page, _, code) = coach_guide(&["Kafka"]);
    assert_eq!(code, Some(0));
    assert!(page.starts_with("Kafka\n───") && page.contains("coach practice --topic kafka"), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
}

#[test]
fn a_name_that_is_nearly_one_is_suggested_in_the_terminal() {
    let (out, said, code) = coach_guide(&["kafak"]);
    assert_eq!((out.as_str(), code), ("", Some(2)));
    assert_eq!(said, "error: there is no guide \"kafak\"; did you mean kafka?\n");
    let (_, said, _) = coach_guide(&["\u{1b}[31mbasketry\n"]);
    assert!(said.starts_with("error: there is no guide \"[31mbasketry\"; `coach guide` lists all"), "{said:?}");
}

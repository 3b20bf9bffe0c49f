//! Answers that are no answers, answers that look like trouble, and presses that nobody could have made.

use super::{ASK_STAMPEDE, STAMPEDE};
use crate::support::app::World;
use crate::support::content::{bank_of, strong_answer};

const STALE: &str = "That button is from an older version of me. Use /question or /help to go on.";

#[tokio::test]
async fn answers_without_effort_are_turned_away_with_a_sentence_and_given_back() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let question = shown.embeds()[0]["description"].as_str().unwrap();
    let echo = question.split("-#").next().unwrap();
    let (empty, short) = ("I could not find any words in that.", "That is too short to grade fairly.");
    let gibberish = "I could not make out words in that.";
    for (answer, sentence) in [
        ("", empty),
        (" \r\n\t ", empty),
        ("\u{200b}\u{200d}\u{feff}", empty),
        ("\u{0}\u{7}\u{1b}[31m", short),
        (&*"🎉".repeat(2_000), empty),
        ("idk @everyone", short),
        ("```rust\nfn main() {}\n```", short),
        ("asdfgh jklqwrt zxcvbn qwrtpsd fghjkl mnbvcx zzzzzz qqqqqqq wrtpsdf", gibberish),
        (&*"*".repeat(4_000), empty),
        (echo, "That is mostly the question's own words."),
    ] {
        let modal = world.told(world.told(ana.press(&shown, "Answer").await).modal());
        let fields = [("answer".to_owned(), answer.to_owned())];
        let response = world.told(ana.submit_raw(&modal, &modal.custom_id, &fields).await);
        let said = world.told(response.settled().await);
        assert!(said.content.starts_with(sentence), "{answer:?}: {}", said.content);
        assert!(said.content.ends_with(" Nothing was counted."), "{}", said.content);
        assert!(said.is_ephemeral() && said.pings_nobody());
        let given_back = said.embeds().first().map(|embed| embed["description"].as_str().unwrap().to_owned());
        let visible = answer.chars().any(|c| c.is_alphanumeric() || matches!(c, '🎉' | '*'));
        let whole = format!("```\n{}\n```", answer.replace("```", "'''"));
        assert_eq!(given_back, visible.then_some(whole), "the words come back whole");
    }
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 0);
    assert_eq!(world.count("SELECT count(*) FROM hints").await, 0);
}

#[tokio::test]
async fn an_answer_of_any_shape_is_graded_as_the_words_it_is() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let strong = strong_answer(STAMPEDE);
    let shouted = format!("@everyone <@&1> <@{}> {strong}", ana.id);
    let fenced = format!("```\r\n{strong}\r\n```\u{202e}\u{7}\u{0}");
    let long = format!("{strong} {}", "and then some more words ".repeat(200)).chars().take(4_000).collect::<String>();
    let hebrew = "כאשר המפתח פג תוקף אלפי בקשות פונות בבת אחת אל מסד הנתונים כדי לחשב אותו ערך ולכן הוא קורס";
    let loud = strong.replace(". ", ".** __~~||> # ");
    for answer in [shouted.as_str(), &fenced, &long, hebrew, &loud] {
        let shown = world.run(&ana, ASK_STAMPEDE).await;
        let result = world.answer(&ana, &shown, "Answer", answer).await;
        assert!(result.text().contains(" of 100 · Explain cache stampede"), "{}", result.text());
        assert!(result.is_ephemeral() && result.pings_nobody());
        assert!(!result.text().contains("@everyone") && !result.text().contains("<@&1>"), "{}", result.text());
        assert!(!result.text().contains('\u{202e}'));
    }
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 5);
    assert_eq!(world.count("SELECT max(length(answer)) FROM attempts").await, 4_000, "what was said is kept whole");
}

#[tokio::test]
async fn the_client_lets_nobody_send_more_than_four_thousand_characters() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let modal = world.told(world.told(ana.press(&shown, "Answer").await).modal());
    assert_eq!(modal.fields[0].length.1, 4_000);
    let refused = ana.submit(&modal, &[("answer", &"word ".repeat(801))]).await.unwrap_err().to_string();
    assert!(refused.contains("4000"), "{refused}");
}

#[tokio::test]
async fn a_form_sent_twice_at_once_is_one_attempt() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let (one, two) = tokio::join!(ana.press(&shown, "Answer"), ana.press(&shown, "Answer"));
    let (one, two) = (world.told(world.told(one).modal()), world.told(world.told(two).modal()));
    let answer = strong_answer(STAMPEDE);
    let fields = [("answer", answer.as_str())];
    let (a, b, c) = tokio::join!(ana.submit(&one, &fields), ana.submit(&one, &fields), ana.submit(&two, &fields));
    for response in [a, b, c] {
        let result = world.told(world.told(response).settled().await);
        assert!(result.text().contains("Streak: 1 day"), "{}", result.text());
    }
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 1);
    assert_eq!(world.count("SELECT max(evidence) FROM skill_states").await, 1);
}

#[tokio::test]
async fn an_event_that_discord_delivers_again_changes_nothing() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let sent = world.submit(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    let before = world.told(sent.settled().await).text();
    world.playground.deliver_again(&sent);
    let callback = format!("/interactions/{}/", sent.id);
    let refused = world
        .playground
        .wait_for_exchange("the second answer", |e| e.path.starts_with(&callback) && e.response["code"] == 40060)
        .await;
    world.told(refused);
    assert_eq!(world.told(sent.message()).text(), before);
    assert_eq!(world.count("SELECT count(*) FROM attempts").await, 1);
}

#[tokio::test]
async fn a_press_on_a_question_that_has_been_retired_says_so_and_keeps_the_words() {
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let result = world.answer(&ana, &shown, "Answer", &strong_answer(STAMPEDE)).await;
    let open = world.told(world.told(ana.press(&shown, "Answer").await).modal());
    let bank = bank_of(&["technical/explain-rest-apis"]);
    world.set("COACH_CONTENT__DIR", bank.path().to_str().unwrap());
    world.restart().await;
    let retired = "That question has been retired from the bank. Use /question for a current one.";
    for (message, label) in [
        (&shown, "Answer"),
        (&shown, "Hint"),
        (&shown, "Reveal"),
        (&result, "Retry"),
        (&result, "Model answer"),
        (&result, "Share"),
    ] {
        let said = world.press(&ana, message, label).await;
        assert_eq!(said.text(), retired, "{label}");
        assert!(said.is_ephemeral());
    }
    let late = world.told(ana.submit(&open, &[("answer", "My words, which took me an hour to write down.")]).await);
    let said = world.told(late.settled().await).text();
    assert_eq!(
        said,
        format!("{retired}\nYour words, to copy\n```\nMy words, which took me an hour to write down.\n```")
    );
    let skipped = world.press(&ana, &shown, "Skip").await;
    assert!(skipped.text().starts_with("Explain REST APIs"), "{}", skipped.text());
    let progress = world.run(&ana, "/progress").await.text();
    assert!(progress.contains("1 answer to 1 question"), "history stays: {progress}");
}

#[tokio::test]
async fn a_button_nobody_was_given_is_answered_and_does_nothing() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, ASK_STAMPEDE).await;
    let real = shown.button("Hint").unwrap().custom_id;
    let other_version = real.replacen('1', "2", 1);
    let form = real.replace("hint", "submit");
    let truncated = &real[..real.len() / 2];
    let injected = "1:hint:'; DROP TABLE attempts; --:cache-stampede";
    for forged in [&*other_version, truncated, &form, injected, "", "1", "1:share:", "answer", "🎉", "1:next:extra"] {
        let said = world.told(world.told(ana.press_raw(&shown, forged).await).settled().await);
        assert_eq!(said.text(), STALE, "{forged}");
        assert!(said.is_ephemeral());
    }
    let unknown = "0".repeat(32);
    for (forged, sentence) in [
        (format!("1:hint:{unknown}:no-such-question"), "That question has been retired from the bank."),
        (format!("1:share:{unknown}"), "That result is no longer stored. Use /question for a new one."),
        (format!("1:mock-answer:{unknown}:1"), "That interview"),
    ] {
        let said = world.told(world.told(ana.press_raw(&shown, &forged).await).settled().await);
        assert!(said.text().starts_with(sentence), "{forged}: {}", said.text());
    }
    let modal = world.told(world.told(ana.press(&shown, "Answer").await).modal());
    let words = [("answer".to_owned(), "Words that should not be lost.".to_owned())];
    let said = world.told(world.told(ana.submit_raw(&modal, "1:what", &words).await).settled().await);
    assert!(said.text().starts_with(STALE) && said.text().contains("Words that should not be lost."));
    assert_eq!(world.count("SELECT (SELECT count(*) FROM hints) + (SELECT count(*) FROM attempts)").await, 0);
}

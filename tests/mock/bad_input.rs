//! Answers that nobody expects: none, long ones, scripts, Markdown, and names that would ping.

use super::story::{Interview, turns};
use crate::support::app::World;

#[tokio::test]
async fn an_answer_without_words_is_turned_away_and_the_question_still_waits() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    for empty in ["   ", "…!?", "🤷‍♀️🤷‍♀️", "\r\n\r\n", "> ** **", "zxcvbnm qwrtpl sdfghjk xxxxx"] {
        let refused = interview.answer(&first, empty).await;
        assert!(refused.is_ephemeral(), "{empty:?}: {}", refused.text());
        assert!(refused.text().contains("Nothing was counted."), "{empty:?}: {}", refused.text());
    }
    ana.mention_bot(&interview.thread, "").unwrap();
    let refused = interview.thread.wait_for("a reply", |m| m.text().contains("Nothing was counted.")).await.unwrap();
    assert!(refused.pings_nobody());
    assert_eq!(turns(&world).await.len(), 1);
    interview.answer(&first, "I would put a small queue between the two and let each side work at its own pace.").await;
    interview.question(2).await;
}

#[tokio::test]
async fn odd_answers_are_kept_as_typed_and_shown_without_pinging_anyone() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, mut question) = Interview::start(&world, &ana, "/mock start length:45").await;
    let long: String =
        (0..200).map(|n| format!("Step{n} *measures* part{n} of [it](https://example.com/{n}) | first; ")).collect();
    let long: String = long.chars().take(4_000).collect();
    let odd = [
        "@everyone @here look, <@1234567890123456789> and <@&1234567890123456789> know: use a queue between them",
        "# Title\n**bold** ~~struck~~ ||hidden|| `code`\n```sql\nDROP TABLE interviews;\n```\n> quoted words here",
        "הייתי שם תור בין שני השירותים כדי שכל אחד מהם יעבוד בקצב שלו ואז מודד את זמן ההמתנה",
        "🚀🚀🚀 queue 🚀 between 🚀 the 🚀 two 🚀 services 🚀 and measure the wait 🚀",
        "line one of the answer\r\nline two of the answer\rline three\n\n\n\nand a last line after a gap",
        "\u{202e}reversed text that would turn the lines around it\u{202c} and then some ordinary words",
        long.as_str(),
    ];
    for (n, answer) in odd.into_iter().enumerate() {
        let shown = interview.answer(&question, answer).await;
        assert!(!shown.is_ephemeral() && shown.pings_nobody(), "{}", shown.text());
        let text = shown.text();
        assert!(!text.contains("@everyone") && !text.contains("](") && !text.contains('\u{202e}'), "{text}");
        let stored = turns(&world).await[n].answer.clone().unwrap();
        assert_eq!(stored, answer, "kept as it was typed");
        question = interview.question(u32::try_from(n).unwrap() + 2).await;
    }
    assert!(interview.thread.messages().iter().all(|message| message.pings_nobody()));
    world.run(&ana, "/mock end").await;
    let scorecard = interview.scorecard().await;
    assert!(scorecard.pings_nobody() && !scorecard.text().contains("@everyone"), "{}", scorecard.text());
}

#[tokio::test]
async fn the_question_handed_back_is_no_answer() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start topic:redis").await;
    let question = first.embeds()[0]["description"].as_str().unwrap().to_owned();
    let refused = interview.answer(&first, &question).await;
    assert!(refused.text().contains("the question's own words"), "{}", refused.text());
    assert!(refused.text().contains("Your words, to copy"), "{}", refused.text());
}

//! People act, a real bot answers, and each person sees what they would.

use std::sync::atomic::Ordering;
use std::time::Duration;

use coach::playground::people::Message;
use coach::playground::{Fault, Options, Playground, permissions};

use super::bot::Bot;

async fn playground() -> Playground {
    Playground::start(Options::default()).await.unwrap()
}

#[tokio::test]
async fn a_command_is_answered_for_its_invoker_alone() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let (ana, ben) = (server.member("ana"), server.member("ben"));
    let _bot = Bot::start(&playground).await;
    let shown = ana.run(&channel, "/ping text:שלום **@everyone** 🎉").await.unwrap();
    let message = shown.message().unwrap();
    assert_eq!(message.content, "שלום **@everyone** 🎉");
    assert!(message.is_ephemeral() && message.pings_nobody());
    assert_eq!((ana.sees(&channel).len(), ben.sees(&channel).len()), (1, 0));
}

#[tokio::test]
async fn the_first_follow_up_fills_a_deferred_answer_and_the_second_is_a_message_of_its_own() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let _bot = Bot::start(&playground).await;
    let shown = server.member("ana").run(&channel, "/slow").await.unwrap();
    assert_eq!(shown.kind(), 5);
    let edited = shown.wait("the edit", |message| message.content == "first, edited").await.unwrap();
    assert!(!edited.is_loading());
    let second = shown.wait_for_followup("the second", |message| message.content == "second").await.unwrap();
    assert_eq!(channel.messages().iter().map(|message| message.id).collect::<Vec<_>>(), [edited.id, second.id]);
}

#[tokio::test]
async fn a_button_opens_a_modal_and_what_is_submitted_arrives_whole() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    let question = ana.run(&channel, "/ask").await.unwrap().message().unwrap();
    assert_eq!(question.text(), "A question\nWhy an index?\nLevel\nmid");
    let modal = ana.press(&question, "Answer").await.unwrap().modal().unwrap();
    assert_eq!(modal.fields[0].label, "Your answer");
    for answer in ["🧠".repeat(1000), "line\r\nline\n\n`code`".to_owned(), "x".repeat(1900)] {
        let result = ana.submit(&modal, &[("Your answer", &answer)]).await.unwrap().message().unwrap();
        assert_eq!(result.content, format!("You wrote: {answer}"));
    }
    assert!(ana.submit(&modal, &[("text", "")]).await.unwrap_err().to_string().contains("required"));
    assert!(ana.submit(&modal, &[("text", &"x".repeat(4001))]).await.unwrap_err().to_string().contains("4001"));
}

#[tokio::test]
async fn updating_a_message_in_place_takes_its_old_buttons_away() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    let question = ana.run(&channel, "/ask").await.unwrap().message().unwrap();
    let updated = ana.press(&question, "Count 0").await.unwrap().message().unwrap();
    assert_eq!((updated.id, updated.buttons()[0].label.as_str()), (question.id, "Count 1"));
    assert!(ana.press(&question, "Count 0").await.unwrap_err().to_string().contains("Count 1"));
    let old = ana.press_raw(&question, "gone").await.unwrap().message().unwrap();
    assert_eq!(old.content, "This button is too old.");
}

#[tokio::test]
async fn acknowledging_twice_is_refused_with_40060() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let bot = Bot::start(&playground).await;
    let question = ana.run(&channel, "/ask").await.unwrap().message().unwrap();
    let pressed = ana.press(&question, "Twice").await.unwrap();
    pressed.wait_for_followup("the follow-up", |message| message.content == "done").await.unwrap();
    assert_eq!(bot.shared.latest_refusal.load(Ordering::SeqCst), 40060);
}

#[tokio::test]
async fn two_presses_at_once_are_two_interactions() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    let question = ana.run(&channel, "/ask").await.unwrap().message().unwrap();
    let (one, two) = tokio::join!(ana.press_raw(&question, "count:1"), ana.press_raw(&question, "count:1"));
    assert_ne!(one.unwrap().id, two.unwrap().id);
}

#[tokio::test]
async fn who_does_not_answer_in_time_did_not_respond() {
    let options = Options { acknowledge_within: Duration::from_millis(300), ..Options::default() };
    let playground = Playground::start(options).await.unwrap();
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let _bot = Bot::start(&playground).await;
    let silence = server.member("ana").run(&channel, "/mute").await.unwrap_err();
    assert_eq!(silence.to_string(), "The application did not respond");
}

#[tokio::test]
async fn a_late_acknowledgement_is_refused() {
    let options = Options { acknowledge_within: Duration::from_millis(200), ..Options::default() };
    let playground = Playground::start(options).await.unwrap();
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let _bot = Bot::start(&playground).await;
    playground.plan_fault("POST", "/interactions/**", 1, Fault::Delay(Duration::from_millis(400)));
    assert!(server.member("ana").run(&channel, "/ping").await.is_err());
    let late = playground.wait_for_exchange("the callback", |exchange| exchange.path.ends_with("/callback"));
    assert_eq!(late.await.unwrap().response["code"], 10062);
}

#[tokio::test]
async fn a_moderators_command_is_refused_to_members_and_in_dms() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let (ana, mo) = (server.member("ana"), server.moderator("mo"));
    let _bot = Bot::start(&playground).await;
    assert!(ana.run(&channel, "/set topic:redis").await.unwrap_err().to_string().contains("permission"));
    assert!(mo.run(&mo.dm(), "/set topic:redis").await.unwrap_err().to_string().contains("only for servers"));
    let done = mo.run(&channel, "/set topic:redis channel:#practice member:@ana").await.unwrap();
    assert_eq!(done.message().unwrap().content, "redis practice ana");
    assert!(mo.run(&channel, "/set").await.unwrap_err().to_string().contains("required"));
}

#[tokio::test]
async fn suggestions_follow_what_is_typed() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let mo = server.moderator("mo");
    let _bot = Bot::start(&playground).await;
    let suggested = mo.autocomplete(&channel, "/set topic:post").await.unwrap();
    assert_eq!(suggested, [("postgresql".to_owned(), "postgresql".to_owned())]);
    assert_eq!(mo.autocomplete(&channel, "/set topic:").await.unwrap().len(), 3);
    assert!(mo.autocomplete(&channel, "/set topic:nothing").await.unwrap().is_empty());
}

#[tokio::test]
async fn commands_work_in_dms() {
    let playground = playground().await;
    let _server = playground.add_server("Study Hall");
    let ana = playground.person("ana");
    let _bot = Bot::start(&playground).await;
    assert_eq!(ana.run(&ana.dm(), "/ping").await.unwrap().message().unwrap().content, "pong");
}

#[tokio::test]
async fn an_app_installed_to_an_account_works_where_the_bot_is_not() {
    let playground = playground().await;
    let server = playground.add_server_without_bot("Elsewhere");
    let channel = server.text_channel("general");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    assert!(ana.run(&channel, "/everywhere").await.unwrap_err().to_string().contains("not installed here"));
    ana.install_app();
    assert!(ana.run(&channel, "/ping").await.unwrap_err().to_string().contains("not installed here"));
    let shown = ana.run(&channel, "/everywhere").await.unwrap();
    assert_eq!(shown.message().unwrap().content, "here too");
}

#[tokio::test]
async fn poises_own_modals_work() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    let asked = ana.run(&channel, "/story").await.unwrap();
    let modal = asked.modal().unwrap();
    assert_eq!((modal.title.as_str(), modal.fields[1].required), ("A story", false));
    let submitted = ana.submit(&modal, &[("Situation", "an outage")]).await.unwrap();
    assert_eq!(submitted.kind(), 6);
    asked.wait_for_followup("the story", |message| message.content == "an outage /").await.unwrap();
}

#[tokio::test]
async fn a_menu_takes_what_is_in_it() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    let question = ana.run(&channel, "/ask").await.unwrap().message().unwrap();
    let chosen = ana.choose(&question, "Level", &["Senior"]).await.unwrap().message().unwrap();
    assert_eq!(chosen.content, "chosen: senior");
    assert!(ana.choose(&question, "Level", &["staff"]).await.is_err());
    assert!(ana.choose(&question, "Level", &["mid", "senior"]).await.is_err());
}

#[tokio::test]
async fn text_reaches_the_bot_only_when_it_is_addressed_to_it() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let ana = server.member("ana");
    let _bot = Bot::start(&playground).await;
    ana.say(&channel, "just talking").unwrap();
    let heard = channel.wait_for("an echo", |message| message.content.starts_with("heard")).await.unwrap();
    assert_eq!(heard.content, "heard []", "without the intent the text is withheld");
    ana.reply(&heard, "a reply").unwrap();
    channel.wait_for("the reply", |message| message.content == "heard [a reply]").await.unwrap();
    ana.mention_bot(&channel, "a mention").unwrap();
    channel.wait_for("the mention", |message| message.content.contains("a mention]")).await.unwrap();
    ana.say(&ana.dm(), "a DM").unwrap();
    ana.dm().wait_for("the DM", |message| message.content == "heard [a DM]").await.unwrap();
    ana.reply_quietly(&heard, "a quiet reply").unwrap();
    let again = |message: &Message| message.content == "heard []" && message.id != heard.id;
    channel.wait_for("the second withheld", again).await.unwrap();
}

#[tokio::test]
async fn people_are_held_to_what_they_may_do() {
    let playground = playground().await;
    let server = playground.add_server("Study Hall");
    let channel = server.text_channel("practice");
    let (ana, ben) = (server.member("ana"), server.member("ben"));
    let said = ana.say(&channel, "hello").unwrap();
    assert!(ben.edit(&said, "hijacked").is_err());
    assert!(ben.delete_message(&said).is_err());
    assert!(ana.say(&channel, " \r\n ").is_err());
    assert!(ana.say(&channel, &"x".repeat(2001)).is_err());
    assert_eq!(ana.edit(&said, "hello again").unwrap().content, "hello again");
    channel.set_everyone(0, permissions::VIEW_CHANNEL);
    assert!(ana.sees(&channel).is_empty());
    assert!(ana.say(&channel, "still here?").unwrap_err().to_string().contains("50001"));
}

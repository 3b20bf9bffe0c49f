//! Mock interviews: what candidates see, and what survives.

mod answering;
mod bad_input;
mod chaos;
mod places;
mod restarts;
mod rules;
pub mod story;

use story::{BANK, Interview, an_answer, asks, number, turns};

use crate::support::app::World;

#[tokio::test]
async fn an_interview_opens_in_a_private_thread_with_the_candidate_in_it() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let told = world.run(&ana, "/mock start").await;
    assert!(told.is_ephemeral());
    assert!(told.text().contains("Only you and this server's moderators can see it."), "{}", told.text());
    let interview = Interview::told_of(&world, &ana, &told);
    let first = interview.question(1).await;
    assert!(interview.thread.is_private());
    assert_eq!(interview.thread.name(), "Mock interview: technical, mid, 30 min");
    assert!(first.text().contains("Question 1 of "), "{}", first.text());
    assert!(first.text().contains("After each answer"), "coached unless asked otherwise: {}", first.text());
    assert!(first.pings_nobody());
    assert!(ana.sees(&interview.thread).iter().any(|seen| seen.id == first.id));
    assert!(ben.sees(&interview.thread).is_empty(), "nobody else reads along");
}

#[tokio::test]
async fn every_option_shapes_the_interview() {
    let world = World::new().await;
    for (who, typed, name) in [
        ("a", "/mock start track:behavioral level:senior length:15 style:pressure", "behavioral, senior, 15 min"),
        ("b", "/mock start track:system-design", "system design, mid, 30 min"),
        ("c", "/mock start track:leadership level:staff", "leadership, staff, 30 min"),
        ("d", "/mock start track:ai length:10", "AI, mid, 10 min"),
        ("e", "/mock start track:full-loop length:90", "full loop, mid, 90 min"),
    ] {
        let candidate = world.server.member(who);
        let (interview, first) = Interview::start(&world, &candidate, typed).await;
        assert_eq!(interview.thread.name(), format!("Mock interview: {name}"));
        let announced = if typed.contains("pressure") { "Feedback comes at the end." } else { "After each answer" };
        assert!(first.text().contains(announced), "{}", first.text());
    }
    let eve = world.server.member("eve");
    let (_, first) = Interview::start(&world, &eve, "/mock start topic:redis").await;
    let asked = turns(&world).await.pop().unwrap();
    let question = BANK.get(&asked.question).unwrap();
    assert!(question.skills.iter().any(|skill| skill.as_str() == "redis"), "{} is not about it", first.text());
}

#[tokio::test]
async fn the_level_comes_from_the_profile_unless_asked_otherwise() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    world.run(&ana, "/profile level:senior").await;
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    assert_eq!(interview.thread.name(), "Mock interview: technical, senior, 30 min");
    world.run(&ana, "/mock end").await;
    interview.scorecard().await;
    let (interview, _) = Interview::start(&world, &ana, "/mock start level:junior").await;
    assert_eq!(interview.thread.name(), "Mock interview: technical, junior, 30 min");
}

#[tokio::test]
async fn an_interview_goes_from_the_first_question_to_the_scorecard() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start length:20").await;
    let scorecard = interview.play(first).await;

    let stored = turns(&world).await;
    assert!(stored.iter().all(|turn| turn.answer.is_some() && turn.grade.is_some()));
    assert_eq!(interview.asked().len(), stored.len(), "each turn was asked once");
    let text = scorecard.text();
    assert!(text.contains(&format!("{0} of {0} answered", stored.len())), "{text}");
    assert!(text.contains("every planned question was asked"), "{text}");
    assert!(text.contains("Graded by "), "{text}");
    let labels: Vec<String> = scorecard.buttons().into_iter().map(|button| button.label).collect();
    assert!(labels.iter().any(|label| label.starts_with("Practise: ")), "{labels:?}");
    assert!(scorecard.pings_nobody());

    let questions = stored.iter().filter(|turn| turn.point.is_none()).count();
    let attempts = number(&world, "SELECT count(*) FROM attempts WHERE interview_id IS NOT NULL").await;
    assert_eq!(attempts, i64::try_from(questions).unwrap(), "each question counts once, however often it was probed");
    let skills = number(&world, "SELECT count(*) FROM skill_states WHERE evidence > 0").await;
    assert!(skills > 0, "what was shown moves the skills");
    let progress = world.run(&ana, "/progress").await.text();
    assert!(progress.contains('1'), "the day counts: {progress}");
    let history = world.run(&ana, "/mock history").await.text();
    assert!(history.contains("technical, mid") && history.contains("of 100"), "{history}");
    assert!(history.contains(&format!("<#{}>", interview.thread.id)), "{history}");
}

#[tokio::test]
async fn a_scorecard_leads_to_a_question_and_to_another_interview() {
    let world = World::new().await;
    let (ana, ben) = (world.server.member("ana"), world.server.member("ben"));
    let (interview, first) = Interview::start(&world, &ana, "/mock start track:behavioral length:10").await;
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    world.run(&ana, "/mock end").await;
    let scorecard = interview.scorecard().await;
    let practise = scorecard.buttons().into_iter().find(|b| b.label.starts_with("Practise: ")).unwrap();
    let question = world.press(&ana, &scorecard, &practise.label).await;
    assert!(question.button("Answer").is_some(), "{}", question.text());

    let moderator = world.server.moderator("mo");
    ana.invite(&interview.thread, &ben).unwrap();
    for other in [&ben, &moderator] {
        let refused = world.press(other, &scorecard, "Another interview").await.text();
        assert!(refused.contains("Start your own with /mock start"), "{refused}");
    }
    let told = world.press(&ana, &scorecard, "Another interview").await;
    let second = Interview::told_of(&world, &ana, &told);
    assert_ne!(second.thread.id, interview.thread.id);
    assert_eq!(second.thread.name(), "Mock interview: behavioral, mid, 10 min");
    second.question(1).await;
    let again = world.press(&ana, &scorecard, "Another interview").await.text();
    assert!(again.contains(&format!("running in <#{}>", second.thread.id)), "{again}");
}

#[tokio::test]
async fn ending_midway_gives_the_scorecard_of_what_was_answered() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let none = world.run(&ana, "/mock end").await.text();
    assert_eq!(none, "You have no mock interview running. Start one with /mock start.");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    interview.answer(&first, &an_answer(1)).await;
    let second = interview.question(2).await;
    let ended = world.run(&ana, "/mock end").await.text();
    assert_eq!(ended, format!("Ended. Your scorecard is in <#{}>.", interview.thread.id));
    let text = interview.scorecard().await.text();
    assert!(text.contains("1 of 2 answered; ended by the candidate."), "{text}");

    let late = world.press(&ana, &second, "Answer").await.text();
    assert_eq!(late, "This interview is over. Start another with /mock start.");
    let said = ana.reply(&second, "One more thing that I would like to say about the design.").unwrap();
    let (next, _) = Interview::start(&world, &ana, "/mock start").await;
    assert_eq!(interview.asked().len(), 2, "nothing is asked after the end");
    assert!(turns(&world).await.iter().all(|turn| turn.answer_source != Some(format!("reply:{}", said.id))));
    assert_ne!(next.thread.id, interview.thread.id);
}

#[tokio::test]
async fn ending_before_any_answer_scores_nothing_and_counts_nothing() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    world.run(&ana, "/mock end").await;
    let text = interview.scorecard().await.text();
    assert!(text.starts_with("Scorecard: nothing to score"), "{text}");
    assert!(text.contains("0 of 1 answered"), "{text}");
    assert_eq!(number(&world, "SELECT count(*) FROM attempts").await, 0);
    let history = world.run(&ana, "/mock history").await.text();
    assert!(history.contains("not scored"), "{history}");
}

#[tokio::test]
async fn resuming_shows_the_question_that_waits_and_takes_its_answer() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let none = world.run(&ana, "/mock resume").await.text();
    assert_eq!(none, "You have no mock interview running. Start one with /mock start.");
    let empty = world.run(&ana, "/mock history").await.text();
    assert_eq!(empty, "You have no finished mock interview yet. Start one with /mock start.");
    let (interview, first) = Interview::start(&world, &ana, "/mock start").await;
    let resumed = world.run(&ana, "/mock resume").await;
    assert!(resumed.is_ephemeral());
    assert!(resumed.text().contains(&format!("<#{}>", interview.thread.id)), "{}", resumed.text());
    let question = &first.embeds()[0]["description"];
    assert!(resumed.text().contains(question.as_str().unwrap()), "{}", resumed.text());
    interview.answer(&resumed, &an_answer(1)).await;
    interview.question(2).await;
    assert_eq!(turns(&world).await[0].answer, Some(an_answer(1)));
}

#[tokio::test]
async fn a_coach_speaks_after_each_answer_and_pressure_stays_silent() {
    let world = World::new().await;
    for (who, style) in [("ana", "coached"), ("ben", "pressure")] {
        let candidate = world.server.member(who);
        let typed = format!("/mock start style:{style}");
        let (interview, first) = Interview::start(&world, &candidate, &typed).await;
        interview.answer(&first, &an_answer(1)).await;
        let second = interview.question(2).await;
        assert_eq!(second.text().contains("this question is graded on"), style == "coached", "{}", second.text());
    }
}

#[tokio::test]
async fn a_second_interview_is_refused_with_a_link_to_the_first() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start").await;
    let refused = world.run(&ana, "/mock start track:ai").await;
    let link = format!("<#{}>", interview.thread.id);
    assert!(refused.text().contains(&link) && refused.text().contains("/mock end"), "{}", refused.text());
    assert_eq!(world.channel.threads().len(), 1);
}

#[tokio::test]
async fn of_two_starts_at_once_one_wins_and_the_other_leaves_no_open_thread() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let (one, other) = tokio::join!(world.run(&ana, "/mock start"), world.run(&ana, "/mock start"));
    let texts = [one.text(), other.text()];
    assert_eq!(texts.iter().filter(|t| t.starts_with("Your interview is in")).count(), 1, "{texts:?}");
    assert_eq!(texts.iter().filter(|t| t.contains("already have a mock interview running")).count(), 1, "{texts:?}");
    let open = world.channel.threads().iter().filter(|thread| !thread.is_archived()).count();
    let sent = world.playground.exchanges();
    let sent: Vec<_> = sent.iter().map(|x| format!("{} {} {:?}", x.method, x.path, x.status)).collect();
    assert_eq!(open, 1, "{sent:#?}");
    assert_eq!(number(&world, "SELECT count(*) FROM interviews").await, 1);
}

#[tokio::test]
async fn a_track_without_questions_is_refused_with_a_way_on() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let refused = world.run(&ana, "/mock start track:coding").await;
    assert!(refused.text().starts_with("There is no Coding question for that here. Try another track"));
    let refused = world.run(&ana, "/mock start topic:zzzzzz").await;
    assert!(refused.text().contains("zzzzzz"), "{}", refused.text());
    assert!(world.channel.threads().is_empty(), "nothing is opened for an interview that cannot be");
}

#[tokio::test]
async fn an_interview_asks_only_what_the_servers_topics_allow() {
    let world = World::new().await;
    let (ana, moderator) = (world.server.member("ana"), world.server.moderator("mo"));
    let set = world.run(&moderator, "/topics set topic:caching weight:5").await;
    let (_, first) = Interview::start(&world, &ana, "/mock start").await;
    assert_eq!(asks(&first), Some(1));
    let plans = story::database(&world).await;
    let plan: String = sqlx::query_scalar("SELECT plan FROM interviews").fetch_one(&plans).await.unwrap();
    assert!(plan.contains(r#""questions":["cache-stampede"]"#), "{}\n{plan}", set.text());
}

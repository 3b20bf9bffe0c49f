//! Mock interviews without a model: from the plan to the scorecard, through restarts and impatience.

use super::{ANA, BEN, Bench, GUILD, refusal};
use crate::app::Who;
use crate::app::mock::{Asking, DEFAULT_MINUTES, Heard, MockForm, Taken, ToDo};
use crate::domain::grade::Gate;
use crate::domain::ids::{ChannelId, MessageId, ServerId};
use crate::domain::interview::{AnswerSource, Style};
use crate::domain::taxonomy::{Level, Track};
use crate::grading;
use crate::store::InterviewRow;

const CHANNEL: ChannelId = ChannelId(500);
const THREAD: ChannelId = ChannelId(501);

fn form() -> MockForm {
    MockForm {
        track: Track::Technical,
        topic: None,
        level: Some(Level::Mid),
        minutes: DEFAULT_MINUTES,
        style: Style::Coached,
    }
}

/// Ana's interview, begun.
async fn begun(bench: &Bench) -> String {
    let plan = bench.plan_mock(ANA, &form()).await.unwrap();
    bench.begin_mock(ANA, CHANNEL, THREAD, plan).await.unwrap()
}

/// The interview that someone is in.
async fn running(bench: &Bench, who: Who) -> InterviewRow {
    bench.store.running_interview(who.member).await.unwrap().unwrap()
}

/// The turn that waits to be shown, shown as the message of that number.
async fn show(bench: &Bench, id: &str) -> Option<Asking> {
    match bench.advance_mock(id).await.unwrap() {
        ToDo::Ask(asking) => {
            bench.turn_shown(id, asking.turn.seq, MessageId(1_000 + u64::from(asking.turn.seq))).await.unwrap();
            Some(*asking)
        }
        ToDo::Nothing | ToDo::Score(_) => None,
    }
}

async fn answer(bench: &Bench, id: &str, seq: u32, text: &str) -> Taken {
    // Every form is an interaction of its own, in whichever interview.
    let interaction = bench.store.interview(id).await.unwrap().unwrap().thread.0 * 100 + u64::from(seq);
    bench.answer_mock(ANA, id, seq, text, interaction).await.unwrap()
}

/// Answers everything with the bank's strong answers, restarting before each step if asked to.
async fn to_the_end(mut bench: Bench, id: &str, restart: bool) -> (Bench, Vec<Asking>, InterviewRow) {
    let mut asked = Vec::new();
    loop {
        if restart {
            bench = bench.restarted().await;
        }
        match bench.advance_mock(id).await.unwrap() {
            ToDo::Ask(asking) => {
                bench.turn_shown(id, asking.turn.seq, MessageId(1_000 + u64::from(asking.turn.seq))).await.unwrap();
                let text = bench.question(asking.turn.question.as_str()).unwrap().strong_answer.clone();
                assert!(matches!(answer(&bench, id, asking.turn.seq, &text).await, Taken::Stored(_)));
                asked.push(*asking);
            }
            ToDo::Score(row) => return (bench, asked, *row),
            ToDo::Nothing => panic!("stuck after {} turns", asked.len()),
        }
    }
}

#[tokio::test]
async fn an_interview_goes_from_its_plan_to_a_scorecard_without_a_model() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    let (bench, asked, row) = to_the_end(bench, &id, false).await;
    assert!(asked.len() <= row.plan.turns_allowed());
    assert_eq!(asked[0].turn.seq, 1);
    assert_eq!(asked[0].place, (1, row.plan.questions.len()));
    assert!(asked.iter().all(|a| a.turn.asked_by == "bank"));
    assert!(asked[1..].iter().all(|a| a.turn.feedback.is_some()), "coached");
    let card = row.scorecard.unwrap();
    assert_eq!(card.per_question.len(), row.plan.questions.len());
    assert!(card.overall.unwrap() > 0.5, "{card:?}");
    assert_eq!(card.graders, [grading::NAME]);
    assert_eq!(row.end_reason.as_deref(), Some("every planned question was asked"));
    bench.scorecard_shown(&id).await.unwrap();
    assert!(matches!(bench.advance_mock(&id).await.unwrap(), ToDo::Nothing));
    assert_eq!(bench.pending_mocks(9).await.unwrap(), [""; 0]);
    assert_eq!(bench.past_mocks(ANA, 9).await.unwrap().len(), 1);
    let progress = bench.progress(ANA).await.unwrap();
    assert_eq!((progress.streak.current, progress.totals.attempts as usize), (1, row.plan.questions.len()));
}

#[tokio::test]
async fn a_process_that_dies_before_every_step_asks_the_same_and_scores_the_same() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    let plan = running(&bench, ANA).await.plan;
    let (bench, asked, row) = to_the_end(bench, &id, true).await;
    bench.scorecard_shown(&id).await.unwrap();
    // The same plan again, in one go.
    let id = bench.begin_mock(ANA, CHANNEL, ChannelId(502), plan).await.unwrap();
    let (_bench, asked_in_one_go, row_in_one_go) = to_the_end(bench, &id, false).await;
    let words = |asked: Vec<Asking>| asked.into_iter().map(|a| a.turn).collect::<Vec<_>>();
    assert_eq!(words(asked), words(asked_in_one_go));
    assert_eq!(row.scorecard, row_in_one_go.scorecard);
}

#[tokio::test]
async fn pressure_keeps_its_feedback_for_the_end() {
    let bench = Bench::real().await;
    let plan = bench.plan_mock(ANA, &MockForm { style: Style::Pressure, ..form() }).await.unwrap();
    let id = bench.begin_mock(ANA, CHANNEL, THREAD, plan).await.unwrap();
    let (_bench, asked, _) = to_the_end(bench, &id, false).await;
    assert!(asked.iter().all(|a| a.turn.feedback.is_none()));
}

#[tokio::test]
async fn nobody_runs_two_interviews_at_once() {
    let bench = Bench::real().await;
    let plan = bench.plan_mock(ANA, &form()).await.unwrap();
    begun(&bench).await;
    let expected = "You already have a mock interview running in <#501>. Go on there, or end it with /mock end.";
    assert_eq!(refusal(bench.plan_mock(ANA, &form()).await), expected);
    // Two commands at once may both have planned.
    assert_eq!(refusal(bench.begin_mock(ANA, CHANNEL, ChannelId(777), plan).await), expected);
    assert!(bench.plan_mock(BEN, &form()).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_planned_is_refused() {
    let bench = Bench::real().await;
    for minutes in [0, 9, 91, u32::MAX] {
        let sentence = refusal(bench.plan_mock(ANA, &MockForm { minutes, ..form() }).await);
        assert!(sentence.starts_with("A mock interview takes 10 to 90 minutes."), "{sentence}");
    }
    let odd = MockForm { topic: Some("@everyone".to_owned()), ..form() };
    assert!(refusal(bench.plan_mock(ANA, &odd).await).starts_with("There is no topic “everyone”."));
    let none = MockForm { topic: Some("jwt".to_owned()), track: Track::Behavioral, ..form() };
    assert!(refusal(bench.plan_mock(ANA, &none).await).contains("question for that here."));
    assert!(refusal(bench.running_mock(ANA).await).starts_with("You have no mock interview running."));
    assert!(refusal(bench.end_mock(ANA).await).starts_with("You have no mock interview running."));
}

#[tokio::test]
async fn ending_early_judges_what_was_said_and_counts_it_once() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    let first = show(&bench, &id).await.unwrap();
    let text = bench.question(first.turn.question.as_str()).unwrap().strong_answer.clone();
    answer(&bench, &id, 1, &text).await;
    let row = bench.end_mock(ANA).await.unwrap();
    bench.end_interview(&row).await.unwrap();
    let ToDo::Score(row) = bench.advance_mock(&id).await.unwrap() else { panic!("no scorecard") };
    let card = row.scorecard.unwrap();
    assert_eq!((card.asked, card.answered, row.end_reason.as_deref()), (1, 1, Some("ended by the candidate")));
    assert!(card.overall.unwrap() > 0.5);
    let progress = bench.progress(ANA).await.unwrap();
    assert_eq!((progress.totals.attempts, progress.streak.current), (1, 1));
    assert!(refusal(bench.open_mock(ANA, &id, 1).await).starts_with("This interview is over."));
    assert!(bench.plan_mock(ANA, &form()).await.is_ok());
}

#[tokio::test]
async fn ending_before_anything_was_said_scores_nothing_and_earns_nothing() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    bench.end_mock(ANA).await.unwrap();
    let ToDo::Score(row) = bench.advance_mock(&id).await.unwrap() else { panic!("no scorecard") };
    assert_eq!(row.scorecard.unwrap().overall, None);
    assert_eq!(bench.progress(ANA).await.unwrap().streak.current, 0);
}

#[tokio::test]
async fn a_form_delivered_twice_is_one_answer_and_an_old_form_is_refused() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    show(&bench, &id).await.unwrap();
    let honest = "I don't know, I have never used it.";
    assert!(matches!(answer(&bench, &id, 1, honest).await, Taken::Stored(_)));
    show(&bench, &id).await.unwrap();
    let sentence = refusal(bench.answer_mock(ANA, &id, 1, "Something else.", 99).await);
    assert_eq!(sentence, "That question has its answer already. Please answer the newest one.");
    assert!(refusal(bench.answer_mock(BEN, &id, 2, honest, 98).await).starts_with("This is <@1>’s interview."));
    assert!(refusal(bench.answer_mock(ANA, "gone", 2, honest, 97).await).contains("no longer stored"));
    assert_eq!(bench.store.turns(&id).await.unwrap()[0].answer.as_ref().unwrap().0, honest);
}

#[tokio::test]
async fn an_event_repeated_before_the_next_question_changes_nothing() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    show(&bench, &id).await.unwrap();
    let first = bench.answer_mock(ANA, &id, 1, "It repeats safely.", 7).await.unwrap();
    assert!(matches!(first, Taken::Stored(_)));
    let again = bench.answer_mock(ANA, &id, 1, "It repeats safely.", 7).await;
    assert!(matches!(again, Ok(Taken::Stored(_))), "{again:?}");
}

#[tokio::test]
async fn what_says_nothing_is_turned_away_and_the_question_still_waits() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    let asked = show(&bench, &id).await.unwrap().turn.asked;
    let long = bench.bank.questions().iter().take(16).map(|q| q.strong_answer.as_str()).collect::<String>();
    assert!(matches!(answer(&bench, &id, 1, "🦀 …").await, Taken::TurnedAway(Gate::Empty)));
    assert!(matches!(answer(&bench, &id, 1, &asked).await, Taken::TurnedAway(Gate::EchoedQuestion)));
    assert!(matches!(bench.advance_mock(&id).await.unwrap(), ToDo::Nothing));
    assert!(matches!(answer(&bench, &id, 1, &long).await, Taken::Stored(_)));
}

#[tokio::test]
async fn a_message_in_the_thread_is_an_answer_only_from_the_candidate_and_only_when_asked() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    let say = async |thread, who: Who, message, text: &str| {
        let source = AnswerSource::Reply;
        bench.answer_mock_by_message(thread, who.member, MessageId(message), text, source, None).await.unwrap()
    };
    // Nothing is shown yet.
    assert!(matches!(say(THREAD, ANA, 1, "An eager answer.").await, Heard::TooEarly));
    show(&bench, &id).await.unwrap();
    assert!(matches!(say(THREAD, BEN, 2_002, "Let me help.").await, Heard::Nothing));
    assert!(matches!(say(CHANNEL, ANA, 2_003, "In the wrong place.").await, Heard::Nothing));
    assert!(matches!(say(THREAD, ANA, 2_004, "👍").await, Heard::Answer(Taken::TurnedAway(Gate::Empty))));
    assert!(matches!(say(THREAD, ANA, 2_005, "It repeats safely.").await, Heard::Answer(Taken::Stored(_))));
    assert!(matches!(say(THREAD, ANA, 2_005, "It repeats safely.").await, Heard::Nothing), "the same message again");
    let turns = bench.store.turns(&id).await.unwrap();
    assert_eq!(turns[0].answer.as_ref().unwrap().2, "reply:2005");
    let row = bench.running_mocks().await.unwrap().remove(0);
    assert_eq!((bench.unread_after(&row).await.unwrap(), row.id), (Some(MessageId(2_005)), id));
}

#[tokio::test]
async fn an_ignored_message_is_explained_once_a_question() {
    let bench = Bench::real().await;
    let id = begun(&bench).await;
    show(&bench, &id).await.unwrap();
    let row = bench.running_in(THREAD, ANA.member).await.unwrap().unwrap();
    bench.explain_answering(&row).await.unwrap();
    bench.explain_answering(&row).await.unwrap();
    let now = bench.clock.now();
    let later = now + jiff::SignedDuration::from_hours(1);
    let notice = bench.store.claim_notice(now, later).await.unwrap().unwrap();
    assert_eq!((notice.channel, notice.server), (THREAD, None));
    assert_eq!(bench.store.claim_notice(now, later).await.unwrap(), None);
}

#[tokio::test]
async fn a_step_that_failed_waits_a_little() {
    let mut bench = Bench::real().await;
    let id = begun(&bench).await;
    assert_eq!(bench.pending_mocks(9).await.unwrap(), [id.as_str()]);
    let row = running(&bench, ANA).await;
    bench.mock_delayed(&row.id).await.unwrap();
    assert_eq!(bench.pending_mocks(9).await.unwrap(), [""; 0]);
    bench.set_clock("2026-11-23T09:10:00Z");
    assert_eq!(bench.pending_mocks(9).await.unwrap(), [id.as_str()]);
}

#[tokio::test]
async fn days_and_other_servers_away_change_nothing() {
    let mut bench = Bench::real().await;
    let id = begun(&bench).await;
    show(&bench, &id).await.unwrap();
    bench.set_clock("2026-12-05T09:00:00Z");
    let elsewhere = Who { server: Some(ServerId(1)), ..ANA };
    assert_eq!(running(&bench, elsewhere).await.thread, THREAD);
    assert_eq!(running(&bench, elsewhere).await.server, Some(GUILD));
    assert!(matches!(answer(&bench, &id, 1, "I am back, and it repeats safely.").await, Taken::Stored(_)));
    assert!(show(&bench, &id).await.is_some());
}

//! The machine under random candidates, kills, retirements and illegal moves.

mod scorecard;

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::bank::Bank;
use crate::domain::question::Question;
use crate::domain::samples::{bank, grade, question, slug, taxonomy};
use crate::domain::taxonomy::{Level, Track};

fn a_plan(minutes: u32, questions: &[&str]) -> Plan {
    Plan {
        track: Track::Technical,
        style: Style::Coached,
        level: Level::Mid,
        minutes,
        questions: questions.iter().map(|q| slug(q)).collect(),
    }
}

fn an_answer(text: &str) -> Answer {
    Answer { text: text.into(), at: Timestamp::UNIX_EPOCH, source: AnswerSource::Reply }
}

fn proposed(interview: &Interview, bank: &Bank) -> Proposal {
    match interview.next(bank) {
        Step::Ask(proposal) => proposal,
        other => panic!("expected a question, got {other:?}"),
    }
}

/// One exchange as the process runs it: what the machine proposes is asked, answered and graded.
fn exchange(interview: Interview, bank: &Bank, scores: &[u8]) -> Interview {
    let proposal = proposed(&interview, bank);
    let asked = bank.get(proposal.question.as_str()).unwrap();
    let interview = interview.ask(&proposal, proposal.text.clone()).unwrap();
    assert_eq!(interview.next(bank), Step::AwaitAnswer { seq: proposal.seq });
    let interview = interview.answer(proposal.seq, an_answer("…")).unwrap();
    assert_eq!(interview.next(bank), Step::Judge { seq: proposal.seq });
    interview.judge(proposal.seq, grade(asked, scores)).unwrap()
}

fn probe_at(point: &str) -> TurnKind {
    TurnKind::Probe { point: slug(point) }
}

#[test]
fn the_first_thing_asked_is_the_first_planned_question() {
    let bank = bank(2);
    let proposal = proposed(&Interview::start(a_plan(30, &["q1", "q0"])), &bank);
    assert_eq!((proposal.seq, proposal.kind), (1, TurnKind::Opening));
    assert_eq!(proposal.text, bank.get("q1").unwrap().prompt);
}

#[test]
fn a_thin_answer_is_probed_at_its_weakest_point_and_each_point_once() {
    let bank = bank(1);
    let mut interview = Interview::start(a_plan(30, &["q0"]));
    interview = exchange(interview, &bank, &[1, 0, 3, 0]);
    // Two points earned nothing: the heavier first. Weights are 3, 2, 1, 1.
    assert_eq!(proposed(&interview, &bank).kind, probe_at("point-1"));
    assert_eq!(proposed(&interview, &bank).text, bank.get("q0").unwrap().rubric[1].probe);
    interview = exchange(interview, &bank, &[0, 0, 0, 0]);
    assert_eq!(proposed(&interview, &bank).kind, probe_at("point-3"), "not the same point again");
    interview = exchange(interview, &bank, &[0, 0, 0, 3]);
    assert_eq!(proposed(&interview, &bank).kind, probe_at("point-0"), "its score of 1 from the first turn stands");
    interview = exchange(interview, &bank, &[0, 0, 0, 0]);
    assert_eq!(interview.next(&bank), Step::Finish { reason: FinishReason::PlanDone, retired: Vec::new() });
}

#[test]
fn a_strong_answer_is_not_probed() {
    let bank = bank(2);
    let interview = exchange(Interview::start(a_plan(30, &["q0", "q1"])), &bank, &[3, 2, 2, 3]);
    let next = proposed(&interview, &bank);
    assert_eq!((next.question, next.kind), (slug("q1"), TurnKind::Opening));
}

#[test]
fn a_weak_first_answer_never_costs_a_later_question_its_turns() {
    let bank = bank(5);
    let names = ["q0", "q1", "q2", "q3", "q4"];
    let mut interview = Interview::start(a_plan(15, &names));
    while let Step::Ask(_) = interview.next(&bank) {
        interview = exchange(interview, &bank, &[0, 0, 0, 0]);
    }
    let of = |name: &str| interview.turns().iter().filter(|t| t.question == slug(name)).count();
    assert_eq!(names.map(of), [2; 5], "an opening and a probe each");
    let mut longer = Interview::start(a_plan(60, &names));
    while let Step::Ask(_) = longer.next(&bank) {
        longer = exchange(longer, &bank, &[0, 0, 0, 0]);
    }
    assert_eq!(longer.turns().len(), 20, "an hour is twenty turns, and all are used");
}

#[test]
fn a_probe_whose_words_were_used_is_passed_over() {
    let mut same = question("q1", "redis");
    same.rubric[0].probe = "what about  Q0, part 0?".into();
    let bank = Bank::new(taxonomy(), vec![question("q0", "redis"), same]);
    let mut interview = exchange(Interview::start(a_plan(12, &["q0", "q1"])), &bank, &[0, 3, 3, 3]);
    interview = exchange(interview, &bank, &[0, 3, 3, 3]);
    interview = exchange(interview, &bank, &[0, 1, 3, 3]);
    assert_eq!(proposed(&interview, &bank).kind, probe_at("point-1"));
}

#[test]
fn a_question_in_the_words_of_another_is_passed_over_rather_than_stuck_at() {
    let copy = Question { prompt: question("q0", "redis").prompt, ..question("q1", "redis") };
    let bank = Bank::new(taxonomy(), vec![question("q0", "redis"), copy, question("q2", "redis")]);
    let interview = exchange(Interview::start(a_plan(12, &["q0", "q1", "q2"])), &bank, &[3; 4]);
    assert_eq!(proposed(&interview, &bank).question, slug("q2"));
}

#[test]
fn a_reworded_question_is_the_same_question() {
    let bank = bank(2);
    let interview = Interview::start(a_plan(30, &["q0", "q1"]));
    let first = proposed(&interview, &bank);
    let interview = interview.ask(&first, "Tell me about q0, please.".into()).unwrap();
    let interview = interview.answer(1, an_answer("…")).unwrap();
    let interview = interview.judge(1, grade(bank.get("q0").unwrap(), &[3; 4])).unwrap();
    let second = proposed(&interview, &bank);
    assert_eq!(second.question, slug("q1"));
    let parrot = interview.clone().ask(&second, " tell me about Q0,\r\nplease.".into());
    assert_eq!(parrot, Err(IllegalTransition::Repeated));
    let again = Proposal { question: slug("q0"), ..second };
    assert_eq!(interview.ask(&again, "New words".into()), Err(IllegalTransition::Repeated));
}

#[test]
fn what_cannot_follow_is_refused() {
    let bank = bank(1);
    let fresh = Interview::start(a_plan(10, &["q0"]));
    let proposal = proposed(&fresh, &bank);
    assert_eq!(fresh.clone().answer(1, an_answer("early")), Err(IllegalTransition::NotWaiting));
    let good = grade(bank.get("q0").unwrap(), &[3; 4]);
    assert_eq!(fresh.clone().judge(1, good.clone()), Err(IllegalTransition::NothingToJudge));
    let asked = fresh.ask(&proposal, proposal.text.clone()).unwrap();
    assert_eq!(asked.clone().ask(&proposal, "again".into()), Err(IllegalTransition::NotFinished));
    assert_eq!(asked.clone().answer(2, an_answer("for another")), Err(IllegalTransition::NotWaiting));
    assert_eq!(asked.clone().judge(1, good.clone()), Err(IllegalTransition::NothingToJudge));
    let answered = asked.clone().answer(1, an_answer("once")).unwrap();
    assert_eq!(
        answered.clone().answer(1, an_answer("twice")),
        Err(IllegalTransition::NotWaiting),
        "two presses at once"
    );
    let judged = answered.judge(1, good.clone()).unwrap();
    assert_eq!(judged.clone().judge(1, good), Err(IllegalTransition::NothingToJudge));
    let ended = asked.end().unwrap();
    assert_eq!(ended.clone().answer(1, an_answer("late")), Err(IllegalTransition::Ended));
    assert_eq!(ended.clone().ask(&proposal, "more".into()), Err(IllegalTransition::Ended));
    assert_eq!(ended.end(), Err(IllegalTransition::Ended));
    assert_eq!(judged.ask(&proposal, "an old proposal".into()), Err(IllegalTransition::NotFinished));
}

#[test]
fn an_interview_that_was_ended_still_gets_its_last_grade() {
    let bank = bank(2);
    let interview = Interview::start(a_plan(30, &["q0", "q1"]));
    let proposal = proposed(&interview, &bank);
    let asked = interview.ask(&proposal, proposal.text.clone()).unwrap();
    let finished = Step::Finish { reason: FinishReason::Ended, retired: Vec::new() };
    assert_eq!(asked.clone().end().unwrap().next(&bank), finished);
    let ended = asked.answer(1, an_answer("…")).unwrap().end().unwrap();
    assert_eq!(ended.next(&bank), Step::Judge { seq: 1 });
    assert_eq!(ended.judge(1, grade(bank.get("q0").unwrap(), &[0; 4])).unwrap().next(&bank), finished);
}

#[test]
fn questions_that_leave_the_bank_are_passed_over_and_named_once() {
    let full = bank(5);
    let without = |gone: &[&str]| {
        let left = full.questions().iter().filter(|q| !gone.contains(&q.slug.as_str()));
        Bank::new(taxonomy(), left.map(|q| Question::clone(q)).collect())
    };
    let plan = a_plan(30, &["q0", "q1", "q2", "q3", "q4"]);
    let interview = exchange(Interview::start(plan.clone()), &full, &[3; 4]);
    let smaller = without(&["q1", "q2", "q4"]);
    let next = proposed(&interview, &smaller);
    assert_eq!((&next.question, next.retired), (&slug("q3"), vec![slug("q1"), slug("q2")]));
    let interview = exchange(interview, &smaller, &[3; 4]);
    assert_eq!(interview.next(&smaller), Step::Finish { reason: FinishReason::PlanDone, retired: vec![slug("q4")] });
    let none = Interview::start(plan).next(&without(&["q0", "q1", "q2", "q3", "q4"]));
    assert!(matches!(none, Step::Finish { reason: FinishReason::NothingLeft, retired } if retired.len() == 5));
}

#[test]
fn an_answer_to_a_question_that_left_the_bank_stays_and_the_interview_goes_on() {
    let bank = bank(2);
    let interview = Interview::start(a_plan(30, &["q0", "q1"]));
    let proposal = proposed(&interview, &bank);
    let asked = interview.ask(&proposal, proposal.text.clone()).unwrap();
    let smaller = Bank::new(taxonomy(), vec![question("q1", "s1")]);
    assert_eq!(asked.next(&smaller), Step::AwaitAnswer { seq: 1 });
    let answered = asked.answer(1, an_answer("…")).unwrap();
    assert_eq!(proposed(&answered, &smaller).question, slug("q1"));
    assert_eq!(answered.next(&bank), Step::Judge { seq: 1 }, "should it come back");
}

#[test]
fn records_that_no_interview_could_have_are_damaged() {
    let bank = bank(2);
    let plan = a_plan(30, &["q0", "q1"]);
    let mut played = Interview::start(plan.clone());
    for _ in 0..3 {
        played = exchange(played, &bank, &[0; 4]);
    }
    let turns = played.turns().to_vec();
    let spoil = |change: fn(&mut Vec<Turn>)| {
        let mut turns = turns.clone();
        change(&mut turns);
        Interview::resume(plan.clone(), turns, false)
    };
    assert_eq!(spoil(|_| ()), Ok(played));
    for change in [
        (|t| t[0].seq = 2) as fn(&mut Vec<Turn>),
        |t| t.swap(0, 1),
        |t| drop(t.remove(1)),
        |t| (t[0].answer, t[0].judged) = (None, None),
        |t| t[2].answer = None,
        |t| t[2].kind = TurnKind::Opening,
        |t| t[2].kind = t[1].kind.clone(),
    ] {
        assert_eq!(spoil(change), Err(IllegalTransition::Damaged));
    }
}

#[test]
fn a_plan_fills_its_length_with_questions_of_the_track_in_order() {
    let mut questions: Vec<Question> = (0..12).map(|n| question(&format!("q{n:02}"), "redis")).collect();
    for (n, q) in questions.iter_mut().enumerate() {
        q.category = slug(["systems", "databases", "other"][n % 3]);
    }
    let wish = Wish { track: Track::Technical, style: Style::Pressure, level: Level::Mid, minutes: 20 };
    let categories = [slug("systems"), slug("databases")];
    let mut orders = BTreeSet::new();
    for seed in 0..30 {
        let plan = plan(wish, &questions, &categories, &[], seed).unwrap();
        assert_eq!((plan.track, plan.style, plan.minutes), (Track::Technical, Style::Pressure, 20));
        let of = |s: &Slug| questions.iter().find(|q| &q.slug == s).unwrap().category.to_string();
        let shape: Vec<String> = plan.questions.iter().map(of).collect();
        assert_eq!(shape, ["systems", "systems", "databases", "databases"], "four of five minutes, shared evenly");
        orders.insert(plan.questions);
    }
    assert!(orders.len() > 5, "seeds must differ");
    assert_eq!(plan(wish, &questions, &[slug("behavioral")], &[], 1), None);
    assert!(plan(wish, &questions, &[], &[], 1).is_some(), "no categories admit all");
}

#[test]
fn a_plan_prefers_the_level_then_what_was_not_used_recently_and_takes_the_rest_if_it_must() {
    let mut questions = vec![question("used", "a"), question("fresh", "b"), question("for-staff", "c")];
    questions[2].levels = vec![Level::Staff];
    let wish = |minutes| Wish { track: Track::Ai, style: Style::Coached, level: Level::Mid, minutes };
    for seed in 0..10 {
        let of = |minutes| {
            let names = plan(wish(minutes), &questions, &[], &[slug("used")], seed).unwrap().questions;
            names.into_iter().map(|s| s.to_string()).collect::<BTreeSet<_>>()
        };
        assert_eq!(of(5), BTreeSet::from(["fresh".to_owned()]));
        assert_eq!(of(10), BTreeSet::from(["fresh".to_owned(), "for-staff".to_owned()]));
        assert_eq!(of(15).len(), 3);
        assert_eq!(of(0).len(), 1, "at least one");
    }
    let many: Vec<Question> = (0..20).map(|n| question(&format!("q{n}"), "a")).collect();
    assert_eq!(plan(wish(u32::MAX), &many, &[], &[], 1).unwrap().questions.len(), MAX_QUESTIONS);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_interview_ends_within_its_allowance_repeats_nothing_and_survives_any_kill(
        minutes in 0u32..90,
        count in 1usize..=MAX_QUESTIONS,
        grades in prop::collection::vec(prop::collection::vec(0u8..=3, 4), 40),
        ended_after in prop::option::weighted(0.2, 0usize..10),
        retired in prop::option::weighted(0.3, (0usize..8, 0usize..12)),
    ) {
        let full = bank(count);
        let names: Vec<String> = (0..count).map(|n| format!("q{n}")).collect();
        let mut interview = Interview::start(a_plan(minutes, &names.iter().map(String::as_str).collect::<Vec<_>>()));
        let allowed = interview.plan().turns_allowed();
        let mut now_in_bank = full.clone();
        for steps in 0.. {
            prop_assert!(steps <= 3 * allowed + 1, "it must end");
            if let Some((gone, _)) = retired.filter(|&(_, when)| interview.turns().len() == when) {
                let left = full.questions().iter().filter(|q| q.slug.as_str() != format!("q{gone}"));
                now_in_bank = Bank::new(taxonomy(), left.map(|q| Question::clone(q)).collect());
            }
            if ended_after.is_some_and(|n| interview.turns().len() > n) && !interview.is_ended() {
                interview = interview.end().unwrap();
            }
            // Killed here: what was stored, read back, must lead to the same next step.
            let step = interview.next(&now_in_bank);
            let stored = serde_json::to_string(&(interview.plan(), interview.turns())).unwrap();
            let (plan, turns) = serde_json::from_str(&stored).unwrap();
            let restarted = Interview::resume(plan, turns, interview.is_ended()).unwrap();
            prop_assert_eq!(&restarted.next(&now_in_bank), &step);
            interview = match step {
                Step::AwaitAnswer { seq } => restarted.answer(seq, an_answer("…")).unwrap(),
                Step::Judge { seq } => {
                    let last = restarted.turns().last().unwrap().question.clone();
                    let scores = &grades[seq as usize % grades.len()];
                    restarted.judge(seq, grade(full.get(last.as_str()).unwrap(), scores)).unwrap()
                }
                Step::Ask(proposal) => restarted.ask(&proposal, proposal.text.clone()).unwrap(),
                Step::Finish { .. } => break,
            };
        }
        prop_assert!(interview.turns().len() <= allowed);
        let words: BTreeSet<&str> = interview.turns().iter().map(|t| t.asked.as_str()).collect();
        prop_assert_eq!(words.len(), interview.turns().len(), "nothing is asked twice");
        for name in &names {
            let of_it = interview.turns().iter().filter(|t| t.question.as_str() == name);
            prop_assert!(of_it.count() <= 1 + MAX_PROBES);
        }
        if ended_after.is_none() && retired.is_none() {
            let openings = interview.turns().iter().filter(|t| t.kind == TurnKind::Opening).count();
            prop_assert_eq!(openings, count, "every planned question is reached");
        }
        let _ = super::scorecard(&interview, &now_in_bank);
    }

    #[test]
    fn a_probe_is_always_at_a_weakest_point_not_probed_yet(
        grades in prop::collection::vec(prop::collection::vec(0u8..=3, 4), 4),
    ) {
        let bank = bank(1);
        let mut interview = Interview::start(a_plan(60, &["q0"]));
        let mut best = [0u8; 4];
        let mut probed = BTreeSet::new();
        for scores in grades {
            interview = exchange(interview, &bank, &scores);
            best.iter_mut().zip(&scores).for_each(|(best, &score)| *best = (*best).max(score));
            let open = (0..4).filter(|n| !probed.contains(n) && best[*n] < PROBE_BELOW);
            match interview.next(&bank) {
                Step::Ask(Proposal { kind: TurnKind::Probe { point }, .. }) => {
                    let at = (0..4).find(|n| point == slug(&format!("point-{n}"))).unwrap();
                    prop_assert_eq!(Some(best[at]), open.map(|n| best[n]).min());
                    probed.insert(at);
                }
                _ => {
                    prop_assert!(probed.len() == MAX_PROBES || open.count() == 0);
                    break;
                }
            }
        }
    }
}

//! One interview, many deaths: kills and faults at moments drawn from a seed.

use std::collections::BTreeMap;
use std::time::Duration;

use coach::playground::Fault;
use coach::playground::people::{Channel, Person};
use rand::rngs::StdRng;
use rand::{Rng, RngExt as _, SeedableRng};

use super::story::{Interview, asks, is_scorecard, number, turns};
use crate::support::app::World;

/// Deaths in one interview.
const KILLS: u32 = 25;

#[tokio::test]
async fn an_interview_survives_being_killed_again_and_again() {
    let mut dice = StdRng::seed_from_u64(20_261_121);
    let mut world = World::new().await;
    let ana = world.server.member("ana");
    let (interview, _) = Interview::start(&world, &ana, "/mock start track:full-loop length:60").await;
    let thread = interview.thread.clone();
    let mut given: BTreeMap<u32, String> = BTreeMap::new();
    let mut kills = 0;
    let mut seq = 1;
    while kills < KILLS {
        let question = Interview { world: &world, candidate: ana.clone(), thread: thread.clone() }.next(seq).await;
        if is_scorecard(&question) {
            break;
        }
        plan_trouble(&world, &mut dice);
        let text =
            format!("Answer {seq}: I would weigh the options in writing and then choose the one that fails best.");
        let down = dice.random_bool(0.4);
        if down {
            world.kill();
            kills += 1;
        }
        if down || dice.random_bool(0.5) {
            // Said in the thread, it must be heard, whether anyone is up to hear it or not.
            ana.reply(&question, &text).unwrap();
            given.insert(seq, text);
        } else if submitted(&world, &ana, &question, &text).await {
            given.insert(seq, text);
        }
        if down {
            world.start_again().await;
        }
        for _ in 0..dice.random_range(0..4) {
            moment(&mut dice).await;
            world.kill();
            kills += 1;
            world.start_again().await;
        }
        // A form whose answer never came is sent again, as a person would.
        if !given.contains_key(&seq) {
            ana.reply(&question, &format!("Answer {seq}: once more, since my form was not answered at all.")).unwrap();
        }
        seq += 1;
    }
    world.playground.clear_faults();
    finish(&world, &ana, &thread, seq).await;
    assert!(kills >= KILLS, "only {kills} deaths");
    let stored = turns(&world).await;
    for (seq, text) in given {
        let answers = stored.iter().filter(|turn| turn.answer.as_ref() == Some(&text)).map(|turn| turn.seq);
        assert_eq!(answers.collect::<Vec<_>>(), [i64::from(seq)], "an answer was lost, doubled or misplaced");
    }
    let asked: Vec<u32> = thread.messages().iter().filter_map(asks).collect();
    let expected: Vec<u32> = (1..=u32::try_from(stored.len()).unwrap()).collect();
    assert_eq!(asked, expected, "each question is in the thread once, in order");
    assert_eq!(thread.messages().iter().filter(|m| is_scorecard(m)).count(), 1);
    let questions = "SELECT count(DISTINCT question) FROM interview_turns";
    assert_eq!(number(&world, "SELECT count(*) FROM attempts").await, number(&world, questions).await);
}

/// What may go wrong with the next post. Trouble that no post has met yet is over: four in a row would make the bot wait
/// longer than this test does.
fn plan_trouble(world: &World, dice: &mut impl Rng) {
    world.playground.clear_faults();
    let fault = match dice.random_range(0..6) {
        0 => Fault::DropAfter,
        1 => Fault::DropBefore,
        2 => Fault::Answer { status: 500, code: 0 },
        3 => Fault::Delay(Duration::from_millis(100)),
        _ => return,
    };
    world.playground.plan_fault("POST", "/channels/*/messages", 1, fault);
}

/// Whether the form was taken, as far as the person can tell.
async fn submitted(world: &World, ana: &Person, question: &coach::playground::people::Message, text: &str) -> bool {
    let Ok(pressed) = ana.press(question, "Answer").await else { return false };
    let form = world.told(pressed.modal());
    let Ok(response) = ana.submit(&form, &[("answer", text)]).await else { return false };
    response.settled().await.is_ok_and(|shown| !shown.is_ephemeral())
}

/// A moment of a length that only the seed knows, so that death comes anywhere.
async fn moment(dice: &mut impl Rng) {
    tokio::time::sleep(Duration::from_millis(dice.random_range(0..60))).await;
}

async fn finish(world: &World, ana: &Person, thread: &Channel, seq: u32) {
    let interview = Interview { world, candidate: ana.clone(), thread: thread.clone() };
    let next = interview.next(seq).await;
    interview.play(next).await;
}

//! A model that fails, in every way known: the interview goes on with the bank's words, in time, and gives nothing away.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use super::model::{KEY, Model, good_reply, prompt, rubric, says};
use crate::mock::story::{BANK, Interview, an_answer, turns};

/// A little over the time that the bot gives the model.
const IN_TIME: Duration = Duration::from_secs(6);

/// One answer before a model of this kind: the follow-up must come in time, be the bank's, and give nothing away.
async fn falls_back(what: &str, respond: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> Model {
    let model = Model::that(respond).await;
    let world = model.world().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start topic:redis").await;
    let began = Instant::now();
    interview.answer(&first, &an_answer(1)).await;
    interview.question(2).await;
    assert!(began.elapsed() < IN_TIME, "{what}: after {:?}", began.elapsed());
    let question = BANK.get("cache-stampede").unwrap();
    let stored = turns(&world).await;
    let point = stored[1].point.as_ref().unwrap_or_else(|| panic!("{what}: no probe"));
    assert_eq!(stored[1].asked, question.point(point).unwrap().probe, "{what}");
    assert_eq!(stored[1].asked_by, "bank", "{what}");
    assert!(!stored[0].grade.as_ref().unwrap().contains("llm:"), "{what}: {:?}", stored[0].grade);
    let said = interview.all_said();
    assert!(question.rubric.iter().all(|point| !said.contains(&point.point)), "{what}: {said}");
    world.run(&ana, "/mock end").await;
    interview.scorecard().await;
    assert!(!world.log().contains("ERROR"), "{what}: a model's failure is no error of ours: {}", world.log());
    model
}

#[tokio::test]
async fn a_model_that_refuses_the_key_costs_one_request() {
    let model = falls_back("401", |_| refuses(401)).await;
    assert_eq!(model.requests().await, 1);
}

#[tokio::test]
async fn a_busy_model_is_asked_again_only_if_there_is_time() {
    let model = falls_back("429 for a minute", |_| refuses(429).insert_header("retry-after", "60")).await;
    assert_eq!(model.requests().await, 1);
    falls_back("429 for a moment, again and again", |_| refuses(429).insert_header("retry-after", "0.1")).await;
    falls_back("429 without a word", |_| refuses(429)).await;
}

#[tokio::test]
async fn a_model_that_fails_or_is_silent_holds_nobody_up() {
    falls_back("500", |_| ResponseTemplate::new(500).set_body_string("<html>Internal Server Error</html>")).await;
    falls_back("silence", |_| says("{}").set_delay(Duration::from_secs(60))).await;
}

#[tokio::test]
async fn words_that_are_no_reply_are_not_shown() {
    falls_back("broken JSON", |_| says("{\"points\": [{\"id\": ")).await;
    falls_back("an empty string", |_| says("")).await;
    falls_back("ten thousand words", |_| says(&"word ".repeat(10_000))).await;
    falls_back("not a completion", |_| ResponseTemplate::new(200).set_body_string("hello there")).await;
}

#[tokio::test]
async fn a_model_that_tells_the_rubric_is_not_repeated() {
    falls_back("the rubric as text", |request| says(&format!("{:?}", rubric(&prompt(request))))).await;
    let leaking = |request: &Request| {
        let (_, text) = rubric(&prompt(request)).into_iter().next().unwrap_or_default();
        with(request, "message", &format!("{text}. What do you say to that?"))
    };
    falls_back("the rubric as a question", leaking).await;
}

#[tokio::test]
async fn a_question_that_is_not_one_new_question_is_not_asked() {
    falls_back("two questions", |r| with(r, "message", "What would you measure first? And why would you?")).await;
    falls_back("no question", |r| with(r, "message", "Tell me more about it.")).await;
    falls_back("a ping", |r| with(r, "message", "@everyone what would you measure first?")).await;
    let repeated = BANK.get("cache-stampede").unwrap().prompt.clone();
    falls_back("the question itself", move |r| with(r, "message", &repeated)).await;
}

#[tokio::test]
async fn points_that_nobody_asked_for_earn_nothing() {
    falls_back("an invented point to probe", |r| with(r, "probe_point", "charm-and-wit")).await;
    falls_back("points left out", |request| {
        let mut reply = good_reply(request);
        reply["points"] = json!([{ "id": "charm-and-wit", "score": 3, "quote": "For point" }]);
        says(&reply.to_string())
    })
    .await;
}

#[tokio::test]
async fn a_model_that_never_works_is_left_alone_after_a_while() {
    let model = Model::that(|_| says("{}").set_delay(Duration::from_secs(60))).await;
    let mut world = model.world_without_bot().await;
    world.set("COACH_LLM__TIMEOUT_MS", "200");
    world.start().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start length:20").await;
    interview.play(first).await;
    let (asked, answered) = (model.requests().await, turns(&world).await.len());
    assert!(asked < answered, "asked {asked} times in {answered} turns");
}

#[tokio::test]
async fn keys_tokens_and_answers_never_reach_the_log() {
    let model = Model::that(|request| {
        let prompt = prompt(request);
        if prompt.contains("answer-canary-1") {
            says("nonsense-canary")
        } else {
            says(&good_reply(request).to_string())
        }
    })
    .await;
    let mut world = model.world_without_bot().await;
    world.set("RUST_LOG", "trace");
    world.start().await;
    let ana = world.server.member("ana");
    let (interview, first) = Interview::start(&world, &ana, "/mock start topic:redis").await;
    interview.answer(&first, "I say answer-canary-1 and then I would measure what the cache does first.").await;
    let second = interview.question(2).await;
    ana.reply(&second, "I say answer-canary-2 and would then look at the misses of the cache.").unwrap();
    let third = interview.question(3).await;
    ana.mention_bot(&interview.thread, "I say answer-canary-3 and so I would warm it up before the sale.").unwrap();
    interview.next(4).await;
    ana.reply_quietly(&third, "I say answer-canary-4 where nobody is meant to hear it at all.").unwrap();
    world.run(&ana, "/mock history").await;
    let (log, lines) = (world.log(), world.log().lines().count());
    assert!(lines > 20, "the log is at its most talkative: {lines} lines");
    for secret in ["playground-token", KEY, "answer-canary", "nonsense-canary", "Rubric points, for judging"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "{secret} is in the log: {line:?}");
    }
}

/// An error as OpenAI words it.
fn refuses(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": { "message": "no", "type": "t", "code": "c" } }))
}

/// A good reply with one thing changed.
fn with(request: &Request, key: &str, value: &str) -> ResponseTemplate {
    let mut reply = good_reply(request);
    reply[key] = Value::from(value);
    says(&reply.to_string())
}

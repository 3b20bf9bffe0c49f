//! The endpoint's moods: good, busy, broken, slow, absent, old.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn a_good_reply_becomes_a_grade_a_probe_and_feedback() {
    let server = server([says_json(&good_reply())]).await;
    let judged = one_turn(&server).await.unwrap();
    assert_eq!(judged.grade.grader, "llm:test-model");
    assert_eq!(judged.grade.points.iter().map(|p| p.score).collect::<Vec<_>>(), [3, 2, 0, 0]);
    assert!((judged.grade.score - 5.0 / 12.0).abs() < 1e-9);
    assert_eq!(judged.next, Next::Probe { point: slug("concurrent-duplicates"), text: PROBE.to_owned() });
    assert!(judged.feedback.is_some());
    assert_eq!(judged.usage, Usage { prompt_tokens: 100, completion_tokens: 20 });
    assert_eq!(judged.prompt_version, 1);
}

#[tokio::test]
async fn the_request_names_the_model_the_key_the_limit_and_a_strict_schema() {
    let server = server([says_json(&good_reply())]).await;
    one_turn(&server).await.unwrap();
    let raw = &server.received_requests().await.unwrap()[0];
    assert_eq!(raw.headers["authorization"], format!("Bearer {KEY}"));
    let request = &requests(&server).await[0];
    assert_eq!(request["model"], "test-model");
    assert_eq!(request["max_completion_tokens"], 800);
    assert_eq!(request["response_format"]["type"], "json_schema");
    assert_eq!(request["response_format"]["json_schema"]["strict"], true);
    assert!(request.get("temperature").is_none(), "reasoning models refuse it");
    assert_eq!(request["messages"][0]["role"], "system");
    assert_eq!(request["messages"][1]["role"], "user");
}

#[tokio::test]
async fn a_server_without_accounts_gets_a_placeholder_key_and_a_slash_at_the_end_does_not_matter() {
    let server = server([says_json(&good_reply())]).await;
    let settings = LlmSettings { api_key: None, ..settings(format!("{}/v1/", server.uri()), 20_000) };
    let llm = llm_with(&settings, Breaker::new(3, SOON));
    llm.interview_turn(&first_turn(&sample_question(), ANSWER)).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap()[0].headers["authorization"], "Bearer none");
}

#[tokio::test]
async fn statuses_that_will_not_change_are_not_asked_about_twice() {
    for (status, error) in [
        (401, LlmError::Unauthorized(401)),
        (403, LlmError::Unauthorized(403)),
        (400, LlmError::Rejected(400)),
        (404, LlmError::Rejected(404)),
        (307, LlmError::Rejected(307)),
    ] {
        let server = server([refuses(status, "no")]).await;
        assert_eq!(one_turn(&server).await.unwrap_err(), error);
        assert_eq!(requests(&server).await.len(), 1, "HTTP {status}");
    }
}

#[tokio::test]
async fn an_integer_error_code_does_not_hide_the_status() {
    let body = |code: u16| json!({ "error": { "code": code, "message": "no", "type": "x" } });
    let server_401 = server([ResponseTemplate::new(401).set_body_json(body(401))]).await;
    assert_eq!(one_turn(&server_401).await.unwrap_err(), LlmError::Unauthorized(401));
    let busy = ResponseTemplate::new(429).set_body_json(body(429)).insert_header("retry-after", "0");
    let server_429 = server([busy, says_json(&good_reply())]).await;
    assert!(one_turn(&server_429).await.is_ok(), "and a retry still happens");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let server =
        server([refuses(429, "slow down").insert_header("retry-after", "0.9"), says_json(&good_reply())]).await;
    let started = Instant::now();
    one_turn(&server).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(900), "earlier than it asked for");
    assert_eq!(requests(&server).await.len(), 2);
}

#[tokio::test]
async fn a_wait_longer_than_the_deadline_is_not_waited_for() {
    let server = server([refuses(429, "slow down").insert_header("retry-after", "60")]).await;
    let started = Instant::now();
    assert_eq!(one_turn(&server).await.unwrap_err(), LlmError::RateLimited);
    assert!(started.elapsed() < SOON);
    assert_eq!(requests(&server).await.len(), 1);
}

#[tokio::test]
async fn a_server_that_recovers_is_forgiven() {
    let server = server([refuses(500, "oops"), refuses(503, "oops"), says_json(&good_reply())]).await;
    assert!(one_turn(&server).await.is_ok());
    assert_eq!(requests(&server).await.len(), 3);
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_asked_a_few_times_within_the_deadline() {
    let server = server([ResponseTemplate::new(500).set_body_string("<html>500</html>")]).await;
    assert_eq!(short_turn(&server).await.unwrap_err(), LlmError::Server(500));
    assert!((2..=6).contains(&requests(&server).await.len()), "four attempts and two plainer formats at most");
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = server([says_json(&good_reply()).set_delay(Duration::from_secs(60))]).await;
    let started = Instant::now();
    let error = llm(&server, 300).interview_turn(&first_turn(&sample_question(), ANSWER)).await.unwrap_err();
    assert_eq!(error, LlmError::Timeout(300));
    assert!(started.elapsed() < SOON);
}

#[tokio::test]
async fn nobody_listening_is_a_transport_error() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let llm = llm_with(&settings(format!("http://127.0.0.1:{port}/v1"), 2_000), Breaker::new(3, SOON));
    let error = llm.interview_turn(&first_turn(&sample_question(), ANSWER)).await.unwrap_err();
    assert_eq!(error, LlmError::Transport);
}

#[tokio::test]
async fn a_refused_format_is_stepped_down_from_once_and_remembered() {
    let no_schema = refuses(400, "response_format of type json_schema is not supported");
    let no_object = ResponseTemplate::new(500).set_body_string("unknown value for response_format");
    let chatty = says(&format!("Sure, here you go:\n```json\n{}\n```", good_reply()));
    let server = server([no_schema, no_object, chatty]).await;
    let (llm, question) = (llm(&server, 20_000), sample_question());
    llm.interview_turn(&first_turn(&question, ANSWER)).await.unwrap();
    llm.interview_turn(&first_turn(&question, ANSWER)).await.unwrap();
    let formats: Vec<_> = requests(&server).await.iter().map(|r| r["response_format"]["type"].clone()).collect();
    assert_eq!(formats, [json!("json_schema"), json!("json_object"), Value::Null, Value::Null]);
}

#[tokio::test]
async fn a_server_that_answers_500_to_a_schema_without_saying_why_still_works() {
    let server = MockServer::start().await;
    let only_json_object = |request: &Request| match &request.body_json::<Value>().unwrap()["response_format"]["type"] {
        Value::String(format) if format == "json_object" => says_json(&good_reply()),
        _ => ResponseTemplate::new(500).set_body_string("Internal Server Error"),
    };
    Mock::given(method("POST")).respond_with(only_json_object).mount(&server).await;
    let (llm, question) = (llm(&server, 20_000), sample_question());
    llm.interview_turn(&first_turn(&question, ANSWER)).await.unwrap();
    let before = requests(&server).await.len();
    llm.interview_turn(&first_turn(&question, ANSWER)).await.unwrap();
    assert_eq!(requests(&server).await.len() - before, 1, "the second turn knows");
}

#[tokio::test]
async fn formats_tried_in_vain_are_not_remembered() {
    let mut bad_day = vec![ResponseTemplate::new(500); 6];
    bad_day.push(says_json(&good_reply()));
    let server = server(bad_day).await;
    let (llm, question) = (llm(&server, 20_000), sample_question());
    assert_eq!(llm.interview_turn(&first_turn(&question, ANSWER)).await, Err(LlmError::Server(500)));
    llm.interview_turn(&first_turn(&question, ANSWER)).await.unwrap();
    assert_eq!(requests(&server).await.last().unwrap()["response_format"]["type"], "json_schema");
}

#[tokio::test]
async fn a_dead_endpoint_is_left_alone_after_three_failures() {
    let server = server([refuses(401, "no")]).await;
    let (llm, question) = (llm(&server, 20_000), sample_question());
    for _ in 0..3 {
        assert_eq!(llm.interview_turn(&first_turn(&question, ANSWER)).await, Err(LlmError::Unauthorized(401)));
    }
    let clone = llm.clone();
    assert_eq!(clone.interview_turn(&first_turn(&question, ANSWER)).await, Err(LlmError::BreakerOpen));
    assert_eq!(requests(&server).await.len(), 3, "nothing was sent while open");
}

#[tokio::test]
async fn after_the_cool_down_a_trial_that_works_closes_the_breaker() {
    let server = server([refuses(401, "no"), refuses(401, "no"), says_json(&good_reply())]).await;
    let settings = settings(format!("{}/v1", server.uri()), 20_000);
    let (llm, question) = (llm_with(&settings, Breaker::new(2, Duration::ZERO)), sample_question());
    for _ in 0..2 {
        assert!(llm.interview_turn(&first_turn(&question, ANSWER)).await.is_err());
    }
    for _ in 0..2 {
        assert!(llm.interview_turn(&first_turn(&question, ANSWER)).await.is_ok());
    }
}

#[tokio::test]
async fn more_calls_than_slots_all_get_their_turn() {
    let server = server([says_json(&good_reply())]).await;
    let llm = llm(&server, 60_000);
    let turns = (0..100).map(|_| {
        let llm = llm.clone();
        tokio::spawn(async move { llm.interview_turn(&first_turn(&sample_question(), ANSWER)).await })
    });
    for turn in turns.collect::<Vec<_>>() {
        assert!(turn.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn without_an_llm_every_turn_says_so_at_once() {
    let llm = Llm::disabled();
    assert!(!llm.is_enabled());
    assert_eq!(llm.model(), None);
    let error = llm.interview_turn(&first_turn(&sample_question(), ANSWER)).await.unwrap_err();
    assert_eq!(error, LlmError::Disabled);
}

#[test]
fn settings_that_cannot_work_are_refused_with_the_remedy() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let refused = |settings: &LlmSettings| Llm::new(settings, Prompts::load(None).unwrap()).err();
    let good = settings("http://127.0.0.1:9/v1".to_owned(), 1_000);
    assert_eq!(refused(&good), None);
    for base_url in ["", "localhost", "ftp://x/v1", "http://"] {
        let settings = LlmSettings { base_url: base_url.to_owned(), ..good.clone() };
        assert_eq!(refused(&settings), Some(SetupError::BaseUrl), "{base_url}");
    }
    for key in ["two words", "line\nbreak", "ключ"] {
        let settings = LlmSettings { api_key: Some(SecretString::from(key)), ..good.clone() };
        assert_eq!(refused(&settings), Some(SetupError::Key));
    }
    assert_eq!(refused(&LlmSettings { model: " ".to_owned(), ..good.clone() }), Some(SetupError::Model));
}

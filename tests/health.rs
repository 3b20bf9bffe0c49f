//! What an operator's tools see: health, readiness, metrics and logs.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use coach::playground::{Fault, Options};
use serde_json::{Value, json};

use crate::support::app::World;

/// A world whose bot listens on an address of its own.
struct Watched {
    world: World,
    base: String,
}

impl Watched {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut world = World::without_bot(Options::default(), settings).await;
        world.set("COACH_HTTP__LISTEN", &address);
        Self { world, base: format!("http://{address}") }
    }

    async fn started(settings: &[(&str, &str)]) -> Self {
        let mut watched = Self::new(settings).await;
        watched.world.start().await;
        watched.wait_for_ready(json!({ "ready": true, "missing": [] })).await;
        watched
    }

    async fn get(&self, path: &str) -> Option<(u16, String)> {
        let response = reqwest::get(format!("{}{path}", self.base)).await.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    }

    async fn readyz(&self) -> Option<(u16, Value)> {
        let (status, body) = self.get("/readyz").await?;
        Some((status, serde_json::from_str(&body).unwrap()))
    }

    /// Asks again and again, as a probe does, until the answer is this one.
    async fn wait_for_ready(&self, wanted: Value) {
        let status = if wanted["ready"] == true { 200 } else { 503 };
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut last = None;
        while Instant::now() < deadline {
            last = self.readyz().await;
            if last == Some((status, wanted.clone())) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("/readyz says {last:?} and not {wanted}; the log says:\n{}", self.world.log());
    }

    async fn metrics(&self) -> String {
        self.get("/metrics").await.unwrap().1
    }
}

fn missing(parts: &[&str]) -> Value {
    json!({ "ready": parts.is_empty(), "missing": parts })
}

#[tokio::test]
async fn readiness_names_what_is_missing_until_all_of_it_is_there() {
    let mut watched = Watched::new(&[]).await;
    watched.world.playground.plan_fault("GET", "/users/@me", 1, Fault::Delay(Duration::from_millis(1500)));
    watched.world.playground.plan_fault("PUT", "/applications/**", 1, Fault::Delay(Duration::from_millis(700)));
    watched.world.launch();
    watched.wait_for_ready(missing(&["gateway", "commands"])).await;
    assert_eq!(watched.get("/healthz").await, Some((200, "ok".to_owned())), "alive, though not ready");
    watched.wait_for_ready(missing(&["commands"])).await;
    watched.wait_for_ready(missing(&[])).await;
}

#[tokio::test]
async fn commands_that_discord_does_not_take_keep_it_unready_until_it_does() {
    let mut watched = Watched::new(&[]).await;
    watched.world.playground.plan_fault("PUT", "/applications/**", 1, Fault::Answer { status: 500, code: 0 });
    watched.world.launch();
    watched.wait_for_ready(missing(&["commands"])).await;
    watched.wait_for_ready(missing(&[])).await;
}

#[tokio::test]
async fn it_is_unready_while_the_gateway_is_away_and_ready_again_after() {
    let watched = Watched::started(&[]).await;
    watched.world.playground.refuse_gateway_connections(true);
    watched.world.playground.cut_gateway();
    watched.wait_for_ready(missing(&["gateway"])).await;
    assert_eq!(watched.get("/healthz").await, Some((200, "ok".to_owned())));
    watched.world.playground.refuse_gateway_connections(false);
    watched.wait_for_ready(missing(&[])).await;
}

#[tokio::test]
async fn the_metrics_count_what_people_did_and_hold_nothing_of_theirs() {
    let watched = Watched::started(&[]).await;
    let world = &watched.world;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    let answer = "xyzzyplugh: I would bound the pool, because every connection costs memory on the server.";
    world.answer(&ana, &shown, "Answer", answer).await;
    world.press(&ana, &shown, "Hint").await;
    world.playground.close_gateway(4000);
    world.told(world.playground.wait_for_resumes(1).await);
    watched.wait_for_ready(missing(&[])).await;
    let metrics = watched.metrics().await;
    for line in [
        &format!("coach_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")),
        "coach_ready{part=\"gateway\"} 1",
        "coach_ready{part=\"commands\"} 1",
        "coach_ready{part=\"database\"} 1",
        "coach_interactions_total{command=\"question\",outcome=\"answered\"} 1",
        "coach_interactions_total{command=\"answer\",outcome=\"answered\"} 1",
        "coach_interactions_total{command=\"submit\",outcome=\"answered\"} 1",
        "coach_interactions_total{command=\"hint\",outcome=\"answered\"} 1",
        "coach_interaction_seconds_count{command=\"question\"} 1",
        "coach_gateway_sessions_total{began=\"identified\"} 1",
        "coach_gateway_sessions_total{began=\"resumed\"} 1",
    ] {
        assert!(metrics.lines().any(|had| had == line), "{line} is missing from:\n{metrics}");
    }
    for secret in ["playground-token", "xyzzyplugh", "ana", &ana.id.to_string()] {
        assert!(!metrics.contains(secret), "{secret} is in:\n{metrics}");
    }
    for metric in metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = metric.split(' ').next().unwrap();
        assert!(metrics.contains(&format!("# HELP {name} ")), "{name} is not described");
    }
}

#[tokio::test]
async fn drops_are_counted_with_how_late_they_were() {
    let watched = Watched::started(&[]).await;
    let world = &watched.world;
    let moderator = world.server.moderator("mo");
    world.run(&moderator, "/drops create channel:#practice time:3:00 days:daily time_zone:UTC").await;
    let mut database = world.connect().await;
    let id: String = sqlx::query_scalar("SELECT id FROM schedules").fetch_one(&mut database).await.unwrap();
    world.run(&moderator, &format!("/drops run schedule:{id}")).await;
    world.told(world.channel.wait_for("the drop", |message| message.button("Answer").is_some()).await);
    let deadline = Instant::now() + Duration::from_secs(10);
    while !watched.metrics().await.contains("coach_drops_total{outcome=\"made\"} 1") {
        assert!(Instant::now() < deadline, "{}", watched.metrics().await);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(watched.metrics().await.contains("coach_drop_delay_seconds_count 1"));
}

#[tokio::test]
async fn json_logs_are_one_object_a_line() {
    let mut world = World::with(Options::default(), &[("COACH_LOG__FORMAT", "json")]).await;
    world.wait_for_log("commands registered").await;
    let log = world.log();
    assert!(world.stop().0.success());
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["level"].is_string() && line["message"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn the_log_at_its_most_talkative_holds_no_token_and_no_answer() {
    let settings = [("RUST_LOG", "trace"), ("COACH_LOG__FORMAT", "json")];
    let world = World::with(Options::default(), &settings).await;
    let ana = world.server.member("ana");
    let shown = world.run(&ana, "/question").await;
    let typed = "xyzzyplugh: I would bound the pool, because every connection costs memory on the server.";
    let submitted = world.submit(&ana, &shown, "Answer", typed).await;
    world.told(submitted.settled().await);
    // A refusal by Discord is where libraries are tempted to print a request.
    world.playground.plan_fault("POST", "/interactions/**", 1, Fault::Answer { status: 404, code: 10062 });
    let _ = ana.run_and_look_away(&world.channel, "/help").map(|response| response.token());
    world.wait_for_log("an answer did not arrive").await;
    world.playground.close_gateway(4000);
    world.told(world.playground.wait_for_resumes(1).await);
    let log = world.log();
    assert!(log.contains("TRACE") || log.contains("DEBUG"), "the filter applies");
    for secret in ["playground-token", "xyzzyplugh", &submitted.token()] {
        assert!(!secret.is_empty() && !log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn an_error_that_people_see_is_in_the_log_under_the_same_reference() {
    let world = World::new().await;
    let ana = world.server.member("ana");
    let mut database = world.connect().await;
    sqlx::query("DROP TABLE question_states").execute(&mut database).await.unwrap();
    let told = world.run(&ana, "/question").await.text();
    let (_, reference) = told.split_once("(Reference ").unwrap_or_else(|| panic!("{told}"));
    let reference = reference.trim_end_matches([')', '\n']);
    let line = world.log().lines().find(|line| line.contains(reference)).map(str::to_owned);
    let line = line.unwrap_or_else(|| panic!("{reference} is not in:\n{}", world.log()));
    assert!(line.contains("ERROR") && line.contains("no such table"), "{line}");
}

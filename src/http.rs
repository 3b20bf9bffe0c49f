//! What an operator's tools ask over HTTP: is it alive, is it ready, what has it done.
//!
//! Plain HTTP, no authentication: `http.listen` belongs on a loopback or private address. It deliberately leaves out
//! everything members use; nothing here shows their data.

use std::future::IntoFuture as _;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How often samples that nobody scraped are folded into the histograms, so that memory stays bounded.
const UPKEEP_EVERY: Duration = Duration::from_secs(10);

/// How long requests in flight may take to end once the process is asked to stop.
const DRAIN: Duration = Duration::from_secs(2);

/// What the bot needs before it can serve members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The connection to Discord's gateway.
    Gateway,
    /// The registration of slash commands.
    Commands,
    /// The database.
    Database,
}

impl Part {
    /// Every part, in the order in which `/readyz` names them.
    pub const ALL: [Self; 3] = [Self::Gateway, Self::Commands, Self::Database];

    /// The part's name, as `/readyz` and the metric `coach_ready` spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Commands => "commands",
            Self::Database => "database",
        }
    }
}

/// Which parts work. Clones share one state; whoever owns a part reports it.
#[derive(Debug, Clone, Default)]
pub struct Readiness(Arc<[AtomicBool; Part::ALL.len()]>);

impl Readiness {
    /// Nothing works yet.
    #[must_use]
    pub fn new() -> Self {
        let readiness = Self::default();
        for part in Part::ALL {
            readiness.set(part, false);
        }
        readiness
    }

    /// Reports that `part` works, or no longer does.
    pub fn set(&self, part: Part, works: bool) {
        self.0[part as usize].store(works, Ordering::Relaxed);
        metrics::gauge!("coach_ready", "part" => part.name()).set(if works { 1.0 } else { 0.0 });
    }

    /// The parts that do not work; empty when members can be served.
    pub fn missing(&self) -> impl Iterator<Item = Part> + '_ {
        Part::ALL.into_iter().filter(|part| !self.0[*part as usize].load(Ordering::Relaxed))
    }
}

/// `http.listen` could not be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} (http.listen): {}", reason(.cause))]
pub struct BindError {
    address: SocketAddr,
    cause: io::Error,
}

impl BindError {
    /// What to do about it, for a `hint:` line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self.cause.kind() {
            ErrorKind::AddrInUse => "stop the other program, or give http.listen (COACH_HTTP__LISTEN) another port",
            ErrorKind::PermissionDenied => "give http.listen (COACH_HTTP__LISTEN) a port of 1024 or above",
            _ => "give http.listen (COACH_HTTP__LISTEN) an address of this machine, such as 127.0.0.1:9090",
        }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => "another program is listening there".to_owned(),
        ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        ErrorKind::PermissionDenied => "the system does not allow it".to_owned(),
        _ => error.to_string(),
    }
}

/// Takes the address, so that a clash shows at start and not later.
///
/// # Errors
/// [`BindError`] when it cannot be taken.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|cause| BindError { address, cause })
}

/// Serves `/healthz`, `/readyz` and `/metrics` until `shutdown`, then lets requests in flight end, two seconds at most.
///
/// # Errors
/// When the listener itself fails.
pub async fn serve(
    listener: TcpListener,
    readiness: Readiness,
    metrics: PrometheusHandle,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let upkeep = upkeep(metrics.clone());
    let server = axum::serve(listener, router(readiness, metrics))
        .with_graceful_shutdown(shutdown.clone().cancelled_owned())
        .into_future();
    let drained = async {
        shutdown.cancelled().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        ended = server => ended,
        () = drained => Ok(()),
        () = upkeep => Ok(()),
    }
}

async fn upkeep(metrics: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP_EVERY);
    loop {
        ticks.tick().await;
        metrics.run_upkeep();
    }
}

fn router(readiness: Readiness, metrics: PrometheusHandle) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(readyz).with_state(readiness))
        .route("/metrics", get(render).with_state(metrics))
}

async fn readyz(State(readiness): State<Readiness>) -> impl IntoResponse {
    let missing: Vec<&str> = readiness.missing().map(Part::name).collect();
    let status = if missing.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(serde_json::json!({ "ready": missing.is_empty(), "missing": missing })))
}

async fn render(State(metrics): State<PrometheusHandle>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;
    use serde_json::json;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    struct Running {
        base: String,
        address: SocketAddr,
        readiness: Readiness,
        shutdown: CancellationToken,
        task: JoinHandle<io::Result<()>>,
    }

    async fn start() -> Running {
        let listener = bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = listener.local_addr().unwrap();
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || metrics::counter!("coach_tests_total").increment(3));
        let (readiness, shutdown) = (Readiness::new(), CancellationToken::new());
        let task = tokio::spawn(serve(listener, readiness.clone(), recorder.handle(), shutdown.clone()));
        Running { base: format!("http://{address}"), address, readiness, shutdown, task }
    }

    async fn fetch(running: &Running, path: &str) -> (u16, String) {
        let response = reqwest::get(format!("{}{path}", running.base)).await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    #[tokio::test]
    async fn it_is_alive_from_the_first_moment_whatever_is_missing() {
        let running = start().await;
        assert_eq!(fetch(&running, "/healthz").await, (200, "ok".to_owned()));
    }

    #[tokio::test]
    async fn it_is_ready_only_while_every_part_works_and_names_those_that_do_not() {
        let running = start().await;
        let readyz = async || {
            let (status, body) = fetch(&running, "/readyz").await;
            (status, serde_json::from_str::<serde_json::Value>(&body).unwrap())
        };
        let all = json!({ "ready": false, "missing": ["gateway", "commands", "database"] });
        assert_eq!(readyz().await, (503, all));
        running.readiness.set(Part::Database, true);
        running.readiness.clone().set(Part::Commands, true);
        assert_eq!(readyz().await, (503, json!({ "ready": false, "missing": ["gateway"] })));
        running.readiness.set(Part::Gateway, true);
        assert_eq!(readyz().await, (200, json!({ "ready": true, "missing": [] })));
        running.readiness.set(Part::Database, false);
        assert_eq!(readyz().await, (503, json!({ "ready": false, "missing": ["database"] })));
    }

    #[tokio::test]
    async fn metrics_are_prometheus_text() {
        let running = start().await;
        let (status, body) = fetch(&running, "/metrics").await;
        assert_eq!(status, 200);
        assert!(body.contains("# TYPE coach_tests_total counter\ncoach_tests_total 3"), "{body}");
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        let running = start().await;
        assert_eq!(fetch(&running, "/").await.0, 404);
        assert_eq!(fetch(&running, "/healthz/%F0%9F%A6%80").await.0, 404);
        let posted = reqwest::Client::new().post(format!("{}/healthz", running.base)).body("x").send().await.unwrap();
        assert_eq!(posted.status(), 405);
    }

    #[tokio::test]
    async fn a_request_that_is_not_http_is_refused_and_harms_nobody() {
        let running = start().await;
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(b"\x00\xffnonsense\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
        assert_eq!(fetch(&running, "/healthz").await.0, 200);
    }

    #[tokio::test]
    async fn a_client_that_never_finishes_its_request_does_not_hold_up_the_end() {
        let running = start().await;
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").await.unwrap();
        assert_eq!(fetch(&running, "/healthz").await.0, 200);
        running.shutdown.cancel();
        timeout(PATIENCE, running.task).await.unwrap().unwrap().unwrap();
        assert!(reqwest::get(format!("{}/healthz", running.base)).await.is_err());
    }

    #[tokio::test]
    async fn a_taken_port_is_refused_in_one_sentence_with_a_way_out() {
        let running = start().await;
        let refused = bind(running.address).await.unwrap_err();
        let sentence =
            format!("cannot listen on {} (http.listen): another program is listening there", running.address);
        assert_eq!(refused.to_string(), sentence);
        assert!(refused.hint().contains("COACH_HTTP__LISTEN"));
    }
}

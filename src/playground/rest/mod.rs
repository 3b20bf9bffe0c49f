//! REST, from the socket to the route and back: authentication, faults, rate limits, recording. What each route
//! does is in its family's file; each is a plain function from the state and a call to a reply or a refusal.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, FromRequest, Multipart, Path, Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Value, json};

use super::faults::Fault;
use super::files::Upload;
use super::gateway::connection;
use super::rate_limits::{self, Allowance};
use super::recorder::Exchange;
use super::refusal::Refusal;
use super::snowflake::Snowflake;
use super::wire::Wire;
use super::{Inner, locked};

mod application;
mod callbacks;
mod channels;
mod commands;
mod guilds;
mod messages;
mod reactions;
mod routes;
mod threads;
mod webhooks;

pub(crate) use messages::may_send;

/// The largest body taken, as Discord's for bots: 25 MiB of files and a little more.
const BODY_LIMIT: usize = 26 * 1024 * 1024;

/// The largest single file taken: 10 MiB, as in servers without boosts.
const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// A request, taken apart.
#[derive(Debug, Default)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// The path below `/api/v10`.
    pub(crate) path: String,
    pub(crate) query: HashMap<String, String>,
    pub(crate) body: Value,
    pub(crate) files: Vec<Upload>,
}

/// What is answered: a status and, unless it is 204, a body.
pub(crate) type Reply = Result<(u16, Value), Refusal>;

/// 204.
pub(crate) fn no_content() -> Reply {
    Ok((204, Value::Null))
}

/// 200 with a body.
pub(crate) fn ok(body: Value) -> Reply {
    Ok((200, body))
}

/// All routes: the gateway at `/`, files, and REST.
pub(crate) fn router(playground: Arc<Inner>) -> Router {
    Router::new()
        .route("/", get(upgrade))
        .route("/attachments/{id}/{name}", get(file))
        .route("/api/v10/{*path}", any(answer))
        .fallback(not_found)
        .with_state(playground)
}

async fn not_found() -> Response {
    let body = json!({ "message": "404: Not Found", "code": 0 });
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

async fn upgrade(
    Shared(playground): Shared<Arc<Inner>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| connection::serve(socket, playground, wire))
}

async fn file(Shared(playground): Shared<Arc<Inner>>, Path((id, name)): Path<(u64, String)>) -> Response {
    let file = playground.read(|state| state.files.get(&Snowflake(id)).cloned());
    match file {
        Some(file) if file.name == name => {
            let kind = file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
            ([(header::CONTENT_TYPE, kind)], file.bytes).into_response()
        }
        _ => not_found().await,
    }
}

async fn answer(
    Shared(playground): Shared<Arc<Inner>>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response {
    let began = Instant::now();
    if playground.shutdown.is_cancelled() {
        // Connections kept alive outlive the listener; who is gone answers no one.
        wire.cut();
    }
    let authorization = header_text(request.headers(), header::AUTHORIZATION.as_str());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let (call, malformed) = match read(request).await {
        Ok(call) => (call, None),
        Err((call, refusal)) => (call, Some(refusal)),
    };
    let fault = locked(&playground.faults).strike(&call.method, &call.path);
    let fault_delay = if let Some(Fault::Delay(by)) = &fault { Some(*by) } else { None };
    if let Some(by) = fault_delay {
        tokio::time::sleep(by).await;
    }
    let segments: Vec<&str> = call.path.split('/').skip(1).collect();
    let allowance = locked(&playground.limits).count(rate_limits::route(&call.method, &segments), began);
    let (outcome, dropped) = match &fault {
        Some(Fault::DropBefore) => (no_content(), true),
        Some(Fault::Answer { status, code }) => (Err(planned(*status, *code)), false),
        Some(Fault::RateLimit { retry_after, global }) => {
            return limited(&playground, &call, &query, began, (*retry_after, *global), &allowance);
        }
        _ => {
            if let Some(wait) = global_wait(&playground, &segments, began) {
                return limited(&playground, &call, &query, began, (wait, true), &allowance);
            }
            let reply = match malformed {
                Some(refusal) => Err(refusal),
                None => perform(&playground, &call, &segments, authorization.as_deref()),
            };
            (reply, fault == Some(Fault::DropAfter))
        }
    };
    let (status, body) = outcome.unwrap_or_else(|refusal| (refusal.status, refusal.body()));
    record(&playground, &call, query, (!dropped).then_some(status), &body, began);
    if dropped {
        wire.cut();
    }
    respond(status, &body, &allowance, None)
}

/// Performs a call: the state is locked for its duration and no longer.
fn perform(playground: &Inner, call: &Call, segments: &[&str], authorization: Option<&str>) -> Reply {
    let only_reads = call.method == "GET";
    let act = |state: &mut super::state::State| {
        let wanted = state.options.token.as_str();
        let authorized = authorization.is_some_and(|given| given.strip_prefix("Bot ") == Some(wanted));
        if !authorized && !carries_its_own_token(segments) {
            return Err(Refusal::new(401, 0, "401: Unauthorized"));
        }
        routes::route(state, call, segments)
    };
    if only_reads { act(&mut locked(&playground.state)) } else { playground.change(act) }
}

/// Interaction routes are authorized by the token in their path, and exempt from the global limit.
fn carries_its_own_token(segments: &[&str]) -> bool {
    matches!(segments, ["interactions", ..] | ["webhooks", _, _, ..])
}

fn global_wait(playground: &Inner, segments: &[&str], now: Instant) -> Option<Duration> {
    if carries_its_own_token(segments) {
        return None;
    }
    let limit = playground.read(|state| state.options.requests_per_second)?;
    locked(&playground.limits).globally(limit, now)
}

fn planned(status: u16, code: u32) -> Refusal {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Error");
    Refusal::new(status, code, &format!("{status}: {reason}"))
}

fn limited(
    playground: &Inner,
    call: &Call,
    query: &str,
    began: Instant,
    (wait, global): (Duration, bool),
    allowance: &Allowance,
) -> Response {
    let body = json!({ "message": "You are being rate limited.", "code": 0, "retry_after": wait.as_secs_f64(), "global": global });
    record(playground, call, query.to_owned(), Some(429), &body, began);
    respond(429, &body, allowance, Some((wait, global)))
}

fn record(playground: &Inner, call: &Call, query: String, status: Option<u16>, body: &Value, began: Instant) {
    locked(&playground.recorder).record(Exchange {
        method: call.method.clone(),
        path: call.path.clone(),
        query,
        request: call.body.clone(),
        status,
        response: body.clone(),
        took: began.elapsed(),
    });
    playground.changed.send_modify(|count| *count += 1);
}

fn respond(status: u16, body: &Value, allowance: &Allowance, limited: Option<(Duration, bool)>) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reset = std::time::SystemTime::now() + allowance.reset_after;
    let reset = reset.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let mut response = Response::builder()
        .status(code)
        .header("x-ratelimit-limit", allowance.limit)
        .header("x-ratelimit-remaining", if limited.is_some() { 0 } else { allowance.remaining })
        .header("x-ratelimit-reset", format!("{:.3}", reset.as_secs_f64()))
        .header("x-ratelimit-reset-after", format!("{:.3}", allowance.reset_after.as_secs_f64()))
        .header("x-ratelimit-bucket", &allowance.bucket);
    if let Some((wait, global)) = limited {
        response = response
            .header(header::RETRY_AFTER, format!("{}", wait.as_secs_f64().ceil()))
            .header("x-ratelimit-scope", if global { "global" } else { "user" });
        if global {
            response = response.header("x-ratelimit-global", "true");
        }
    }
    let built = if status == 204 {
        response.body(Body::empty())
    } else {
        response.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))
    };
    built.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Reads a request. A body that cannot be read gives the refusal beside what could be.
async fn read(request: Request) -> Result<Call, (Call, Refusal)> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().strip_prefix("/api/v10").unwrap_or_default();
    let mut call = Call { method, path: percent_decoded(path), ..Call::default() };
    for pair in request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        call.query.insert(key.to_owned(), percent_decoded(value));
    }
    let kind = header_text(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let read = if kind.starts_with("multipart/form-data") {
        read_multipart(request, &mut call).await
    } else {
        read_json(request, &mut call).await
    };
    match read {
        Ok(()) => Ok(call),
        Err(refusal) => Err((call, refusal)),
    }
}

async fn read_json(request: Request, call: &mut Call) -> Result<(), Refusal> {
    let bytes = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await.map_err(|_| too_large())?;
    if !bytes.is_empty() {
        call.body = serde_json::from_slice(&bytes).map_err(|_| not_json())?;
    }
    Ok(())
}

async fn read_multipart(mut request: Request, call: &mut Call) -> Result<(), Refusal> {
    axum::extract::DefaultBodyLimit::max(BODY_LIMIT).apply(&mut request);
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| not_json())?;
    while let Some(field) = form.next_field().await.map_err(|_| too_large())? {
        let part = field.name().unwrap_or_default().to_owned();
        let name = field.file_name().unwrap_or("unknown").to_owned();
        let content_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| too_large())?;
        if part == "payload_json" {
            call.body = serde_json::from_slice(&bytes).map_err(|_| not_json())?;
        } else {
            if bytes.len() > LARGEST_FILE {
                return Err(too_large());
            }
            let index = part.trim_start_matches("files[").trim_end_matches(']').parse().unwrap_or(0);
            call.files.push(Upload { index, name, content_type, bytes: bytes.to_vec() });
        }
    }
    Ok(())
}

fn not_json() -> Refusal {
    Refusal::new(400, 50109, "The request body contains invalid JSON.")
}

fn too_large() -> Refusal {
    Refusal::new(413, 40005, "Request entity too large")
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// Undoes `%40` and the like; what is no valid escape stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(b'%');
                rest = after;
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_escapes_are_undone_and_broken_ones_left_alone() {
        assert_eq!(percent_decoded("%40original"), "@original");
        assert_eq!(percent_decoded("%F0%9F%91%8D"), "👍");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%é1"), "%é1");
    }
}

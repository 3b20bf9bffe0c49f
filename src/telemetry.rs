//! Logs and metrics: what an operator sees of a running process.
//!
//! Logs go to standard error, since standard output belongs to the commands. This file sets both up and describes
//! every metric; counting happens where things happen. It deliberately leaves out tracing to a collector.

use anyhow::Context as _;
use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterFn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, Registry};

use crate::config::{Log, LogFormat};

/// The libraries that print secrets or members' words, each with the most verbose level at which it does not.
///
/// serenity's request spans and debug lines hold interaction tokens and message bodies, its gateway warns with the
/// whole payload it could not read, and async-openai logs replies it could not parse. The first match counts.
const TALKATIVE: &[(&str, Level)] = &[
    ("serenity::gateway::ws", Level::ERROR),
    ("serenity", Level::INFO),
    ("poise", Level::INFO),
    ("hyper", Level::INFO),
    ("reqwest", Level::INFO),
    ("tungstenite", Level::INFO),
];

/// Libraries that may print members' words at any level.
const SILENT: &[&str] = &["async_openai"];

/// Starts logging for the whole process. `default_filter` applies where the operator set none; `listener` hears what
/// it asks for whatever the filter says.
///
/// # Errors
/// When the filter does not parse or logging was started before.
pub fn start_tracing<L>(log: &Log, default_filter: &str, listener: L) -> anyhow::Result<()>
where
    L: Layer<Registry> + Send + Sync + 'static,
{
    subscriber(log, default_filter, std::io::stderr, listener)?.try_init().context("cannot start logging")
}

fn subscriber<W, L>(
    log: &Log,
    default_filter: &str,
    writer: W,
    listener: L,
) -> anyhow::Result<impl tracing::Subscriber + use<W, L>>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    L: Layer<Registry> + Send + Sync + 'static,
{
    let filter = log.filter.as_deref().unwrap_or(default_filter);
    let filter = EnvFilter::builder().parse(filter).context("log.filter is not a log filter")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let lines = lines.with_filter(filter).with_filter(FilterFn::new(holds_no_secret));
    Ok(Registry::default().with(listener).with(lines))
}

/// Whether a span or event may be recorded at all, whatever the operator's filter says.
fn holds_no_secret(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target();
    if SILENT.iter().any(|library| target.starts_with(library)) {
        return false;
    }
    match TALKATIVE.iter().find(|(library, _)| target.starts_with(library)) {
        Some((_, most)) => metadata.is_event() && metadata.level() <= most,
        None => true,
    }
}

/// Upper bounds of the histograms' buckets, in seconds: from a database read to Discord's 15-minute tokens.
const BUCKETS_S: &[f64] = &[0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0, 30.0, 900.0];

/// Starts counting for the whole process and returns what renders the counts.
///
/// Call it before anything counts: what came earlier is lost. And only in a process that serves the counts: samples pile up until someone renders or [`crate::http::serve`] tidies them.
///
/// # Errors
/// When counting was started before.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok().context("metrics were started before")?;
    describe();
    Ok(handle)
}

fn recorder() -> anyhow::Result<PrometheusRecorder> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS_S);
    Ok(builder.context("the histogram buckets are empty")?.build_recorder())
}

/// Describes every metric the program reports, in one list, and reports the build.
fn describe() {
    describe_gauge!("coach_build_info", Unit::Count, "Always 1; the label holds the running version");
    describe_gauge!("coach_ready", Unit::Count, "1 while the part named by the label works, else 0");
    describe_counter!("coach_llm_turns_total", "Turns the model was asked to judge, by outcome");
    describe_histogram!("coach_llm_turn_seconds", Unit::Seconds, "Time for one turn, retries and repairs included");
    describe_counter!(
        "coach_llm_repairs_total",
        "Replies that had to be asked for again because they broke the schema"
    );
    describe_counter!("coach_llm_tokens_total", "Tokens as the server counted them, by kind: prompt or completion");
    describe_counter!("coach_llm_fallbacks_total", "Answers judged without the model because it gave nothing to use");
    describe_counter!(
        "coach_gateway_sessions_total",
        Unit::Count,
        "Connections to Discord's gateway, by how they began: identified or resumed"
    );
    describe_counter!(
        "coach_interactions_total",
        Unit::Count,
        "Commands, buttons and forms, by how they were acknowledged: answered, deferred, or lost when Discord did not \
         take it"
    );
    describe_histogram!(
        "coach_interaction_seconds",
        Unit::Seconds,
        "From an interaction's arrival to Discord taking its acknowledgement, of the 3 s there are"
    );
    describe_counter!(
        "coach_errors_total",
        Unit::Count,
        "Errors that people were shown with a reference, or that background work met"
    );
    describe_counter!("coach_drops_total", Unit::Count, "Drops by outcome of a try: made, delayed or refused");
    describe_histogram!("coach_drop_delay_seconds", Unit::Seconds, "How long after its time a drop was posted");
    gauge!("coach_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(filter: Option<&str>, format: LogFormat, act: impl FnOnce()) -> String {
        let captured = Captured::default();
        let log = Log { filter: filter.map(str::to_owned), format };
        let writer = captured.clone();
        let subscriber =
            subscriber(&log, "warn", move || writer.clone(), tracing_subscriber::layer::Identity::new()).unwrap();
        tracing::subscriber::with_default(subscriber, act);
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn no_filter_makes_a_library_print_what_may_hold_a_secret() {
        let text = logged(Some("trace"), LogFormat::Text, || {
            tracing::warn!(target: "serenity::gateway::ws", "text: s3cr3t");
            tracing::error!(target: "async_openai::error", "failed deserialization of: s3cr3t");
            tracing::debug!(target: "serenity::http::client", "Unsuccessful response: s3cr3t");
            let span = tracing::info_span!(target: "serenity::http::client", "request", body = "s3cr3t");
            span.in_scope(|| tracing::info!(target: "coach", "inside"));
            tracing::info!(target: "serenity::gateway::shard", "Resumed");
            tracing::trace!(target: "coach", "our own trace");
        });
        assert!(!text.contains("s3cr3t"), "{text}");
        for kept in ["inside", "Resumed", "our own trace"] {
            assert!(text.contains(kept), "{kept} is missing from: {text}");
        }
    }

    #[test]
    fn the_commands_default_filter_applies_until_the_operator_sets_one() {
        let say = || tracing::info!(target: "coach", "hello");
        assert_eq!(logged(None, LogFormat::Text, say), "");
        assert!(logged(Some("info"), LogFormat::Text, say).contains("hello"));
    }

    #[test]
    fn a_json_line_is_one_object_with_its_fields_on_top() {
        let text = logged(Some("info"), LogFormat::Json, || tracing::info!(server = 7, "two\nlines \u{1f980}"));
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["server"], 7);
        assert_eq!(line["message"], "two\nlines \u{1f980}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn the_build_is_reported_with_its_version() {
        let recorder = recorder().unwrap();
        metrics::with_local_recorder(&recorder, describe);
        let text = recorder.handle().render();
        let line = format!("coach_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"));
        assert!(text.contains(&line), "{text}");
        assert!(text.contains("# HELP coach_build_info Always 1"), "{text}");
    }

    #[test]
    fn durations_are_histograms_in_seconds() {
        let recorder = recorder().unwrap();
        metrics::with_local_recorder(&recorder, || metrics::histogram!("coach_some_seconds").record(0.004));
        assert!(recorder.handle().render().contains("coach_some_seconds_bucket{le=\"0.005\"} 1"));
    }
}

//! Nothing that anybody wrote, and no key, gets into a log or an error.

use std::io::Write;
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;

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

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn neither_logs_at_trace_level_nor_errors_repeat_an_answer_a_prompt_a_reply_or_a_key() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(captured.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let mut errors = Vec::new();
    for response in [
        says("REPLYTEXT"),
        finished("REPLYTEXT", "length"),
        ResponseTemplate::new(200).set_body_string("REPLYTEXT"),
        refuses(401, "REPLYTEXT"),
        refuses(400, "REPLYTEXT response_format"),
        refuses(429, "REPLYTEXT").insert_header("retry-after", "60"),
        ResponseTemplate::new(500).set_body_string("REPLYTEXT"),
        says_json(&good_reply()),
    ] {
        let server = server([response]).await;
        if let Err(error) = short_turn(&server).await {
            errors.push(format!("{error} {error:?}"));
        }
    }
    assert_eq!(errors.len(), 7);
    let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("asking the LLM for a correction"), "the test sees our own lines");
    for secret in ["REPLYTEXT", KEY, "idempotency key with the payment", "paying twice", "You interview"] {
        assert!(!logged.contains(secret), "logged: {secret}");
        assert!(!errors.iter().any(|error| error.contains(secret)), "in an error: {secret}");
    }
}

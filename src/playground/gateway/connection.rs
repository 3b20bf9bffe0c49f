//! The gateway's socket: frames out as they come, payloads in one by one. What they mean is in `protocol`.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use tokio::sync::mpsc;

use super::super::Inner;
use super::super::wire::Wire;
use super::Frame;

/// How long the other side may take to answer a close.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves one connection until either side is done with it.
pub(crate) async fn serve(mut socket: WebSocket, playground: Arc<Inner>, wire: Wire) {
    let (out, mut frames) = mpsc::unbounded_channel();
    let connection = playground.change(|state| {
        let hello = state.hello();
        state.gateway.connect(out, &hello)
    });
    let on_purpose = exchange(&mut socket, &playground, &wire, connection, &mut frames).await;
    playground.change(|state| state.gateway.disconnect(connection, on_purpose));
}

/// True if the client closed with a code that ends its session (1000 or 1001).
async fn exchange(
    socket: &mut WebSocket,
    playground: &Inner,
    wire: &Wire,
    connection: u64,
    frames: &mut mpsc::UnboundedReceiver<Frame>,
) -> bool {
    loop {
        tokio::select! {
            () = playground.shutdown.cancelled() => {
                let _ = socket.send(closing(1001, "Going away.")).await;
                return false;
            }
            frame = frames.recv() => match frame {
                Some(Frame::Text(text)) => {
                    if socket.send(Message::Text(text)).await.is_err() {
                        return false;
                    }
                }
                Some(Frame::Close(code, reason)) => {
                    let _ = socket.send(closing(code, reason)).await;
                    // Hanging up on unread data would reset the connection, and the code would be lost on the way.
                    let _ = tokio::time::timeout(FAREWELL, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
                    return false;
                }
                Some(Frame::Cut) | None => {
                    wire.cut();
                    return false;
                }
            },
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => playground.change(|state| state.hear(connection, &text)),
                Some(Ok(Message::Close(frame))) => {
                    return frame.is_some_and(|frame| matches!(frame.code, 1000 | 1001));
                }
                Some(Ok(Message::Binary(_))) => playground.change(|state| state.hear(connection, "")),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Err(_)) | None => return false,
            },
        }
    }
}

fn closing(code: u16, reason: &'static str) -> Message {
    Message::Close(Some(CloseFrame { code, reason: reason.into() }))
}

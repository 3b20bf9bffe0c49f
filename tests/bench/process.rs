//! The process that is measured: started, asked how it is, stopped.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use coach::playground::Playground;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Clock ticks in a second of `/proc/<pid>/stat`: fixed by Linux's interface to programs.
const TICKS: f64 = 100.0;

/// The bot.
pub struct Coach {
    child: Child,
    /// From starting the process to its being ready.
    pub ready_after: Duration,
}

impl Coach {
    /// Starts the bot with its database in `directory` and waits until it is ready.
    pub async fn start(directory: &Path, playground: &Playground) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let began = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_coach"))
            .arg("run")
            .current_dir(directory)
            .env_clear()
            .env("DISCORD_TOKEN", "playground-token")
            .env("COACH_DISCORD__API_URL", playground.url())
            .env("COACH_HTTP__LISTEN", address.to_string())
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !is_ready(address).await {
            assert!(began.elapsed() < Duration::from_secs(30), "the bot does not become ready");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Self { child, ready_after: began.elapsed() }
    }

    /// Asks it to stop and waits for its end.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        // The playground's threads go on serving while this one waits.
        let ended = tokio::task::block_in_place(|| self.child.wait()).unwrap();
        assert!(ended.success());
    }

    /// The processor time it has used so far, user's and system's.
    pub fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // The name, in brackets, may hold spaces; utime and stime are the 14th and 15th fields, the 12th and 13th after.
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
        Duration::from_secs_f64(ticks / TICKS)
    }

    /// Its resident memory, in millions of bytes.
    pub fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib * 1_024.0 / 1_000_000.0
    }
}

impl Drop for Coach {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks `/readyz` the plain way: a client with a pool would be slower to set up than the answer takes.
async fn is_ready(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(address).await else { return false };
    let request = "GET /readyz HTTP/1.1\r\nHost: coach\r\nConnection: close\r\n\r\n";
    let mut answer = String::new();
    stream.write_all(request.as_bytes()).await.is_ok()
        && stream.read_to_string(&mut answer).await.is_ok()
        && answer.starts_with("HTTP/1.1 200")
}

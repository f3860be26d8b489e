//! HAProxy with the settings that the repository ships, before the replicas of a test.

use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::outside::Dice;

/// The settings that are shipped; a test brings its own servers.
const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/haproxy/haproxy.cfg");

/// A balancer that is killed when dropped.
pub(super) struct Balancer {
    child: Child,
    pub(super) url: String,
}

impl Balancer {
    /// Starts one before the services on these ports.
    pub(super) fn start(dir: &Path, ports: &[u16], dice: &Dice) -> Self {
        let mut servers = "backend guichet\n".to_owned();
        for port in ports {
            writeln!(servers, "    server replica{port} 127.0.0.1:{port}").expect("text grows");
        }
        let file = dir.join("servers.cfg");
        std::fs::write(&file, servers).expect("a file");
        let (port, metrics) = (free_port(dice), free_port(dice));
        let mut child = Command::new("haproxy")
            .args(["-db", "-f", SETTINGS, "-f"])
            .arg(&file)
            .env("GUICHET_BIND", format!("127.0.0.1:{port}"))
            .env("GUICHET_BALANCER_METRICS", format!("127.0.0.1:{metrics}"))
            .stdout(Stdio::null())
            .spawn()
            .expect("haproxy can be started: apt-get install haproxy");
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "haproxy ends at once: {ended:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { child, url: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on, below those that the system gives to connections: a service that is started again finds
/// it free.
pub(super) fn free_port(dice: &Dice) -> u16 {
    loop {
        let port = 12_000 + u16::try_from(dice.below(18_000)).expect("it is small");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

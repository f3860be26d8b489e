//! `guichet health`: for containers that have no other program to ask with.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Args)]
pub(super) struct Health {
    /// What to ask; plain HTTP.
    #[arg(long, default_value = "http://127.0.0.1:8080/readyz")]
    url: String,
}

pub(super) fn run(health: &Health) -> anyhow::Result<ExitCode> {
    let (host, path) = host_and_path(&health.url)?;
    match status(host, path) {
        Ok(200) => Ok(ExitCode::SUCCESS),
        Ok(status) => {
            eprintln!("guichet: {} answers {status}", health.url);
            Ok(ExitCode::from(1))
        }
        Err(error) => {
            eprintln!("guichet: {} does not answer: {error:#}", health.url);
            Ok(ExitCode::from(1))
        }
    }
}

fn host_and_path(url: &str) -> anyhow::Result<(&str, &str)> {
    let rest = url.strip_prefix("http://").context("--url must begin with http://")?;
    let at = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(at);
    Ok((host, if path.is_empty() { "/" } else { path }))
}

/// One request by hand: the one line of the answer that is read does not need an HTTP client.
fn status(host: &str, path: &str) -> anyhow::Result<u16> {
    let with_port = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let address = with_port.to_socket_addrs()?.next().context("the name has no address")?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0_u8; 12];
    stream.read_exact(&mut head)?;
    let head = std::str::from_utf8(&head)?;
    head.strip_prefix("HTTP/1.1 ").context("it does not speak HTTP/1.1")?.parse().context("it gives no status")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        assert_eq!(host_and_path("http://127.0.0.1:8080/readyz").expect("a URL"), ("127.0.0.1:8080", "/readyz"));
        assert_eq!(host_and_path("http://a.example").expect("a URL"), ("a.example", "/"));
        assert!(host_and_path("https://a.example/").is_err());
    }
}

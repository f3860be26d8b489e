//! `guichet chat`

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use guichet_bots::{lines, terminal};
use tokio::net::TcpListener;

use super::Common;
use crate::app::App;

#[derive(Debug, Args)]
pub(super) struct Chat {
    /// Takes conversations over TCP at this address, which is then told, instead: lines in, replies out, each ended by a line with a full stop.
    /// Whoever reaches the address may talk.
    #[arg(long, value_name = "ADDRESS")]
    lines: Option<SocketAddr>,
}

pub(super) fn run(chat: &Chat, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    super::runtime()?.block_on(async {
        let app = App::open(config).await?;
        let channels = app.channels();
        if let Some(address) = chat.lines {
            let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
            writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
            lines::serve(Arc::new(channels), listener).await?;
        } else {
            let mut input = std::io::BufReader::new(std::io::stdin());
            terminal::run(&channels, &mut input, &mut std::io::stdout()).await?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

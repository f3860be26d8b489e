//! `guichet chat`

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use guichet_bots::terminal;
use tokio::net::TcpListener;

use super::Common;
use crate::app::App;

#[derive(Debug, Args)]
pub(super) struct Chat {
    /// Takes conversations over TCP at this address, which is then told, instead: lines in, replies out, each ended by a line with a full stop.
    /// Whoever reaches the address may talk. A program that begins with @ and a long name of its own finds its conversation again by it,
    /// and hears what agents say in it.
    #[arg(long, value_name = "ADDRESS")]
    lines: Option<SocketAddr>,
}

pub(super) fn run(chat: &Chat, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    super::runtime()?.block_on(async {
        let app = App::open(config).await?;
        if let Some(address) = chat.lines {
            let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
            writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
            app.talk_in_lines(listener).await?;
        } else {
            let channels = app.channels();
            let mut input = std::io::BufReader::new(std::io::stdin());
            terminal::run(&channels, &mut input, &mut std::io::stdout()).await?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

//! `guichet portal-demo`

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Common;
use crate::model::Secret;
use crate::portal_demo::{self, Demo, World};
use crate::telemetry;

#[derive(Args)]
pub(super) struct PortalDemo {
    /// Address and port to listen on.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The day on which the invented world stands, as 2026-11-24; by default today in France.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Name of the one client that is given tokens.
    #[arg(long, value_name = "NAME", default_value = "guichet")]
    client_id: String,
    /// Its secret; nothing here is worth one.
    #[arg(long, value_name = "SECRET", default_value = "demo")]
    client_secret: String,
}

pub(super) fn run(demo: &PortalDemo, common: &Common) -> anyhow::Result<ExitCode> {
    telemetry::start(&common.config()?.log, false)?;
    let today = demo.today.unwrap_or_else(|| portal_demo::today(Timestamp::now()));
    let portal = Demo::new(World::new(today), &demo.client_id, Secret::new(demo.client_secret.as_str()));
    super::runtime()?.block_on(portal_demo::serve(portal, demo.listen))?;
    Ok(ExitCode::SUCCESS)
}

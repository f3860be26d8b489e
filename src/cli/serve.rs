//! `guichet serve`

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::app::App;
use crate::telemetry;

#[derive(Args, Default)]
pub(super) struct Serve {
    /// Address and port to listen on; by default http.listen of the settings.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

pub(super) fn run(serve: &Serve, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config_with(serve.listen)?;
    telemetry::start(&config.log)?;
    super::runtime()?.block_on(async { App::open(config).await?.serve().await })?;
    Ok(ExitCode::SUCCESS)
}

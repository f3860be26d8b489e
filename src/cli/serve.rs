//! `guichet serve`

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use tokio::sync::watch;

use super::Common;
use crate::app::App;
use crate::{outside, telemetry};

#[derive(Args, Default)]
pub(super) struct Serve {
    /// Address and port to listen on; by default http.listen of the settings.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

pub(super) fn run(serve: &Serve, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config_with(serve.listen)?;
    let ended = telemetry::start(&config.log, config.traces.endpoint.is_some())?;
    super::runtime()?.block_on(async {
        let (stopper, stop) = watch::channel(false);
        let traces = outside::traces(&config, ended)?.map(|traces| tokio::spawn(traces.run(stop)));
        let served = App::open(config).await?.serve().await;
        stopper.send_replace(true);
        if let Some(traces) = traces {
            traces.await.context("traces failed")?;
        }
        served
    })?;
    Ok(ExitCode::SUCCESS)
}

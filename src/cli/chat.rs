//! `guichet chat`

use std::process::ExitCode;

use guichet_bots::terminal;

use super::Common;
use crate::app::App;
use crate::channels::Channels;

pub(super) fn run(common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    super::runtime()?.block_on(async {
        let app = App::open(config).await?;
        let channels = Channels(app.conversations);
        let mut input = std::io::BufReader::new(std::io::stdin());
        terminal::run(&channels, &mut input, &mut std::io::stdout()).await?;
        Ok(ExitCode::SUCCESS)
    })
}

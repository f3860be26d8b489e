//! The service put together. The only place that names concrete adapters.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config::Config;
use crate::conversation::Conversations;
use crate::http;
use crate::live::Live;
use crate::store::{SqlStore, Store};

/// What handlers share; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) live: Arc<Live>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) conversations: Arc<Conversations>,
}

impl App {
    /// Opens the knowledge, the index and the store that `config` names.
    ///
    /// # Errors
    /// When one of them cannot be opened; the message says which and what to do.
    pub(crate) async fn open(config: Config) -> anyhow::Result<Self> {
        make_private_dir(&config.data_dir)?;
        let (dir, index_dir) = (config.knowledge.dir.clone(), config.index_dir());
        let live = tokio::task::spawn_blocking(move || Live::open(dir.as_deref(), &index_dir)).await??;
        let live = Arc::new(live);
        let store: Arc<dyn Store> = Arc::new(SqlStore::open(&config.store_url()).await?);
        let conversations = Arc::new(Conversations::new(Arc::clone(&live), Arc::clone(&store)));
        Ok(Self { config: Arc::new(config), live, store, conversations })
    }

    /// Serves until SIGINT or SIGTERM; requests that have begun are finished.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        // Before anything is said to be ready: who is told to stop right away must not die half way.
        let stop = Stop::listen()?;
        let listen = self.config.http.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}: it may be in use, choose another with --listen or http.listen")
        })?;
        let address = listener.local_addr().context("the address of the listener")?;
        let watch_period = Duration::from_millis(self.config.knowledge.watch_ms);
        let watch = tokio::spawn(Arc::clone(&self.live).watch(watch_period));
        tracing::info!("the chat is at http://{address}/, the API is described at http://{address}/docs");
        axum::serve(listener, http::router(self))
            .with_graceful_shutdown(stop.asked())
            .await
            .context("the server failed")?;
        watch.abort();
        tracing::info!("stopped");
        Ok(())
    }
}

/// The data directory holds what people wrote: only its owner may look into it.
fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let builder = || std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    builder()
        .with_context(|| format!("cannot make the data directory {}: choose another with --data-dir", dir.display()))
}

/// SIGTERM and SIGINT.
struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("the process may not listen to signals");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits until one of them comes.
    async fn asked(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("stopping: requests under way are finished");
    }
}

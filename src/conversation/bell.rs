//! Tells who listens to a conversation that something was said in it. Only within this process: who listens elsewhere
//! finds it by looking.

use tokio::sync::broadcast;

/// How many rings may wait for a slow listener; one that misses some looks at once.
const WAITING: usize = 1024;

/// Rings with the id of a conversation.
#[derive(Clone)]
pub(crate) struct Bell(broadcast::Sender<String>);

impl Bell {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(WAITING).0)
    }

    /// Something was said in `conversation`.
    pub(crate) fn ring(&self, conversation: &str) {
        // Nobody listens: nothing to do.
        let _ = self.0.send(conversation.to_owned());
    }

    pub(crate) fn listen(&self) -> Ear {
        Ear(self.0.subscribe())
    }
}

/// One listener.
pub(crate) struct Ear(broadcast::Receiver<String>);

impl Ear {
    /// Returns when something may have been said in `conversation`.
    pub(crate) async fn heard(&mut self, conversation: &str) {
        loop {
            match self.0.recv().await {
                Ok(id) if id != conversation => {}
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

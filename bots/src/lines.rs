//! Lines over TCP as a channel: one line in, one reply out, ended by a line with a single full stop. For programs without
//! HTTP, and as the smallest example of a connector.
//!
//! A program that begins with `@` and a name of its own, which nobody guesses, holds one conversation under this name, on
//! whichever connection; what agents say in it comes between the replies. Without one, the conversation ends with the
//! connection.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use crate::terminal::{inbound, plain};
use crate::{
    Account, Assistant, AssistantError, Channel, Choice, ConversationKey, Delivery, DeliveryError, News, Place,
};

/// The name of the platform in accounts and places.
pub const PLATFORM: &str = "lines";

/// The longest line that is read, in bytes; a longer one ends the connection.
const MAX_LINE: u64 = 20_000;
/// The shortest name of a conversation: whoever knows it reads it.
const SHORTEST_NAME: usize = 16;
const LONGEST_NAME: usize = 100;
/// How many deliveries are known again.
const REMEMBERED: usize = 1_000;

/// Something to be written, and who waits until it is.
struct Said {
    text: String,
    written: Option<oneshot::Sender<()>>,
}

/// The connector.
pub struct Lines {
    assistant: Arc<dyn Assistant>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Connections that hold a named conversation, by its place.
    open: BTreeMap<String, (u64, mpsc::UnboundedSender<Said>)>,
    /// How many connections there were.
    connections: u64,
    /// What was brought last.
    brought: VecDeque<String>,
}

impl State {
    fn next_connection(&mut self) -> u64 {
        self.connections += 1;
        self.connections
    }

    /// What `connection` holds, it holds no longer; what another has taken over by now stays.
    fn leave(&mut self, connection: u64) {
        self.open.retain(|_, (holder, _)| *holder != connection);
    }
}

impl Lines {
    /// A connector that nobody talks to yet.
    #[must_use]
    pub fn new(assistant: Arc<dyn Assistant>) -> Self {
        Self { assistant, state: Mutex::default() }
    }

    /// Talks to whoever connects, for ever.
    ///
    /// # Errors
    /// When no connection can be accepted any more.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, _) = listener.accept().await?;
            let lines = Arc::clone(&self);
            tokio::spawn(async move {
                if let Err(error) = lines.talk(stream).await {
                    tracing::info!("a conversation in lines ended: {error}");
                }
            });
        }
    }

    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let (read, mut write) = stream.into_split();
        let (says, mut said) = mpsc::unbounded_channel::<Said>();
        let writing = async move {
            while let Some(Said { text, written }) = said.recv().await {
                // A line that begins with a full stop gets a second one, as in mail: the end cannot be mistaken.
                let text = format!("\n{}", text.trim_end()).replace("\n.", "\n..");
                write.write_all(format!("{}\n.\n", text.trim_start_matches('\n')).as_bytes()).await?;
                // Who waited may have gone.
                written.and_then(|written| written.send(()).ok());
            }
            io::Result::Ok(())
        };
        let connection = self.state().next_connection();
        let listening = async {
            let heard = self.listen(BufReader::new(read), &says, connection).await;
            // With the last of those who speak, the writing ends; what was said is written first.
            self.state().leave(connection);
            drop(says);
            heard
        };
        let outcome = tokio::try_join!(listening, writing);
        self.state().leave(connection);
        outcome.map(|((), ())| ())
    }

    /// Takes lines until there are no more.
    async fn listen(
        &self,
        mut read: BufReader<impl AsyncRead + Unpin>,
        says: &mpsc::UnboundedSender<Said>,
        connection: u64,
    ) -> io::Result<()> {
        let mut conversation: Option<ConversationKey> = None;
        let mut options: Vec<Choice> = Vec::new();
        loop {
            let mut line = String::new();
            if (&mut read).take(MAX_LINE).read_line(&mut line).await? == 0 {
                return Ok(());
            }
            if !line.ends_with('\n') {
                return Err(io::Error::other("a line is too long or has no end"));
            }
            if let (None, Some(name)) = (&conversation, line.trim().strip_prefix('@')) {
                let place = place(name).ok_or_else(|| io::Error::other("a name has 16 to 100 letters and digits"))?;
                conversation = Some(self.assistant.conversation_at(&place).await.map_err(io::Error::other)?);
                self.state().open.insert(place.id, (connection, says.clone()));
                say(says, String::new())?;
                continue;
            }
            let inbound = inbound(line.trim(), &options);
            if inbound.text.is_empty() {
                continue;
            }
            let key = match &conversation {
                Some(key) => key.clone(),
                None => conversation.insert(self.assistant.open(PLATFORM).await.map_err(io::Error::other)?).clone(),
            };
            match self.assistant.turn(&key, inbound).await {
                Ok(reply) => {
                    say(says, plain(&reply))?;
                    options = reply.options;
                }
                Err(AssistantError::Refused(sentence)) => say(says, sentence)?,
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Channel for Lines {
    async fn deliver(&self, place: &Place, delivery: &Delivery) -> Result<(), DeliveryError> {
        let nobody = || DeliveryError::Later { reason: "nobody holds the conversation here".to_owned(), after: None };
        let (written, is_written) = oneshot::channel();
        {
            let state = self.state();
            if state.brought.contains(&delivery.id) {
                return Ok(());
            }
            let (_, open) = state.open.get(&place.id).ok_or_else(nobody)?;
            open.send(Said { text: text(&delivery.news), written: Some(written) }).map_err(|_| nobody())?;
        }
        is_written.await.map_err(|_| nobody())?;
        let mut state = self.state();
        state.brought.push_back(delivery.id.clone());
        if state.brought.len() > REMEMBERED {
            state.brought.pop_front();
        }
        Ok(())
    }

    async fn catch_up(&self, _: &str) -> Result<(), DeliveryError> {
        Err(DeliveryError::Never { reason: "nothing in lines is ever put off".to_owned() })
    }
}

fn say(says: &mpsc::UnboundedSender<Said>, text: String) -> io::Result<()> {
    says.send(Said { text, written: None }).map_err(io::Error::other)
}

/// The place of the conversation that is called `name`. Nobody else reads it.
fn place(name: &str) -> Option<Place> {
    let is_name =
        (SHORTEST_NAME..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    let owner = Account { platform: PLATFORM.to_owned(), id: name.to_owned() };
    is_name.then(|| Place { id: format!("{PLATFORM}/{name}"), owner, is_public: false })
}

/// What happened, in words.
fn text(news: &News) -> String {
    match news {
        News::Answer { ticket: Some(ticket), agent, text } => {
            format!("{agent} (support) a répondu à la demande {ticket}\u{a0}:\n{text}")
        }
        News::Answer { ticket: None, agent, text } => format!("{agent} (support)\u{a0}:\n{text}"),
        News::Notice { text } => text.clone(),
        News::Status { ticket, label, .. } => format!("Demande {ticket}\u{a0}: {label}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_name_holds_a_conversation() {
        let named = place("abcdefgh12345678").expect("it is one");
        assert_eq!((named.id.as_str(), named.is_public), ("lines/abcdefgh12345678", false));
        for name in ["", "lea", "abcdefgh 12345678", "abcdefgh/12345678x"] {
            assert_eq!(place(name), None, "{name}");
        }
    }

    #[test]
    fn news_are_told_in_words() {
        let agent = "Inès".to_owned();
        let ticket = Some("G-1".to_owned());
        let answer = News::Answer { ticket, agent, text: "Bonjour".to_owned() };
        assert_eq!(text(&answer), "Inès (support) a répondu à la demande G-1\u{a0}:\nBonjour");
    }
}

//! Lines over TCP as a channel: one conversation for each connection, one line in, one reply out, ended by a line with a
//! single full stop. For programs without HTTP, and as the smallest example of a connector.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::terminal::{inbound, plain};
use crate::{Assistant, AssistantError, Choice};

/// The longest line that is read, in bytes; a longer one ends the connection.
const MAX_LINE: u64 = 20_000;

/// Talks to whoever connects, for ever.
///
/// # Errors
/// When no connection can be accepted any more.
pub async fn serve(assistant: Arc<dyn Assistant>, listener: TcpListener) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let assistant = Arc::clone(&assistant);
        tokio::spawn(async move {
            if let Err(error) = talk(assistant.as_ref(), stream).await {
                tracing::info!("a conversation in lines ended: {error}");
            }
        });
    }
}

async fn talk(assistant: &dyn Assistant, mut stream: TcpStream) -> io::Result<()> {
    let (read, mut write) = stream.split();
    let mut read = BufReader::new(read);
    let conversation = assistant.open("lines").await.map_err(io::Error::other)?;
    let mut options: Vec<Choice> = Vec::new();
    loop {
        let mut line = String::new();
        if (&mut read).take(MAX_LINE).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if !line.ends_with('\n') {
            return Err(io::Error::other("a line is too long or has no end"));
        }
        let inbound = inbound(line.trim(), &options);
        if inbound.text.is_empty() {
            continue;
        }
        let said = match assistant.turn(&conversation, inbound).await {
            Ok(reply) => {
                let said = plain(&reply);
                options = reply.options;
                said
            }
            Err(AssistantError::Refused(sentence)) => format!("{sentence}\n"),
            Err(error) => return Err(io::Error::other(error)),
        };
        // A line that begins with a full stop gets a second one, as in mail: the end cannot be mistaken.
        let said = said.trim_end().replace("\n.", "\n..");
        write.write_all(format!("{said}\n.\n").as_bytes()).await?;
    }
}

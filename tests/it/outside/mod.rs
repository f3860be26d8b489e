//! A desk and a mail server for tests. They keep what they are told, and fail as often as they are asked to.

mod desk;
mod desk_server;
mod dice;
mod mail_server;

pub(crate) use desk_server::DeskServer;
pub(crate) use dice::Dice;
pub(crate) use mail_server::MailServer;

/// What is outside.
pub(crate) struct Outside {
    pub(crate) desk: DeskServer,
    pub(crate) mail: MailServer,
}

impl Outside {
    /// `desk_failing` and `mail_failing` of a hundred go wrong.
    pub(crate) async fn start(seed: u64, desk_failing: u64, mail_failing: u64) -> Self {
        Self {
            desk: DeskServer::start(Dice::new(seed), desk_failing).await,
            mail: MailServer::start(Dice::new(seed + 1), mail_failing).await,
        }
    }

    /// Settings of a service that works with them.
    pub(crate) fn settings(&self) -> String {
        format!(
            "[desk]\nkind = \"zendesk\"\nmail_after_ms = 4000\n\
             [desk.zendesk]\nbase_url = \"{}\"\nuser = \"robot@editeur.example\"\ntoken = \"jeton\"\n\
             connect_timeout_ms = 300\nrequest_timeout_ms = 400\ndeadline_ms = 1000\n\
             [mail]\ntransport = \"smtp\"\n\
             [mail.smtp]\nhost = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\ntimeout_ms = 600\n",
            self.desk.url, self.mail.port
        )
    }
}

/// The first reference in `text`; empty when there is none.
pub(crate) fn reference(text: &str) -> String {
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let is_reference = |bytes: &[u8]| {
        bytes.starts_with(b"G-")
            && bytes[6] == b'-'
            && bytes[2..6].iter().chain(&bytes[7..]).all(|byte| is_letter(*byte))
    };
    let found = text.as_bytes().windows(11).find(|bytes| is_reference(bytes));
    found.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

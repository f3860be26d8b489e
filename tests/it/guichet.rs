//! The harness: a running service, and a partner who talks to it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a start may take before the test gives up; no test measures time.
const PATIENCE: Duration = Duration::from_secs(300);

/// The binary with `arguments`, away from the settings of the developer.
pub(crate) fn command(data_dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guichet"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GUICHET_") || name == "RUST_LOG") {
        command.env_remove(name);
    }
    command.env("GUICHET_DATA_DIR", data_dir).args(arguments);
    // What a service has kept elsewhere is there for commands as well.
    if let Some(url) = crate::postgres::known_of(data_dir, arguments) {
        command.env("GUICHET__STORE__URL", url);
    }
    command
}

/// Runs a command to its end.
pub(crate) fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    command(data_dir, arguments).output().expect("the binary can be started")
}

/// Runs a command with `input` on its standard input.
pub(crate) fn run_with(data_dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut child = command(data_dir, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    child.stdin.take().expect("it has an input").write_all(input).expect("it reads its input");
    child.wait_with_output().expect("it ends")
}

/// A service on a port of its own. It is killed when dropped.
pub(crate) struct Guichet {
    child: Child,
    pub(crate) url: String,
    log: mpsc::Receiver<String>,
    seen: Vec<String>,
    pub(crate) client: Client,
}

/// A client; it wants a provider of TLS before it is built, although the service is on this machine.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}

impl Guichet {
    /// Starts the service on `data_dir` and waits until it listens.
    pub(crate) fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(data_dir: &Path, more: &[&str]) -> Self {
        let mut guichet = Self::spawn(data_dir, more);
        guichet.wait_until_ready();
        guichet
    }

    /// The same without waiting.
    pub(crate) fn spawn(data_dir: &Path, more: &[&str]) -> Self {
        Self::spawn_at("127.0.0.1:0", data_dir, more, &[])
    }

    /// Starts it with more variables in its environment and waits until it listens.
    pub(crate) fn start_in(environment: &[(&str, String)], data_dir: &Path, more: &[&str]) -> Self {
        let mut guichet = Self::spawn_at("127.0.0.1:0", data_dir, more, environment);
        guichet.wait_until_ready();
        guichet
    }

    /// Starts it at an address and a port, without waiting.
    pub(crate) fn spawn_at(listen: &str, data_dir: &Path, more: &[&str], environment: &[(&str, String)]) -> Self {
        let mut command = command(data_dir, &["serve", "--listen", listen]);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        if let Some(url) = crate::postgres::instead_of_sqlite(data_dir, more) {
            command.env("GUICHET__STORE__URL", url);
        }
        let mut child =
            command.args(more).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary can be started");
        let stderr = child.stderr.take().expect("it has a log");
        let (sender, log) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self { child, url: String::new(), log, seen: Vec::new(), client: client() }
    }

    /// Waits until it listens; then its address is known.
    pub(crate) fn wait_until_ready(&mut self) {
        let line = self.wait_for_log("the chat is at ");
        let after = line.split("the chat is at ").nth(1).expect("the line says where");
        self.url = after.split('/').take(3).collect::<Vec<_>>().join("/");
    }

    /// The first log line that holds `text`, now or soon.
    pub(crate) fn wait_for_log(&mut self, text: &str) -> String {
        if let Some(line) = self.seen.iter().find(|line| line.contains(text)) {
            return line.clone();
        }
        loop {
            let line = self
                .log
                .recv_timeout(PATIENCE)
                .unwrap_or_else(|_| panic!("the log never says {text:?}; it says {:#?}", self.seen));
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Stops it as an operator does; everything it logged.
    pub(crate) fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().expect("kill can be started");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}: {:#?}", self.seen);
        self.seen.extend(self.log.iter());
        self.seen.join("\n")
    }

    /// Kills it (SIGKILL), whatever it does; everything it logged.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
        self.seen.extend(self.log.iter());
        self.seen.join("\n")
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    pub(crate) fn patch(&self, path: &str) -> RequestBuilder {
        self.client.patch(format!("{}{path}", self.url))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    /// A partner who has opened a conversation.
    pub(crate) async fn partner(&self) -> Partner<'_> {
        let (status, opened) = answer(self.post("/api/v1/conversations")).await;
        assert_eq!(status, StatusCode::CREATED, "{opened}");
        let text = |name: &str| opened[name].as_str().expect("it is told").to_owned();
        Partner { guichet: self, id: text("id"), token: text("token") }
    }
}

impl Drop for Guichet {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody with a conversation.
pub(crate) struct Partner<'a> {
    pub(crate) guichet: &'a Guichet,
    pub(crate) id: String,
    pub(crate) token: String,
}

impl Partner<'_> {
    pub(crate) fn messages(&self) -> String {
        format!("/api/v1/conversations/{}/messages", self.id)
    }

    /// Says something; the status and the JSON that come back.
    pub(crate) async fn send(&self, message: &Value) -> (StatusCode, Value) {
        answer(self.guichet.post(&self.messages()).bearer_auth(&self.token).json(message)).await
    }

    /// Asks and gets a reply.
    pub(crate) async fn ask(&self, text: &str) -> Value {
        let (status, reply) = self.send(&json!({ "text": text })).await;
        assert_eq!(status, StatusCode::OK, "{reply}");
        reply
    }

    /// Everything said so far.
    pub(crate) async fn history(&self) -> Vec<Value> {
        let (status, history) = answer(self.guichet.get(&self.messages()).bearer_auth(&self.token)).await;
        assert_eq!(status, StatusCode::OK, "{history}");
        history["messages"].as_array().expect("a list").clone()
    }
}

/// Sends a request; its status and JSON.
pub(crate) async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.expect("the service answers");
    let status = response.status();
    (status, response.json().await.expect("the answer is JSON"))
}

/// A directory for one test, with an index of the carried knowledge base in it: to train one takes a while, so that it is
/// done once for all tests, and once for all runs on the same knowledge and the same code.
pub(crate) fn directory() -> TempDir {
    static TRAINED: LazyLock<PathBuf> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut hasher = blake3::Hasher::new();
        ["index", "kb"].iter().for_each(|name| hash(&root.join(name), &mut hasher));
        let name = format!("index-{}", &hasher.finalize().to_hex()[..16]);
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if !dir.join("whole").exists() {
            let built = run(&dir, &["index", "rebuild"]);
            assert!(built.status.success(), "{built:?}");
            std::fs::write(dir.join("whole"), "").expect("a file");
        }
        dir
    });
    let dir = tempfile::tempdir().expect("a temporary directory");
    copy(&TRAINED.join("index"), &dir.path().join("index"));
    dir
}

/// Everything below `path`, in the order of names.
fn hash(path: &Path, hasher: &mut blake3::Hasher) {
    let files = std::fs::read_dir(path).expect("a directory").map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    for file in files {
        if file.is_dir() {
            hash(&file, hasher);
        } else {
            hasher.update(&std::fs::read(&file).expect("a file"));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for item in std::fs::read_dir(from).expect("a directory").flatten() {
        let (from, to) = (item.path(), to.join(item.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(&from, &to).expect("a file is copied");
        }
    }
}

/// A knowledge base below `dir` whose two entries compete for "carte"; its path.
pub(crate) fn two_cards(dir: &Path) -> String {
    let kb = dir.join("kb");
    let entries = kb.join("entries/fr/cartes");
    std::fs::create_dir_all(&entries).expect("a directory");
    for (id, verb) in [("carte-commander", "commander"), ("carte-annuler", "annuler")] {
        let entry = format!(
            "+++\nid = \"{id}\"\nquestion = \"Comment {verb} une carte ?\"\n+++\n\nPour {verb} : au comptoir.\n"
        );
        std::fs::write(entries.join(format!("{id}.md")), entry).expect("a file");
    }
    kb.to_str().expect("UTF-8").to_owned()
}

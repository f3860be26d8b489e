//! Connections, one task each. Who opens one and says nothing, or says its headers byte by byte, is let go: it would hold the
//! connection for ever, and costs nothing to whoever does it by the thousand.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::add_extension::AddExtension;

/// Answers whoever connects, until `stopping`; then what was begun is ended, and this returns.
///
/// A connection on which nothing is asked for `header_timeout` is closed: a half request, and one that waits for the next.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    header_timeout: Duration,
    stopping: impl Future<Output = ()>,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(header_timeout);
    // Each connection holds a receiver until it ends.
    let (end, ending) = watch::channel(false);
    tokio::pin!(stopping);
    loop {
        let (stream, peer): (_, SocketAddr) = tokio::select! {
            accepted = Listener::accept(&mut listener) => accepted,
            () = &mut stopping => break,
        };
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), ConnectInfo(peer)));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let mut ending = ending.clone();
        tokio::spawn(async move {
            tokio::pin!(connection);
            let asked_to_end = async {
                // A sender that is gone means that the service ends anyway.
                drop(ending.wait_for(|is_ending| *is_ending).await);
            };
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = asked_to_end => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            // Mostly somebody who went away in the middle.
            if let Err(error) = ended {
                tracing::debug!("a connection ended early: {error}");
            }
            drop(ending);
        });
    }
    drop((listener, ending));
    end.send_replace(true);
    end.closed().await;
}

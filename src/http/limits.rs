//! How much one address, one conversation and one site may ask for. Each process counts for itself: with N replicas behind a
//! balancer, N times as much gets through, which is still a bound.

use std::hash::Hash;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::{Code, Problem};
use super::sites::Site;
use crate::config::Limits as Settings;
use crate::text::problem as text;

/// After so many answers, those who have been quiet are forgotten.
const FORGET_EVERY: usize = 1 << 12;

/// Where each proxy adds whom it heard from, last.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A limit for each key; none when it is switched off.
type Limiter<K> = Option<RateLimiter<K, HashMapStateStore<K>, DefaultClock>>;

/// How much one address, one conversation and one site may ask for.
#[derive(Clone)]
pub(super) struct Limits(Arc<Inner>);

struct Inner {
    /// Anything but reading pages.
    requests: Limiter<IpAddr>,
    /// New conversations.
    conversations: Limiter<IpAddr>,
    /// What is said in one conversation, by its id.
    messages: Limiter<String>,
    /// Anything but reading pages, by the key of the site.
    sites: Limiter<Arc<str>>,
    trusted_proxies: usize,
}

impl Limits {
    pub(super) fn new(settings: &Settings) -> Self {
        Self(Arc::new(Inner {
            requests: limiter(settings.requests_per_minute),
            conversations: limiter(settings.conversations_per_minute),
            messages: limiter(settings.messages_per_minute),
            sites: limiter(settings.site_requests_per_minute),
            trusted_proxies: settings.trusted_proxies,
        }))
    }

    fn check(&self, request: &Request) -> Result<(), Problem> {
        let Inner { requests, conversations, messages, sites, trusted_proxies } = &*self.0;
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        if !is_limited(route) {
            return Ok(());
        }
        // Without an address (it is always there on a socket) all share one limit.
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        let from = client(peer.unwrap_or(IpAddr::from([0, 0, 0, 0])), request.headers(), *trusted_proxies);
        // Whoever asks too much is refused alone, before that is taken from the site.
        take(requests, &from)?;
        if let Some(site) = request.extensions().get::<Site>() {
            take(sites, &site.key)?;
        }
        if request.method() != Method::POST {
            return Ok(());
        }
        match (route, request.uri().path().split('/').nth(4)) {
            ("/api/v1/conversations" | "/contact", _) => take(conversations, &from),
            (route, Some(id)) if route.starts_with("/api/v1/conversations/{id}") => take(messages, &id.to_owned()),
            _ => Ok(()),
        }
    }
}

/// Health, pages and their files cost nothing; deliveries of the other desk are signed.
fn is_limited(route: &str) -> bool {
    route.starts_with("/api/") || matches!(route, "/contact" | "/console/connexion" | "/console/acces")
}

/// Who asks: the peer, or, behind so many proxies of ours, whom the outermost of them heard from. What stands before
/// that in the header was written by the client and proves nothing.
fn client(peer: IpAddr, headers: &HeaderMap, trusted_proxies: usize) -> IpAddr {
    let Some(back) = trusted_proxies.checked_sub(1) else { return one_network(peer) };
    let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
    let named: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let told = named.iter().rev().nth(back).and_then(|name| name.parse().ok());
    one_network(told.unwrap_or(peer))
}

/// A household or company has a whole /64 of IPv6: it counts as one.
fn one_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::from((u128::from(address) >> 64 << 64).to_be_bytes()),
        address @ IpAddr::V4(_) => address,
    }
}

/// The rate of a minute, which may come all at once.
fn limiter<K: Hash + Eq + Clone>(per_minute: u32) -> Limiter<K> {
    NonZeroU32::new(per_minute).map(|rate| RateLimiter::hashmap(Quota::per_minute(rate)))
}

fn take<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Problem> {
    let Some(limiter) = limiter else { return Ok(()) };
    if limiter.len() >= FORGET_EVERY && limiter.len().is_multiple_of(FORGET_EVERY) {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|refused| {
        let wait = refused.wait_time_from(DefaultClock::default().now());
        Problem::new(Code::TooManyRequests).with_detail(text::TOO_MANY).with_retry_after(wait)
    })
}

/// Refuses what is too much before anything else is done.
pub(super) async fn limit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    match limits.check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&'static str], trusted_proxies: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().expect("a header"));
        }
        client(peer.parse().expect("an address"), &headers, trusted_proxies).to_string()
    }

    #[test]
    fn a_client_cannot_choose_its_address() {
        assert_eq!(seen("198.51.100.7", &["203.0.113.9"], 0), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["192.0.2.66, 203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["192.0.2.66", "203.0.113.9, 10.0.0.2"], 2), "203.0.113.9");
        assert_eq!(seen("10.0.0.1", &["rubbish"], 1), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], 1), "10.0.0.1");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        assert_eq!(seen("2001:db8:1:2:3:4:5:6", &[], 0), "2001:db8:1:2::");
        assert_eq!(seen("::ffff:198.51.100.7", &[], 0), "198.51.100.7");
    }

    #[test]
    fn each_key_has_its_own_limit_and_zero_switches_it_off() {
        let limited = limiter::<&str>(2);
        assert!(take(&limited, &"a").is_ok() && take(&limited, &"a").is_ok());
        assert!(take(&limited, &"a").is_err());
        assert!(take(&limited, &"b").is_ok());
        let off = limiter::<&str>(0);
        assert!((0..100).all(|_| take(&off, &"a").is_ok()));
    }
}

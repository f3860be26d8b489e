//! Somebody leaves for a provider of identities and comes back: what lets in, and everything that does not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::clients::oidc::Settings;
use crate::clients::tickets::zendesk::fault::{Act, Server};
use crate::identity::IdentityError;
use crate::identity::signing::Signing;
use crate::model::Role;

/// What the provider does, as tests change it.
struct Says {
    keys: Vec<Signing>,
    signs: Signing,
    status: u16,
    claims: Value,
    userinfo: Option<Value>,
    url: String,
}

/// A provider of identities on this machine: discovery, keys, tokens, userinfo. It takes any code.
struct FakeProvider {
    server: Server,
    says: Arc<Mutex<Says>>,
}

struct House {
    sso: Sso,
    store: Store,
    provider: FakeProvider,
    _dir: TempDir,
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

impl FakeProvider {
    async fn start() -> Self {
        let key = Signing::new("2026-11", 1);
        let says = Says {
            keys: vec![key.clone()],
            signs: key,
            status: 200,
            claims: json!({}),
            userinfo: None,
            url: String::new(),
        };
        let says = Arc::new(Mutex::new(says));
        let own = Arc::clone(&says);
        let server = Server::start(move |seen| {
            let says = own.lock().expect("no panic");
            if says.status != 200 {
                return Act::json(says.status, &json!({}));
            }
            let url = &says.url;
            let at = |path: &str| format!("{url}{path}");
            match seen.line.split(' ').nth(1).unwrap_or_default() {
                "/.well-known/openid-configuration" => Act::json(
                    200,
                    &json!({
                        "issuer": url, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
                        "jwks_uri": at("/keys"),
                        "userinfo_endpoint": says.userinfo.as_ref().map(|_| at("/userinfo")),
                    }),
                ),
                "/keys" => {
                    let keys: Vec<Value> = says.keys.iter().map(Signing::public).collect();
                    Act::json(200, &json!({ "keys": keys }))
                }
                "/token" => {
                    let token = says.signs.sign(&says.claims);
                    Act::json(200, &json!({ "id_token": token, "access_token": "a-1", "token_type": "Bearer" }))
                }
                _ => Act::json(200, says.userinfo.as_ref().unwrap_or(&Value::Null)),
            }
        });
        let server = server.await;
        says.lock().expect("no panic").url.clone_from(&server.url);
        Self { server, says }
    }

    fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().expect("no panic"));
    }
}

impl House {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut Roles)) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let provider = FakeProvider::start().await;
        let mut roles = Roles {
            claim: "groups".to_owned(),
            of: vec![("conseillers".to_owned(), Role::Agent), ("admins".to_owned(), Role::Admin)],
            otherwise: None,
        };
        change(&mut roles);
        let settings = Settings {
            issuer: provider.server.url.clone(),
            client_id: "guichet".to_owned(),
            client_secret: Some(Secret::new("sésame")),
            redirect_uri: "http://127.0.0.1/console/connexion/entreprise/retour".to_owned(),
            scopes: vec!["openid".to_owned()],
            wanted: roles.wanted(),
            pause: Duration::ZERO,
        };
        let way = Provider::new(settings).expect("it is on this machine");
        let sso = Sso::new(store.clone(), way, roles, &Secret::new("partagé"));
        Self { sso, store, provider, _dir: dir }
    }

    /// What a token says in answer to the question in `url`.
    fn claims(&self, url: &str) -> Value {
        let at = now() / 1000;
        json!({
            "iss": self.provider.server.url, "aud": "guichet", "sub": "u-7", "iat": at, "exp": at + 300, "auth_time": at,
            "nonce": asked(url, "nonce"), "name": "Zoé Petit", "email": "zoe.petit@editeur.example",
            "groups": ["conseillers"],
        })
    }

    /// Somebody leaves and comes back with a token that says what `change` makes of the right claims.
    async fn go(&self, change: impl FnOnce(&mut Value)) -> Result<Arrived, SsoError> {
        let leaving = self.sso.leave("/console/demandes", now()).await?;
        self.come_back(&leaving, change, None).await
    }

    async fn come_back(
        &self,
        leaving: &Leaving,
        change: impl FnOnce(&mut Value),
        session: Option<(&Session, &str)>,
    ) -> Result<Arrived, SsoError> {
        let mut claims = self.claims(&leaving.url);
        change(&mut claims);
        self.provider.change(|says| says.claims = claims);
        let state = asked(&leaving.url, "state");
        let brought = Brought { code: Some("c-1"), state: &state, ..Brought::default() };
        self.sso.arrive(&leaving.cookie, brought, session, now()).await
    }

    async fn enter(&self, change: impl FnOnce(&mut Value)) -> (Session, String) {
        let Arrived::In { secret, .. } = self.go(change).await.expect("they come in") else { panic!("a session") };
        let session = self.session(&secret).await.expect("it is there");
        (session, secret)
    }

    async fn session(&self, secret: &str) -> Option<Session> {
        self.store.find_session(&token::hash(secret)).await.expect("the store works")
    }

    /// What the log says, the newest first.
    async fn log(&self) -> Vec<String> {
        let lines = self.store.list_audit("", None, 20).await.expect("the store works");
        lines.into_iter().map(|line| line.what).collect()
    }
}

/// A parameter of the address at the provider.
fn asked(url: &str, name: &str) -> String {
    let query = url.split_once('?').expect("a query").1;
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.unwrap_or_else(|| panic!("{name} in {url}")).to_owned()
}

fn proves_nothing(outcome: &Result<Arrived, SsoError>, why: IdentityError) -> bool {
    matches!(outcome, Err(SsoError::Provider(OidcError::Token(reason))) if *reason == why)
}

#[tokio::test]
async fn somebody_with_a_role_comes_in_and_has_an_account_from_then_on() {
    let house = House::open().await;
    let arrived = house.go(|_| {}).await.expect("she comes in");
    let Arrived::In { secret, wanted } = arrived else { panic!("{arrived:?}") };
    assert_eq!(wanted, "/console/demandes");
    let first = house.session(&secret).await.expect("a session").account;
    assert_eq!((first.name.as_str(), first.role), ("Zoé Petit", Role::Agent));
    assert_eq!(first.password_hash, None);

    // Everything but the provider's own name for her may change.
    let (session, _) = house
        .enter(|claims| {
            claims["name"] = json!("Zoé Martin");
            claims["email"] = json!("zoe.martin@editeur.example");
            claims["groups"] = json!(["conseillers", "admins"]);
        })
        .await;
    let now = session.account;
    assert_eq!((&now.id, now.name.as_str(), now.role), (&first.id, "Zoé Martin", Role::Admin));
    assert_eq!(now.email.as_str(), "zoe.martin@editeur.example");
    assert_eq!(house.log().await, ["staff.signed_in", "staff.role_followed", "staff.signed_in", "staff.joined"]);
}

#[tokio::test]
async fn who_has_no_role_stays_outside_and_who_loses_it_is_out_at_once() {
    let house = House::open().await;
    let stranger = house.go(|claims| claims["groups"] = json!(["paie"])).await;
    assert!(matches!(stranger, Err(SsoError::NoRole)), "{stranger:?}");
    assert!(house.store.list_accounts().await.expect("the store works").is_empty());

    let (_, secret) = house.enter(|_| {}).await;
    let gone = house.go(|claims| claims["groups"] = json!([])).await;
    assert!(matches!(gone, Err(SsoError::NoRole)), "{gone:?}");
    assert_eq!(house.session(&secret).await, None, "the session of before too");
    assert_eq!(house.log().await, ["staff.withdrawn", "staff.signed_in", "staff.joined", "staff.refused"]);

    let open = House::open_with(|roles| roles.otherwise = Some(Role::Reader)).await;
    assert_eq!(open.enter(|claims| claims["groups"] = json!([])).await.0.account.role, Role::Reader);
}

#[tokio::test]
async fn an_account_with_a_password_is_not_taken_by_its_address() {
    let house = House::open().await;
    let local = new_account("Zoé", &"zoe.petit@editeur.example".parse().expect("an address"), Role::Admin, now());
    let line = told("Inès", "staff.added", &local, now());
    house.store.create_account(&local, "hash", now() + 1_000, &line).await.expect("it is kept");
    let refused = house.go(|_| {}).await;
    assert!(matches!(refused, Err(SsoError::Taken)), "{refused:?}");
    let kept = house.store.find_account_by_id(&local.id).await.expect("the store works").expect("it stays");
    assert_eq!((kept.external, kept.role), (None, Role::Admin));
    assert_eq!(house.log().await, ["staff.refused", "staff.added"]);

    // Nor by whoever comes with another one first.
    let (session, _) = house.enter(|claims| claims["email"] = json!("z.petit@editeur.example")).await;
    house.enter(|_| {}).await;
    let account = house.store.find_account_by_id(&session.account.id).await.expect("the store works");
    assert_eq!(
        account.expect("it stays").email.as_str(),
        "z.petit@editeur.example",
        "the address of another stays theirs"
    );
}

#[tokio::test]
async fn somebody_else_with_the_same_address_is_somebody_else() {
    let house = House::open().await;
    house.enter(|_| {}).await;
    let other = house.go(|claims| claims["sub"] = json!("u-8")).await;
    assert!(matches!(other, Err(SsoError::Taken)), "{other:?}");
    for wrong in [json!({ "email_verified": false }), json!({ "email": null })] {
        let unknown = house
            .go(|claims| {
                claims["sub"] = json!("u-9");
                for (name, value) in wrong.as_object().expect("an object") {
                    claims[name] = value.clone();
                }
            })
            .await;
        assert!(matches!(unknown, Err(SsoError::NoEmail)), "{unknown:?}");
    }
}

#[tokio::test]
async fn a_token_that_answers_something_else_lets_nobody_in() {
    let house = House::open().await;
    let at = now() / 1000;
    for (name, value, why) in [
        ("nonce", json!("another"), IdentityError::WrongNonce),
        ("nonce", json!(null), IdentityError::WrongNonce),
        ("iss", json!("https://autre.example"), IdentityError::NotForUs),
        ("aud", json!("another"), IdentityError::NotForUs),
        ("aud", json!(["guichet", "another"]), IdentityError::NotForUs),
        ("azp", json!("another"), IdentityError::NotForUs),
        ("exp", json!(at - 60), IdentityError::Expired),
        ("iat", json!(at + 120), IdentityError::NotYet),
        ("sub", json!(""), IdentityError::Malformed("its subject is empty or too long")),
        ("sub", json!(7), IdentityError::Malformed("a claim is missing or wrong")),
    ] {
        let outcome = house.go(|claims| claims[name] = value.clone()).await;
        assert!(proves_nothing(&outcome, why), "{name}: {value}: {outcome:?}");
    }
    let both = house.go(|claims| {
        claims["aud"] = json!(["guichet", "another"]);
        claims["azp"] = json!("guichet");
    });
    assert!(both.await.is_ok(), "it may be for others too when it was given to us");
}

#[tokio::test]
async fn an_answer_is_taken_once_from_the_browser_that_asked_and_not_for_ever() {
    let house = House::open().await;
    let leaving = house.sso.leave("/console", now()).await.expect("it says where");
    let state = asked(&leaving.url, "state");
    let brought = Brought { code: Some("c-1"), state: &state, ..Brought::default() };
    let is_over = |outcome: Result<Arrived, SsoError>| matches!(outcome, Err(SsoError::Over));
    let arrive = async |cookie: &str, brought: Brought<'_>, at: i64| house.sso.arrive(cookie, brought, None, at).await;

    let other = house.sso.leave("/console", now()).await.expect("it says where");
    assert!(is_over(arrive(&other.cookie, brought, now()).await), "another browser, or another window of it");
    assert!(is_over(arrive("", brought, now()).await), "a browser that did not ask");
    assert!(is_over(arrive(&leaving.cookie, Brought { state: "", ..brought }, now()).await));
    assert!(is_over(arrive(&leaving.cookie, brought, now() + LIFE_MS).await), "it took too long");
    assert_eq!(house.provider.server.count("POST"), 0, "nothing of that was redeemed");

    house.come_back(&leaving, |_| {}, None).await.expect("she comes in");
    assert!(is_over(house.come_back(&leaving, |_| {}, None).await), "once");
}

#[tokio::test]
async fn a_new_key_of_the_provider_is_fetched_and_an_unknown_one_lets_nobody_in() {
    let house = House::open().await;
    house.enter(|_| {}).await;
    let (old, new) = (Signing::new("2026-11", 1), Signing::new("2026-12", 2));
    house.provider.change(|says| says.signs = new.clone());
    assert!(proves_nothing(&house.go(|_| {}).await, IdentityError::UnknownKey), "it is not published");
    house.provider.change(|says| says.keys = vec![old.clone(), new.clone()]);
    house.enter(|_| {}).await;
    house.provider.change(|says| says.signs = Signing::new("2026-12", 9));
    assert!(proves_nothing(&house.go(|_| {}).await, IdentityError::WrongSignature), "the name is not enough");
    house.provider.change(|says| {
        says.keys = vec![new.clone()];
        says.signs = new;
    });
    house.enter(|_| {}).await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_and_asked_again_later() {
    let house = House::open().await;
    house.provider.change(|says| says.status = 503);
    let down = house.sso.leave("/console", now()).await.expect_err("it does not say where");
    assert!(matches!(down, SsoError::Provider(OidcError::Unavailable(_))), "{down:?}");
    house.provider.change(|says| says.status = 200);
    let leaving = house.sso.leave("/console", now()).await.expect("it is back");
    house.provider.change(|says| says.status = 500);
    let down = house.come_back(&leaving, |_| {}, None).await.expect_err("it does not answer");
    assert!(matches!(down, SsoError::Provider(OidcError::Unavailable(_))), "{down:?}");
    assert!(house.sso.leave("/console", now()).await.is_ok(), "where it is was known");
}

#[tokio::test]
async fn who_declines_and_what_the_provider_refuses_is_said_apart() {
    let house = House::open().await;
    for (error, is_declined) in [("access_denied", true), ("login_required", true), ("invalid_scope", false)] {
        let leaving = house.sso.leave("/console", now()).await.expect("it says where");
        let state = asked(&leaving.url, "state");
        let brought = Brought { state: &state, error: Some(error), ..Brought::default() };
        let outcome = house.sso.arrive(&leaving.cookie, brought, None, now()).await;
        assert_eq!(matches!(outcome, Err(SsoError::Declined)), is_declined, "{error}: {outcome:?}");
    }
}

#[tokio::test]
async fn what_the_token_does_not_say_is_asked_for_when_it_is_about_the_same_person() {
    let house = House::open().await;
    let without = |claims: &mut Value| {
        claims.as_object_mut().expect("an object").remove("groups");
    };
    house.provider.change(|says| says.userinfo = Some(json!({ "sub": "u-7", "groups": ["admins"], "name": "Autre" })));
    let (session, _) = house.enter(without).await;
    assert_eq!(
        (session.account.role, session.account.name.as_str()),
        (Role::Admin, "Zoé Petit"),
        "the token comes first"
    );
    house.provider.change(|says| says.userinfo = Some(json!({ "sub": "u-8", "groups": ["admins"] })));
    assert!(proves_nothing(&house.go(without).await, IdentityError::NotForUs));
    let (session, _) = house.enter(|_| {}).await;
    assert_eq!(session.account.role, Role::Agent, "it is not asked when the token says all");
}

#[tokio::test]
async fn before_something_dangerous_the_same_person_proves_anew_who_it_is() {
    let house = House::open().await;
    // She was signed in at the provider since this morning: coming in proved nothing new.
    let (session, secret) = house.enter(|claims| claims["auth_time"] = json!(now() / 1000 - 7200)).await;
    assert!(session.confirmed_at < now() - 7_000_000);
    let (silent, _) = house.enter(|claims| claims["auth_time"] = json!(null)).await;
    assert_eq!(silent.confirmed_at, 0);

    let confirm = async |change: fn(&mut Value), session: Option<(&Session, &str)>| {
        let leaving = house.sso.leave_to_confirm("/console/equipe", now()).await.expect("it says where");
        assert!(leaving.url.ends_with("&prompt=login&max_age=0"), "{}", leaving.url);
        house.come_back(&leaving, change, session).await
    };
    let hers = Some((&session, secret.as_str()));
    let old = confirm(|claims| claims["auth_time"] = json!(now() / 1000 - 120), hers).await;
    assert!(
        matches!(old, Err(SsoError::NotAnew)),
        "the address at the provider can be changed by who sits there: {old:?}"
    );
    let unsaid = confirm(|claims| claims["auth_time"] = json!(null), hers).await;
    assert!(matches!(unsaid, Err(SsoError::NotAnew)), "{unsaid:?}");
    let other = confirm(|claims| claims["sub"] = json!("u-8"), hers).await;
    assert!(matches!(other, Err(SsoError::SomebodyElse)), "{other:?}");
    let nobody = confirm(|_| {}, None).await;
    assert!(matches!(nobody, Err(SsoError::Over)), "{nobody:?}");
    assert_eq!(house.session(&secret).await.expect("it is there").confirmed_at, session.confirmed_at);

    let arrived = confirm(|_| {}, hers).await.expect("she proves it");
    assert_eq!(arrived, Arrived::Confirmed { wanted: "/console/equipe".to_owned() });
    assert!(house.session(&secret).await.expect("it is there").confirmed_at > now() - 60_000);
}

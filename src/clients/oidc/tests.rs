//! What the provider says of itself, and what it is asked.

use serde_json::{Value, json};

use super::*;
use crate::clients::tickets::zendesk::fault::{Act, Server};

const QUESTION: Question<'static> = Question { state: "s1", nonce: "n1", verifier: "v1" };

fn settings(issuer: &str) -> Settings {
    Settings {
        issuer: issuer.to_owned(),
        client_id: "guichet console".to_owned(),
        client_secret: Some(Secret::new("sésame:ouvre")),
        redirect_uri: "https://guichet.example/console/connexion/entreprise/retour".to_owned(),
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        wanted: vec!["email".to_owned()],
        pause: Duration::ZERO,
    }
}

fn described(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize?tenant=1"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/end"),
    })
}

fn check(change: impl Fn(&mut Value), expected: Result<(), &str>) {
    let mut json = described("https://identite.example");
    change(&mut json);
    match (Metadata::read(json.to_string().as_bytes(), "https://identite.example"), expected) {
        (Ok(_), Ok(())) => {}
        (Err(OidcError::Unusable(reason)), Err(part)) => assert!(reason.contains(part), "{reason}"),
        (found, expected) => panic!("{json}: {found:?}, not {expected:?}"),
    }
}

#[test]
fn what_a_provider_says_of_itself_is_taken_when_it_is_its_own_and_encrypted() {
    check(|_| {}, Ok(()));
    check(|json| json["issuer"] = json!("https://identite.example/"), Err("calls itself otherwise"));
    check(|json| json["issuer"] = json!("https://autre.example"), Err("calls itself otherwise"));
    for name in ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"] {
        check(|json| json[name] = json!("http://identite.example/x"), Err("https://"));
        check(|json| json[name] = json!("javascript:alert(1)"), Err("https://"));
        check(|json| json[name] = json!("https://identite.example/#x"), Err("https://"));
    }
    check(|json| json["token_endpoint"] = Value::Null, Err("not understood"));
}

#[test]
fn secrets_are_told_to_nobody_in_the_clear() {
    assert!(Provider::new(settings("https://identite.example")).is_ok());
    assert!(matches!(Provider::new(settings("http://identite.example")), Err(OidcError::NotEncrypted)));
    let open = Settings { redirect_uri: "http://guichet.example/x".into(), ..settings("https://identite.example") };
    assert!(matches!(Provider::new(open), Err(OidcError::NotEncrypted)));
}

/// A provider without keys of its own: `token` is what its token endpoint answers.
async fn provider(describe: fn(&mut Value), token: Act) -> (Server, Provider) {
    let url = Arc::new(std::sync::OnceLock::<String>::new());
    let (own, token) = (Arc::clone(&url), std::sync::Mutex::new(Some(token)));
    let server = Server::start(move |seen| {
        let url = own.get().expect("it is known before anybody asks");
        let mut about = described(url);
        describe(&mut about);
        match () {
            () if seen.is(&format!("GET {WELL_KNOWN}")) => Act::json(200, &about),
            () if seen.is("GET /keys") => Act::json(200, &json!({ "keys": [] })),
            () => token.lock().expect("no panic").take().unwrap_or(Act::Reset),
        }
    });
    let server = server.await;
    url.set(server.url.clone()).expect("once");
    let provider = Provider::new(settings(&server.url)).expect("it is on this machine");
    (server, provider)
}

async fn redeem(provider: &Provider) -> OidcError {
    provider.redeem("c 1", None, QUESTION, Timestamp::now()).await.expect_err("there is no token")
}

#[tokio::test]
async fn a_browser_is_sent_with_a_challenge_and_never_with_what_answers_it() {
    let (server, provider) = provider(|_| {}, Act::Reset).await;
    let url = provider.sign_in_url(QUESTION, false).await.expect("it says where");
    // RFC 7636: the base64url of the SHA-256 of the verifier.
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest("v1"));
    assert_eq!(
        url,
        format!(
            "{}/authorize?tenant=1&response_type=code&client_id=guichet%20console&redirect_uri=https%3A%2F%2Fguichet.example\
             %2Fconsole%2Fconnexion%2Fentreprise%2Fretour&scope=openid%20email&state=s1&nonce=n1&code_challenge={challenge}\
             &code_challenge_method=S256",
            server.url
        )
    );
    let again = provider.sign_in_url(QUESTION, true).await.expect("it says where");
    assert_eq!(again, format!("{url}&prompt=login&max_age=0"));
    assert_eq!(provider.sign_out_url().await, Some(format!("{}/end?client_id=guichet%20console", server.url)));
    assert_eq!(server.count("GET /keys"), 1, "it is read once");
}

#[tokio::test]
async fn the_secret_goes_where_the_provider_looks_for_it() {
    let (server, provider) = provider(|_| {}, Act::json(400, &json!({ "error": "invalid_grant" }))).await;
    assert!(matches!(redeem(&provider).await, OidcError::CodeRefused));
    let asked = server.seen().into_iter().find(|seen| seen.is("POST /token")).expect("the token is asked for");
    let name = STANDARD.encode("guichet%20console:s%C3%A9same%3Aouvre");
    assert_eq!(asked.header("authorization"), Some(format!("Basic {name}").as_str()));
    let body = String::from_utf8(asked.body).expect("ASCII");
    assert!(body.starts_with("grant_type=authorization_code&code=c%201&redirect_uri=https%3A%2F%2F"), "{body}");
    assert!(body.ends_with("&code_verifier=v1"), "{body}");

    let only_form = |json: &mut Value| json["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    let (server, provider) = self::provider(only_form, Act::json(401, &json!({ "error": "invalid_client" }))).await;
    assert!(matches!(redeem(&provider).await, OidcError::Unusable(reason) if reason.contains("client_id")));
    let asked = server.seen().into_iter().find(|seen| seen.is("POST /token")).expect("the token is asked for");
    assert_eq!(asked.header("authorization"), None);
    let body = String::from_utf8(asked.body).expect("ASCII");
    assert!(body.ends_with("&client_id=guichet%20console&client_secret=s%C3%A9same%3Aouvre"), "{body}");
}

#[tokio::test]
async fn what_is_no_token_is_told_by_who_can_do_something() {
    for (act, is_temporary) in [
        (Act::json(503, &json!({})), true),
        (Act::Reset, true),
        (Act::json(400, &json!({ "error": "invalid_request" })), false),
        (Act::json(200, &json!({ "access_token": "x" })), false),
        (Act::Answer(200, Vec::new(), "x".repeat(MAX_BODY_BYTES + 1)), false),
    ] {
        let (_server, provider) = provider(|_| {}, act).await;
        let error = redeem(&provider).await;
        let found = matches!(error, OidcError::NoAnswer(_) | OidcError::Unavailable(_));
        assert_eq!(found, is_temporary, "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_in_the_name_of_another_provider_is_not_redeemed() {
    let (server, provider) = provider(|_| {}, Act::Reset).await;
    for issuer in ["https://autre.example", ""] {
        let error = provider.redeem("c", Some(issuer), QUESTION, Timestamp::now()).await.expect_err("it is another");
        assert!(matches!(error, OidcError::Token(IdentityError::NotForUs)), "{error:?}");
    }
    let names_itself = |json: &mut Value| json["authorization_response_iss_parameter_supported"] = json!(true);
    let (other, provider) = self::provider(names_itself, Act::Reset).await;
    assert!(
        matches!(redeem(&provider).await, OidcError::Token(IdentityError::NotForUs)),
        "it would have said who it is"
    );
    assert_eq!(server.count("POST") + other.count("POST"), 0);
}

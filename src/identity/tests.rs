//! Tokens that are right, and every way in which one is not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use super::demo::{self, Signer};
use super::{IdentityError, Key, KeyError, Keys, Verifier};
use crate::model::{Contact, Right, Secret};
use crate::portal_demo::World;

const SECRET: &str = "un-secret-partage-de-trente-deux-octets";

/// Tokens and public keys made by another implementation (`PyJWT`); the private keys are gone.
const FOREIGN: &str = include_str!("fixtures/foreign.json");

fn now() -> Timestamp {
    "2026-11-24T08:01:00Z".parse().expect("a time")
}

fn claims() -> Value {
    let issued = now().as_second() - 60;
    json!({
        "iss": "https://portail.example", "aud": "guichet", "iat": issued, "exp": issued + 300, "jti": "j-1",
        "sub": "U-11", "partner": "P-1", "establishments": ["E-11"], "rights": ["contracts", "prices", "fly"],
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", encode(header), encode(claims))
}

fn signed_with(header: &Value, claims: &Value, secret: &str) -> String {
    let text = unsigned(header, claims);
    let mark = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mark))
}

fn signed(claims: &Value) -> String {
    signed_with(&json!({ "alg": "HS256", "kid": "hs-1" }), claims, SECRET)
}

fn shared(id: &str, secret: &str) -> Key {
    Key::shared(id, &Secret::new(secret)).expect("a long secret")
}

fn verifier_with(keys: Keys) -> Verifier {
    Verifier::new(keys, "https://portail.example", "guichet")
}

fn verifier() -> Verifier {
    verifier_with(Keys::new([shared("hs-1", SECRET)]).expect("one key"))
}

fn check(token: &str, expected: IdentityError) {
    assert_eq!(verifier().verify(token, now()), Err(expected), "{token}");
}

#[test]
fn a_right_token_names_a_visitor() {
    let proof = verifier().verify(&signed(&claims()), now()).expect("a proof");
    let visitor = proof.visitor;
    assert_eq!((visitor.partner.as_str(), visitor.user.as_str()), ("P-1", "U-11"));
    assert_eq!(visitor.establishments.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["E-11"]);
    assert_eq!(visitor.rights, [Right::Contracts, Right::Prices].into(), "an unknown right gives nothing");
    assert_eq!(proof.token_id, "j-1");
    assert_eq!(proof.valid_until, "2026-11-24T08:05:30Z".parse().expect("a time"));
}

#[test]
fn a_token_may_say_how_its_user_can_be_reached_and_holds_when_that_cannot_be_used() {
    let contact = |claims: &Value| verifier().verify(&signed(claims), now()).expect("a proof").visitor.contact;
    assert_eq!(contact(&claims()), Contact::default());
    let mut all = claims();
    all["name"] = json!("Claire Aubry");
    all["email"] = json!("claire.aubry@Alize.example");
    all["partner_name"] = json!("Alizé Informatique");
    let full = Contact::read(Some("Claire Aubry"), Some("claire.aubry@alize.example"), Some("Alizé Informatique"));
    assert!(full.name.is_some() && full.email.is_some() && full.company.is_some());
    assert_eq!(contact(&all), full);
    for wrong in [json!(null), json!(7), json!(""), json!(["a@b.example"]), json!("a\u{0}@b"), json!("x".repeat(300))] {
        for name in ["name", "email", "partner_name"] {
            let mut claims = all.clone();
            claims[name] = wrong.clone();
            let read = contact(&claims);
            let (name_is_left, email_is_left, company_is_left) =
                (read.name == full.name, read.email == full.email, read.company == full.company);
            assert_eq!(
                (name_is_left, email_is_left, company_is_left),
                (name != "name", name != "email", name != "partner_name"),
                "{name}: {wrong}"
            );
        }
    }
    for (verified, is_taken) in [(json!(true), true), (json!(false), false), (json!("false"), false)] {
        all["email_verified"] = verified;
        assert_eq!(contact(&all).email.is_some(), is_taken);
    }
}

#[test]
fn the_demo_portal_signs_what_it_knows_of_its_users() {
    let world = World::new(jiff::civil::date(2026, 11, 24));
    let signer =
        Signer { secret: Secret::new(SECRET), issuer: "https://portail.example".into(), audience: "guichet".into() };
    let verifier = verifier_with(Keys::new([shared(demo::KEY, SECRET)]).expect("one key"));
    for person in world.people() {
        let proof = verifier.verify(&signer.sign(person.visitor, "j", now()), now()).expect("a proof");
        assert_eq!(proof.visitor, *person.visitor);
        let contact = proof.visitor.contact;
        assert_eq!((contact.name.as_deref(), contact.company.as_deref()), (Some(person.name), Some(person.partner)));
        assert!(contact.email.is_some_and(|email| email.as_str().ends_with(".example")));
    }
}

#[test]
fn tokens_of_another_implementation_are_understood_in_all_three_algorithms() {
    let foreign: Value = serde_json::from_str(FOREIGN).expect("JSON");
    let public = Keys::from_jwk_set(foreign["jwks"].to_string().as_bytes()).expect("public keys");
    for (name, keys) in
        [("hs256", Keys::new([shared("hs-1", SECRET)]).expect("a key")), ("rs256", public.clone()), ("eddsa", public)]
    {
        let token = foreign[name].as_str().expect("a token");
        let proof = verifier_with(keys).verify(token, now()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(proof.visitor.user.as_str(), "U-11");
    }
}

#[test]
fn a_token_holds_for_its_time_and_no_longer() {
    let at = |seconds: i64| Timestamp::from_second(now().as_second() - 60 + seconds).expect("a time");
    let token = signed(&claims());
    for (seconds, expected) in [
        (-31, Err(IdentityError::NotYet)),
        (-30, Ok(())),
        (0, Ok(())),
        (329, Ok(())),
        (330, Err(IdentityError::Expired)),
        (100_000, Err(IdentityError::Expired)),
    ] {
        assert_eq!(verifier().verify(&token, at(seconds)).map(|_| ()), expected, "{seconds}");
    }
    let issued = claims()["iat"].as_i64().expect("a time");
    assert!(verifier().verify(&signed(&with("exp", json!(issued + 600))), now()).is_ok());
    check(&signed(&with("exp", json!(issued + 601))), IdentityError::TooLong);
    check(&signed(&with("exp", json!(issued - 1))), IdentityError::TooLong);
    check(&signed(&with("nbf", json!(issued + 200))), IdentityError::NotYet);
    check(&signed(&with("exp", json!(i64::MAX))), IdentityError::Malformed("a time is none"));
}

#[test]
fn a_token_for_or_from_somebody_else_is_refused() {
    check(&signed(&with("aud", json!("another"))), IdentityError::NotForUs);
    check(&signed(&with("aud", json!(["another"]))), IdentityError::NotForUs);
    check(&signed(&with("iss", json!("https://portail.example.autre.example"))), IdentityError::NotForUs);
    assert!(verifier().verify(&signed(&with("aud", json!(["another", "guichet"]))), now()).is_ok());
}

#[test]
fn what_is_missing_or_no_id_is_refused() {
    let wrong = IdentityError::Malformed("a claim is missing or wrong");
    for name in ["iss", "aud", "iat", "exp", "jti", "sub", "partner", "establishments", "rights"] {
        check(&signed(&without(name)), wrong);
    }
    check(&signed(&with("partner", json!("P-1/../P-2"))), wrong);
    check(&signed(&with("establishments", json!([]))), IdentityError::Malformed("it names no establishment"));
    check(&signed(&with("jti", json!(""))), IdentityError::Malformed("its jti is empty or too long"));
}

#[test]
fn nobody_without_the_key_makes_a_token() {
    let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
    check(
        &signed_with(&header("HS256", "hs-1"), &claims(), "un-autre-secret-de-trente-deux-octets!!"),
        IdentityError::WrongSignature,
    );
    check(&signed_with(&header("HS256", "hs-2"), &claims(), SECRET), IdentityError::UnknownKey);
    let taken = IdentityError::Malformed("its algorithm is not taken");
    check(&format!("{}.", unsigned(&header("none", "hs-1"), &claims())), taken);
    check(&signed_with(&header("HS512", "hs-1"), &claims(), SECRET), taken);
    check(&signed_with(&header("EdDSA", "hs-1"), &claims(), SECRET), IdentityError::WrongSignature);
    let mut extended = header("HS256", "hs-1");
    extended["crit"] = json!(["exp"]);
    check(&signed_with(&extended, &claims(), SECRET), IdentityError::Malformed("it has extensions"));
    check(
        &signed_with(&json!({ "alg": "HS256" }), &claims(), SECRET),
        IdentityError::Malformed("it does not name its key"),
    );
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key pair");
    let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    let set = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "ed-1", "use": "sig", "x": x }] });
    let verifier = verifier_with(Keys::from_jwk_set(set.to_string().as_bytes()).expect("a key"));
    let text = unsigned(&json!({ "alg": "EdDSA", "kid": "ed-1" }), &claims());
    let token = format!("{text}.{}", URL_SAFE_NO_PAD.encode(pair.sign(text.as_bytes())));
    assert!(verifier.verify(&token, now()).is_ok());
    // Signed with what everybody knows, as if it were a secret.
    let confused = signed_with(&json!({ "alg": "HS256", "kid": "ed-1" }), &claims(), &x);
    assert_eq!(verifier.verify(&confused, now()), Err(IdentityError::WrongSignature));
}

#[test]
fn a_key_of_p_256_signs_as_others_do() {
    let (chance, algorithm) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).expect("a key");
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &chance).expect("a key");
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let key = |y: &[u8]| {
        let encode = |part: &[u8]| URL_SAFE_NO_PAD.encode(part);
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "es-1", "x": encode(x), "y": encode(y) }] }).to_string()
    };
    let verify = |header: Value, y: &[u8]| {
        let text = unsigned(&header, &claims());
        let mark = pair.sign(&chance, text.as_bytes()).expect("a signature");
        let keys = Keys::from_jwk_set(key(y).as_bytes()).expect("a key");
        verifier_with(keys).verify(&format!("{text}.{}", URL_SAFE_NO_PAD.encode(mark)), now()).map(|_| ())
    };
    assert_eq!(verify(json!({ "alg": "ES256", "kid": "es-1" }), y), Ok(()));
    assert_eq!(verify(json!({ "alg": "EdDSA", "kid": "es-1" }), y), Err(IdentityError::WrongSignature));
    assert_eq!(
        verify(json!({ "alg": "ES256", "kid": "es-1" }), x),
        Err(IdentityError::WrongSignature),
        "no such point"
    );
    assert!(Keys::from_jwk_set(key(&y[1..]).as_bytes()).is_err());
}

#[test]
fn keys_are_replaced_one_after_the_other() {
    let new = "le-nouveau-secret-de-trente-deux-octets";
    let both = verifier_with(Keys::new([shared("hs-1", SECRET), shared("hs-2", new)]).expect("two keys"));
    let only_new = verifier_with(Keys::new([shared("hs-2", new)]).expect("a key"));
    let (old_token, new_token) =
        (signed(&claims()), signed_with(&json!({ "alg": "HS256", "kid": "hs-2" }), &claims(), new));
    assert!(both.verify(&old_token, now()).is_ok() && both.verify(&new_token, now()).is_ok());
    assert_eq!(only_new.verify(&old_token, now()), Err(IdentityError::UnknownKey));
    assert!(only_new.verify(&new_token, now()).is_ok());
}

#[test]
fn weak_or_unusable_keys_are_refused() {
    let short = Key::shared("hs-1", &Secret::new("court")).expect_err("too short");
    assert_eq!(short, KeyError::Short("hs-1".to_owned()));
    assert_eq!(
        Keys::new([shared("a", SECRET), shared("a", SECRET)]).expect_err("twice"),
        KeyError::Twice("a".to_owned())
    );
    let refused =
        |key: Value| Keys::from_jwk_set(json!({ "keys": [key] }).to_string().as_bytes()).expect_err("refused");
    let unusable = |id: &str| KeyError::Unusable(id.to_owned());
    assert_eq!(refused(json!({ "kty": "EC", "crv": "P-256", "kid": "ec" })), unusable("ec"));
    assert_eq!(refused(json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "AAAA" })), unusable("k"));
    let weak = URL_SAFE_NO_PAD.encode([255; 128]);
    assert_eq!(refused(json!({ "kty": "RSA", "kid": "k", "n": weak, "e": "AQAB" })), unusable("k"));
    assert_eq!(Keys::from_jwk_set(b"<html>").expect_err("refused"), KeyError::NoSet);
    let fine = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": URL_SAFE_NO_PAD.encode([9; 32]) });
    let mixed = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "ec" }, { "kty": 5 }, fine] });
    let mixed = Keys::from_jwk_set(mixed.to_string().as_bytes()).expect("one of them can be used");
    assert!(mixed.find("ed").is_some() && mixed.find("ec").is_none());
    let encrypts = json!({ "keys": [{ "kty": "RSA", "use": "enc", "kid": "k" }] });
    assert!(Keys::from_jwk_set(encrypts.to_string().as_bytes()).is_ok(), "it is not for signing");
    assert!(!format!("{:?}", shared("hs-1", SECRET)).contains("secret-partage"));
}

proptest! {
    /// No change of a single character of a token leaves it valid, and no text makes the verifier panic.
    #[test]
    fn a_token_that_was_touched_proves_nothing(at in 0..400_usize, put in "[A-Za-z0-9_.-]") {
        let token = signed(&claims());
        let at = at % token.len();
        let touched = format!("{}{put}{}", &token[..at], &token[at + 1..]);
        prop_assume!(touched != token);
        prop_assert!(verifier().verify(&touched, now()).is_err());
    }

    #[test]
    fn rubbish_is_refused(text in ".{0,300}", days in -400_i64..400) {
        let then = now() + SignedDuration::from_hours(24 * days);
        prop_assert!(verifier().verify(&text, then).is_err());
    }
}

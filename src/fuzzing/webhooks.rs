//! What claims to come from the ticket desk.

use std::time::Duration;

use jiff::Timestamp;

use crate::clients::tickets::webhook::{DeskEventKind, Verifier, parse};
use crate::model::Secret;

/// Nothing that was not signed is believed. An event that is understood has ids of digits, which go into paths.
pub fn webhooks(data: &[u8]) {
    let verifier = Verifier::new(vec![Secret::new("un secret")], Duration::from_secs(300));
    let text = String::from_utf8_lossy(data);
    let (signature, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let (timestamp, _) = rest.split_once('\n').unwrap_or((rest, ""));
    assert!(verifier.verify(signature, timestamp, data, Timestamp::UNIX_EPOCH).is_err());
    let Ok(event) = parse(data) else { return };
    let is_number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    assert!(is_number(&event.ticket), "{event:?}");
    if let DeskEventKind::Comment { id, author, .. } = &event.kind {
        assert!(is_number(id) && is_number(author), "{event:?}");
    }
    if let Some(reference) = &event.reference {
        assert_eq!(reference.to_string().parse().as_ref(), Ok(reference), "a reference is read as it is written");
    }
}

//! Settings of the staff console.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::Oidc;
use crate::model::{Account, EmailAddress};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Console {
    pub(crate) idle_ms: i64,
    pub(crate) session_ms: i64,
    pub(crate) confirmed_ms: i64,
    pub(crate) secure_cookies: bool,
    pub(crate) local_sign_in: bool,
    pub(crate) away_ms: i64,
    pub(crate) answer_ms: i64,
    pub(crate) digest: Vec<EmailAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oidc: Option<Oidc>,
}

impl Console {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let times = [self.idle_ms, self.session_ms, self.confirmed_ms];
        ensure!(times.iter().all(|time| *time > 0), "a time of [console] is 0: nobody would stay signed in");
        let patience = [self.away_ms, self.answer_ms];
        ensure!(
            patience.iter().all(|time| *time > 0),
            "a time of [console] is 0: nobody could take a conversation over"
        );
        ensure!(self.idle_ms <= self.session_ms, "console.idle_ms is longer than console.session_ms");
        ensure!(
            self.local_sign_in || self.oidc.is_some(),
            "console.local_sign_in is false and there is no [console.oidc]: nobody could sign in"
        );
        self.oidc.iter().try_for_each(Oidc::check)
    }

    /// Whether the owner of `account` may still come in the way that the account is for.
    pub(crate) fn takes(&self, account: &Account) -> bool {
        match &account.external {
            Some(external) => self.oidc.as_ref().is_some_and(|oidc| oidc.issuer == external.issuer),
            None => self.local_sign_in,
        }
    }
}

//! Customers that are near what somebody types, for whoever may see them.

use guichet_bots::Choice;
use tokio::time::Instant;

use super::Conversations;
use crate::clients::portal::guarded::Guarded;
use crate::clients::portal::{CustomerQuery, PageQuery, View};
use crate::model::{Customer, Right, Visitor};
use crate::text;

/// The portal wants this many characters at least.
const SHORTEST: usize = 2;
/// How many are proposed.
const MOST: u8 = 20;

impl Conversations {
    /// The customers of `visitor` whose names or codes are like `typed`, best first. None when the portal does not say in
    /// time: these are proposals.
    pub(crate) async fn customers_like(&self, visitor: &Visitor, typed: &str) -> Vec<Choice> {
        let Some(portal) = &self.lookups.portal else { return Vec::new() };
        let typed = typed.trim();
        if typed.chars().count() < SHORTEST {
            return Vec::new();
        }
        let view = if visitor.may(Right::ParentView) { View::Parent } else { View::Establishment };
        let page = PageQuery { limit: Some(MOST), cursor: None };
        let query = CustomerQuery { q: Some(typed.to_owned()), view, page, ..CustomerQuery::default() };
        let guarded = Guarded::new(portal.as_ref(), visitor);
        let deadline = Instant::now() + self.lookups.patience;
        let proposed =
            |customer: Customer| Choice { label: text::lookup::customer_label(&customer), id: customer.name };
        match tokio::time::timeout_at(deadline, guarded.list_customers(&query)).await {
            Ok(Ok(found)) => found.value.items.into_iter().map(proposed).collect(),
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }
}

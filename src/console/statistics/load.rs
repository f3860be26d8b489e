//! Reads the figures of a period.

use std::collections::BTreeMap;

use guichet_kb::KnowledgeBase;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::super::{Refusal, now};
use crate::app::App;
use crate::model::EntrySums;
use crate::statistics::{Apart, Figures, Period, apart};
use crate::store::LASTING_MS;

/// Which period.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    jours: String,
    du: String,
    au: String,
    pub(super) quoi: String,
}

impl Wanted {
    fn between(&self) -> Option<Period> {
        Period::between(self.du.parse().ok()?, self.au.parse().ok()?)
    }

    pub(super) fn is_custom(&self) -> bool {
        self.between().is_some()
    }

    pub(super) fn period(&self, zone: &TimeZone) -> Period {
        let days = self.jours.parse().ok().filter(|days| (1..=366).contains(days)).unwrap_or(30);
        let today = Timestamp::now().to_zoned_datetime(zone.clone());
        self.between().unwrap_or_else(|| Period::last_days(days, &today))
    }
}

/// Figures of a period.
pub(super) struct Loaded {
    pub(super) now: Apart,
    /// Of the period before.
    pub(super) before: Figures,
    /// Those that were given most first.
    pub(super) entries: Vec<EntrySums>,
    /// How many questions took how long.
    pub(super) times: Vec<(i64, i64)>,
}

impl Loaded {
    /// How often entries of each category were given, most first.
    pub(super) fn by_category(&self, knowledge: &KnowledgeBase) -> Vec<(String, i64)> {
        let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
        for one in &self.entries {
            let category = knowledge.entry(&one.entry).map_or("", |entry| entry.category.as_str());
            *counts.entry(category).or_default() += one.sums.turns;
        }
        let named = |name: &str| if name.is_empty() { crate::text::statistics::NO_CATEGORY } else { name }.to_owned();
        let mut counts: Vec<(String, i64)> = counts.into_iter().map(|(name, count)| (named(name), count)).collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }
}

pub(super) async fn load(app: &App, period: Period) -> Result<Loaded, Refusal> {
    let (store, zone) = (&app.store, &app.conversations.support.zone);
    let (bounds, settled) = (period.bounds(zone), now() - LASTING_MS);
    let (sums, before, entries, times) = tokio::try_join!(
        store.sum_turns(bounds, settled),
        store.sum_turns(period.before().bounds(zone), settled),
        store.sum_entries(bounds, settled),
        store.count_times(bounds),
    )?;
    Ok(Loaded { now: apart(&sums, zone), before: apart(&before, zone).whole, entries, times })
}

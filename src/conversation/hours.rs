//! The opening hours in force: those of the configuration, until somebody of the staff sets others in the console.
//!
//! They are read from the store again and again, so that a change reaches all replicas within moments; the one that made it
//! has it at once.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::model::{Audit, SettingVersion};
use crate::opening::Opening;
use crate::store::{Store, StoreError};

/// How late a replica may know what another one was told.
const LOOK: Duration = Duration::from_secs(2);
/// The name of the setting.
const NAME: &str = "opening";
/// How many versions are shown.
const SHOWN: i64 = 30;

/// The hours in force; all clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Hours(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    configured: Opening,
    now: ArcSwap<InForce>,
}

/// Hours, and which version of the setting they are; 0: none was ever set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InForce {
    pub(crate) number: i64,
    pub(crate) opening: Opening,
}

/// A version, as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) number: i64,
    pub(crate) author: String,
    /// In milliseconds since 1970.
    pub(crate) created_at: i64,
    pub(crate) opening: Opening,
}

impl Hours {
    /// Those of the configuration, as long as nothing else is known.
    pub(crate) fn new(configured: Opening) -> Self {
        let now = ArcSwap::from_pointee(InForce { number: 0, opening: configured.clone() });
        Self(Arc::new(Inner { configured, now }))
    }

    /// The hours that count now.
    pub(crate) fn now(&self) -> Arc<InForce> {
        self.0.now.load_full()
    }

    /// Those of the configuration.
    pub(crate) fn configured(&self) -> &Opening {
        &self.0.configured
    }

    /// Reads what the store says.
    ///
    /// # Errors
    /// When the store fails; what was in force stays.
    pub(crate) async fn read(&self, store: &Store) -> Result<(), StoreError> {
        if let Some(last) = store.list_setting(NAME, 1).await?.into_iter().next() {
            self.take(self.version(last)?);
        }
        Ok(())
    }

    /// Reads it again and again, for ever.
    pub(crate) async fn follow(self, store: Store) {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = self.read(&store).await {
                tracing::warn!("opening hours stay as they were: {:#}", anyhow::Error::from(error));
            }
        }
    }

    /// The last versions, the newest first.
    pub(crate) async fn versions(&self, store: &Store) -> Result<Vec<Version>, StoreError> {
        store.list_setting(NAME, SHOWN).await?.into_iter().map(|version| self.version(version)).collect()
    }

    /// One version.
    pub(crate) async fn find(&self, store: &Store, number: i64) -> Result<Option<Version>, StoreError> {
        store.find_setting(NAME, number).await?.map(|version| self.version(version)).transpose()
    }

    /// Puts other hours in force, in the place of version `seen`; none: those of the configuration.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another version is in force by now.
    pub(crate) async fn set(
        &self,
        store: &Store,
        seen: i64,
        opening: Option<&Opening>,
        who: &str,
        at: i64,
    ) -> Result<(), StoreError> {
        let before = self.find(store, seen).await?.map_or_else(|| self.0.configured.clone(), |version| version.opening);
        let after = opening.unwrap_or(&self.0.configured);
        let value = opening.map(|opening| serde_json::to_string(opening).expect("hours, days and a number are JSON"));
        let version = SettingVersion { number: seen + 1, value, author: who.to_owned(), created_at: at };
        let line = Audit {
            at,
            who: who.to_owned(),
            what: "setting.changed".to_owned(),
            object: NAME.to_owned(),
            before: before.described(),
            after: after.described(),
            ..Audit::default()
        };
        store.add_setting(NAME, &version, &line).await?;
        self.take(self.version(version)?);
        Ok(())
    }

    fn version(&self, version: SettingVersion) -> Result<Version, StoreError> {
        let read =
            |text: &str| serde_json::from_str(text).map_err(|source| StoreError::Corrupt { table: "settings", source });
        let opening = version.value.as_deref().map_or_else(|| Ok(self.0.configured.clone()), read)?;
        let SettingVersion { number, author, created_at, .. } = version;
        Ok(Version { number, author, created_at, opening })
    }

    /// A reading that took long is not put in the place of a newer one.
    fn take(&self, version: Version) {
        let read = Arc::new(InForce { number: version.number, opening: version.opening });
        self.0.now.rcu(|now| if now.number < read.number { Arc::clone(&read) } else { Arc::clone(now) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::Slots;

    async fn store(dir: &tempfile::TempDir) -> Store {
        Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens")
    }

    fn other() -> Opening {
        Opening { monday: Slots::default(), answer_minutes: 60, ..Opening::default() }
    }

    #[tokio::test]
    async fn what_is_set_counts_at_once_here_and_soon_elsewhere_and_can_be_taken_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = store(&dir).await;
        let (here, elsewhere) = (Hours::new(Opening::default()), Hours::new(Opening::default()));
        here.read(&store).await.expect("the store works");
        assert_eq!(here.now().number, 0, "nothing was set: the configuration counts");

        here.set(&store, 0, Some(&other()), "Inès", 1).await.expect("it is kept");
        assert_eq!(here.now().opening, other());
        elsewhere.read(&store).await.expect("the store works");
        assert_eq!(elsewhere.now().opening, other());

        let late = elsewhere.set(&store, 0, Some(&Opening::default()), "Zoé", 2).await;
        assert!(matches!(late, Err(StoreError::Conflict)), "she has not seen it: {late:?}");

        here.set(&store, 1, None, "Inès", 3).await.expect("it is kept");
        assert_eq!(here.now().opening, Opening::default());
        let versions = here.versions(&store).await.expect("the store works");
        let numbers: Vec<_> = versions.iter().map(|version| (version.number, version.author.as_str())).collect();
        assert_eq!(numbers, [(2, "Inès"), (1, "Inès")]);
        assert_eq!(here.find(&store, 1).await.expect("the store works").expect("it stays").opening, other());

        let log = store.list_audit("opening", None, 5).await.expect("the store works");
        assert_eq!(log.len(), 2);
        assert!(log[1].before.contains("monday = [\"09:00-12:30\"") && log[1].after.contains("monday = []"), "{log:?}");
    }

    #[tokio::test]
    async fn a_setting_is_that_of_its_store() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = store(&dir).await;
        let hours = Hours::new(other());
        hours.set(&store, 0, Some(&Opening::default()), "Inès", 1).await.expect("it is kept");
        // After a restart.
        let again = Hours::new(other());
        assert_eq!(again.now().opening, other());
        again.read(&store).await.expect("the store works");
        assert_eq!((again.now().number, again.now().opening.clone()), (1, Opening::default()));
        assert_eq!(again.configured(), &other());
    }
}

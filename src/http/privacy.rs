//! The page that tells people what is kept of them: ours, with the times of the settings, or the operator's own.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::app::App;
use crate::config::Config;
use crate::text::privacy::{days, hours};

const NOTICE: &str = include_str!("privacy/notice.html");

/// `GET /confidentialite`
pub(super) async fn notice(State(app): State<App>) -> Response {
    match &app.config.widget.privacy_url {
        Some(url) => Redirect::to(url).into_response(),
        None => Html(page(&app.config)).into_response(),
    }
}

fn page(config: &Config) -> String {
    let kept = &config.retention;
    [
        ("{{facts}}", hours(config.portal.facts_stay_ms)),
        ("{{conversations}}", days(kept.conversations_days)),
        ("{{tickets}}", days(kept.tickets_days)),
        ("{{lookups}}", days(kept.lookups_days)),
    ]
    .iter()
    .fold(NOTICE.to_owned(), |page, (place, value)| page.replace(place, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    #[test]
    fn the_times_are_those_of_the_settings() {
        let mut config = Config::load(None, &Overrides::default()).expect("the defaults are right");
        config.retention.tickets_days = 100;
        let page = page(&config);
        assert!(page.contains("un an") && page.contains("100\u{a0}jours") && page.contains("24\u{a0}heures"), "{page}");
        assert!(!page.contains("{{"), "{page}");
    }
}

//! How a fact of the portal is said in French.

use super::dates;
use crate::model::FactValue;

/// The value as it stands in a sentence.
pub(crate) fn said(value: &FactValue) -> String {
    match value {
        FactValue::Text(text) => text.clone(),
        FactValue::Choice(name) => (*name).to_owned(),
        FactValue::Date(date) => dates::long(*date),
        FactValue::Month(date) => dates::month_and_year(*date),
        FactValue::Money(amount) => amount.to_string(),
        FactValue::Percent(percent) => percent.to_string(),
        FactValue::Index(index) => index.to_string(),
        FactValue::Flag(true) => "oui".to_owned(),
        FactValue::Flag(false) => "non".to_owned(),
        FactValue::Count(count) => count.to_string(),
    }
}

use serde::Deserialize;
use std::collections::BTreeMap;

/// What was paid, and for what.
#[derive(Deserialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    account: String,
    cents: i64,
}

impl Ledger {
    pub fn read(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Cents by account.
    pub fn sums(&self) -> BTreeMap<&str, i64> {
        let mut sums = BTreeMap::new();
        for Entry { account, cents } in &self.entries {
            *sums.entry(account.as_str()).or_insert(0) += cents;
        }
        sums
    }
}

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was paid, and for what.
pub struct Ledger {
    entries: Vec<(String, i64)>,
}

impl Ledger {
    pub fn read(text: &str) -> Result<Self> {
        let value: Value = basic_toml::from_str(text)?;
        let entries = value["entries"].as_array().context("a ledger has entries")?;
        let entries = entries.iter().map(entry).collect::<Result<_>>()?;
        Ok(Self { entries })
    }

    /// Cents by account.
    pub fn sums(&self) -> BTreeMap<&str, i64> {
        let mut sums = BTreeMap::new();
        for (account, cents) in &self.entries {
            *sums.entry(account.as_str()).or_insert(0) += cents;
        }
        sums
    }
}

fn entry(value: &Value) -> Result<(String, i64)> {
    let account = value["account"].as_str().context("an entry has an account")?;
    let cents = value["cents"].as_i64().context("an entry has cents")?;
    Ok((account.to_owned(), cents))
}

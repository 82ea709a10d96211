mod ledger;

use anyhow::{bail, Result};
use ledger::Ledger;
use lexopt::prelude::*;
use unicode_width::UnicodeWidthStr;

/// Sums up what a ledger in TOML holds: a small one of our own where none is named.
fn main() -> Result<()> {
    let mut as_json = false;
    let mut text = include_str!("sample.toml").to_owned();
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("form") => as_json = arguments.value()? == "json",
            Value(path) => text = std::fs::read_to_string(path)?,
            other => bail!(other.unexpected()),
        }
    }
    let ledger = Ledger::read(&text)?;
    let sums = ledger.sums();
    if as_json {
        println!("{}", serde_json::to_string_pretty(&sums)?);
        return Ok(());
    }
    let longest = sums.keys().map(|account| account.width()).max().unwrap_or(0);
    for (account, cents) in sums {
        let gap = " ".repeat(longest - account.width());
        println!("{account}{gap} {}.{:02}", cents / 100, cents % 100);
    }
    Ok(())
}

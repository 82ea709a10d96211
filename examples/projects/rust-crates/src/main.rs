mod ledger;

use clap::{Parser, ValueEnum};
use ledger::Ledger;

#[derive(Clone, Copy, ValueEnum)]
enum Form {
    Json,
    Text,
}

/// Sums up what a ledger in TOML holds.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The ledger; a small one of our own where none is named
    file: Option<std::path::PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    form: Form,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { file, form } = Arguments::parse();
    let text = match file {
        Some(path) => std::fs::read_to_string(path)?,
        None => include_str!("sample.toml").to_owned(),
    };
    let sums = Ledger::read(&text)?.sums();
    match form {
        Form::Json => println!("{}", serde_json::to_string_pretty(&sums)?),
        Form::Text => {
            for (name, sum) in &sums {
                println!("{name:<12} {sum:>8}");
            }
        }
    }
    Ok(())
}

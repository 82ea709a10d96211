use regex::Regex;
use serde_json::json;

pub fn count(text: &str) -> String {
    let words = Regex::new(r"\w+").unwrap().find_iter(text).count();
    json!({ "words": words }).to_string()
}

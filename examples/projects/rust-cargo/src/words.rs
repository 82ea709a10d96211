pub fn count() -> String {
    itoa::Buffer::new().format(7).to_string()
}

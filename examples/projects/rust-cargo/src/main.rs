mod words;

fn main() {
    println!("{}", words::count());
}

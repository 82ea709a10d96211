mkdir in; echo f > in/f; echo g > g; tar -C in -cf made.tar f; rm -r in

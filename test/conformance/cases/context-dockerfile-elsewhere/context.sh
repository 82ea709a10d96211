mkdir -p other-context other; echo f > other-context/f; printf "FROM scratch\nCOPY . /all/\n" > other/My.Dockerfile

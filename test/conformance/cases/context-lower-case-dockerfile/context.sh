mkdir lower-case-context; printf "FROM scratch\nCOPY dockerfile /f\n" > lower-case-context/dockerfile

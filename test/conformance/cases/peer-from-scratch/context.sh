echo hi > hello; chmod 755 hello

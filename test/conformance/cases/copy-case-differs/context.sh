echo > README.md

mille build -q --build-arg API_TOKEN=hunter1 --build-arg INDEX=https://user:hunter1@example.com/simple . && echo changed >file

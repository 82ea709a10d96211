mkdir own
echo '{"maxStore": 20}' >own/settings.json

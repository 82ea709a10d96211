mille save -o app.tar app
mkdir own
printf '{"maxStore": "20GB",}' >own/settings.json

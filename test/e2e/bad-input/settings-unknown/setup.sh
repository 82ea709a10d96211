mkdir own
printf '{\n  "maxStor": "20GB"\n}\n' >own/settings.json

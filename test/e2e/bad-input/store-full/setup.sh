mille save -o app.tar app

const express = require('express');
const { list } = require('./todo');

const app = express();
app.get('/', (request, response) => response.json(list()));
app.listen(3000);

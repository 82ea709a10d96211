const { createServer } = require('node:http');
const { isRight, remember } = require('./passwords');

const hash = remember(process.env.WORD ?? 'sesame');

createServer((request, response) => {
  const word = new URL(request.url, 'http://door').searchParams.get('word') ?? '';
  response.statusCode = isRight(word, hash) ? 200 : 403;
  response.end(response.statusCode === 200 ? 'come in\n' : 'stay out\n');
}).listen(3000);

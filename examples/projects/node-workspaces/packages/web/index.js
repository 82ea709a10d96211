const { sum } = require('@repo/core');
const Koa = require('koa');
console.log(sum([1, 2]), typeof Koa);

console.log(require('chalk').green(require('./now').now()));

exports.sum = (list) => require('lodash').sum(list);

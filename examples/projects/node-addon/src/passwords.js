const bcrypt = require('bcrypt');

/** Cheap, for a door that is opened often. */
const ROUNDS = 4;

exports.remember = (password) => bcrypt.hashSync(password, ROUNDS);
exports.isRight = (password, hash) => bcrypt.compareSync(password, hash);

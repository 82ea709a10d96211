exports.list = () => ['write', 'read'];

exports.now = () => require('dayjs')().format();

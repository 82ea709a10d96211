// Checks the store in the directory given and prints what is wrong with it as JSON: for stores that are not ours.

import { openStore } from '../../src/oci/store/index.ts';
import { enterNamespaceIfNeeded, privilege } from '../../src/sys/index.ts';

enterNamespaceIfNeeded();
const store = openStore(process.argv[2] ?? '', { privilege: privilege() });
console.log(JSON.stringify(await store.verify()));
store.close();

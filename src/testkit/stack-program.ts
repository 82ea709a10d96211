// A program for tests: makes a store in the directory given, a stack of layers in it, mounts the stack by its short
// names and prints what a container would see. To be run as root in a mount namespace of its own, real or mapped.

import { spawnSync } from 'node:child_process';
import { mergeTables, writeLayer } from '../oci/layer/index.ts';
import { lowerNames, openStore } from '../oci/store/index.ts';
import { addSampleLayer } from './sample-image.ts';

const [root, privilege, count] = process.argv.slice(2) as [string, 'root' | 'rootless', string];
const store = openStore(root, { privilege });
const diffIds = [];
for (let i = 0; i < Number(count); i++) {
  const { diffId } = await addSampleLayer(store, {
    [`d/${i}`]: `${i}`,
    'd/last': `${i}`,
    gone: i % 2 ? undefined : 'x',
  });
  diffIds.push(diffId);
}
// Somebody else's file, below a directory that another layer lists.
const writer = store.createBlobWriter();
const entry = {
  path: 'd/owned',
  type: 'symlink',
  link: '0',
  mode: 0o777,
  uid: 33,
  gid: 44,
  size: 0,
  mtime: 0,
} as const;
const { info, toc } = await writeLayer([{ entry }], (bytes) => writer.write(bytes));
store.addLayer({ info, toc, descriptor: { mediaType: 'x', ...writer.commit() } });
diffIds.push(info.diffId);

const stack = await store.ensureUnpacked(diffIds);
const names = lowerNames(stack);
const target = store.makeTemporary('mount').path;
const options = `lowerdir=${names.join(':')}${privilege === 'rootless' ? ',userxattr' : ''}`;
const script = `cd ${store.linksDirectory} && mount -t overlay overlay -o ${options} ${target} && cd / &&
  ls ${target} && ls ${target}/d | wc -l && cat ${target}/d/last && stat -c ' %u:%g' ${target}/d/owned && umount ${target}`;
const { stdout, stderr } = spawnSync('sh', ['-c', script]);
const seen = [...mergeTables(diffIds.map((id) => store.toc(id))).walk()].length;
const problems = await store.verify();
store.close();
console.log(JSON.stringify({ said: `${stdout}`.split(/\s+/), errors: `${stderr}`, seen, problems }));

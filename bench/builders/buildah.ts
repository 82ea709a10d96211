// buildah with a store of its own: overlay as root, else its plain copies (vfs). RUN in a chroot, the cheapest it has.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Builder } from '../builder.ts';
import { run } from '../measure.ts';

/** buildah, its store below `directory`; undefined where it is not installed. */
export function buildahBuilder(directory: string): Builder | undefined {
  const program = Bun.which('buildah');
  if (!program) {
    console.warn('no comparison with buildah: it is not installed');
    return undefined;
  }
  const driver = process.getuid?.() === 0 ? 'overlay' : 'vfs';
  const [root, runroot] = [join(directory, 'buildah'), join(directory, 'buildah-run')];
  mkdirSync(root, { recursive: true });
  const buildah = (args: readonly string[]) =>
    run([program, '--root', root, '--runroot', runroot, '--storage-driver', driver, ...args]);
  const version = /[0-9.]+/.exec(run([program, '--version']).stdout)?.[0];
  return {
    name: 'buildah',
    program,
    version: `buildah ${version} (${driver})`,
    ownMemory: true,
    build: ({ context, tag, noCache }) => {
      const cache = noCache ? ['--layers', '--no-cache'] : ['--layers'];
      const plain = ['--isolation', 'chroot', '--network', 'host', '--pull-never'];
      return buildah(['build', ...cache, ...plain, '-t', tag, context]);
    },
    load: (archive) => buildah(['pull', `docker-archive:${archive}`]),
    save: (tag, archive) => buildah(['push', tag, `docker-archive:${archive}:${tag}`]),
    push: (tag) => buildah(['push', '-q', '--tls-verify=false', tag]),
    pull: (tag) => buildah(['pull', '-q', '--policy=always', '--tls-verify=false', tag]),
    remove: (tag) => void buildah(['rmi', '-f', tag]),
    close: async () => {
      // Overlay stores leave mounts behind, which only buildah itself takes away in order.
      buildah(['rm', '--all']);
      buildah(['rmi', '--all', '--force']);
      for (const path of [root, runroot]) rmSync(path, { recursive: true, force: true });
    },
  };
}

// Docker with BuildKit: the daemon that MILLE_TEST_DOCKER_HOST names, else Debian's own, started for the run. The
// client is the one in PATH, or MILLE_BENCH_DOCKER_CLIENT.

import { join } from 'node:path';
import { findDocker } from '../../test/support/docker.ts';
import type { Builder } from '../builder.ts';
import { run } from '../measure.ts';
import { daemonProcess, hasProgram, processorTime } from '../process-tree.ts';

/** A Docker to compare with; undefined where there is none. */
export async function dockerBuilder(directory: string): Promise<Builder | undefined> {
  const daemon = await findDocker(join(directory, 'docker'));
  if (!daemon) return undefined;
  const client = process.env.MILLE_BENCH_DOCKER_CLIENT ?? 'docker';
  const env = { DOCKER_BUILDKIT: '1', DOCKER_HOST: daemon.host };
  const server = daemonProcess(daemon.host);
  const spent = () => (server === undefined ? 0 : processorTime(server));
  const docker = (args: readonly string[]) => {
    const before = spent();
    const done = run([client, ...args], { env });
    // Of a daemon elsewhere nothing is known.
    return { ...done, cpu: server === undefined ? Number.NaN : done.cpu + spent() - before };
  };
  // Docker expands gzip with this program where it is installed, about twice as fast as by itself.
  const gunzip = server !== undefined && hasProgram(server, 'unpigz') ? 'unpigz' : 'gzip of Go';
  const cached = () =>
    new Set(
      docker(['system', 'df', '-v', '--format', '{{range .BuildCache}}{{.ID}} {{end}}']).stdout.split(/\s+/),
    );
  const before = cached();
  const tags = new Set<string>();
  return {
    name: 'docker',
    program: client,
    version: `docker ${daemon.version}${process.env.MILLE_TEST_DOCKER_HOST ? '' : " (the distribution's)"} (${gunzip})`,
    ownMemory: false,
    build: ({ context, tag, noCache }) => {
      tags.add(tag);
      const plain = ['--network=host', '--progress=plain', ...(noCache ? ['--no-cache'] : [])];
      return docker(['build', ...plain, '-t', tag, context]);
    },
    load: (archive) => docker(['load', '-i', archive]),
    save: (tag, archive) => docker(['save', '-o', archive, tag]),
    push: (tag) => docker(['push', '-q', tag]),
    pull: (tag) => docker(['pull', '-q', tag]),
    remove: (tag) => void docker(['rmi', '-f', tag]),
    close: async () => {
      for (const tag of tags) docker(['rmi', '-f', tag]);
      // What others have in a daemon that is not ours stays.
      for (const id of cached())
        if (!before.has(id)) docker(['builder', 'prune', '-af', '--filter', `id=${id}`]);
      await daemon.stop();
    },
  };
}

// Secrets and views in real containers, with every OCI runtime that is installed.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../sys/index.ts';
import { findBusybox, makeBusyboxRoot } from '../../testkit/index.ts';
import { type ContainerSpec, type Runtime, runContainer } from './index.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.log('skipped: containers need root and busybox-static (apt install busybox-static)');

let base = '';
beforeAll(() => {
  if (!ready) return;
  base = mkdtempSync(`${tmpdir()}/mille-private-`);
  makeBusyboxRoot(`${base}/layers/root`);
});
afterAll(() => {
  if (base) rmSync(base, { recursive: true, force: true });
});

const VALUE = `value-${crypto.randomUUID()}`;

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What a file holds; nothing where it is gone, as the runtime's own come and go. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

for (const name of ['runc', 'crun'] as const) {
  const path = findProgram(name);
  describe.skipIf(!ready || path === undefined)(name, () => {
    const runtime: Runtime = { name, path: path ?? '', rootless: false };

    async function run(spec: Partial<ContainerSpec>, onOutput: (directory: string) => void = () => {}) {
      const directory = mkdtempSync(`${base}/run-`);
      for (const part of ['bundle', 'upper', 'work']) mkdirSync(`${directory}/${part}`);
      let out = '';
      const place = {
        bundle: `${directory}/bundle`,
        upper: `${directory}/upper`,
        work: `${directory}/work`,
      };
      const given: ContainerSpec = {
        ...place,
        lowerBase: `${base}/layers`,
        lowers: ['root'],
        args: ['true'],
        env: ['PATH=/bin'],
        cwd: '/',
        user: { uid: 0, gid: 0 },
        network: 'host',
        ...spec,
      };
      const take = (chunk: Uint8Array) => {
        out += Buffer.from(chunk).toString();
        onOutput(directory);
      };
      const { status } = await runContainer(runtime, given, { onStdout: take, onStderr: take });
      return { status, out, directory };
    }

    // crun refuses to work as root where both versions of control groups are mounted.
    let works = false;
    beforeAll(async () => {
      works = await run({}).then(
        () => true,
        (error: Error) => {
          console.log(`skipped with ${name}: ${error.message}`);
          return false;
        },
      );
    });

    test('a secret reaches the process and no file, while it runs and afterwards', async () => {
      if (!works) return;
      let looked = 0;
      const value = Buffer.from(VALUE);
      const { status, out, directory } = await run(
        {
          args: ['sh', '-c', 'cat /s/file; echo; echo $SECRET; stat -c %a:%u:%g /s/file; cat'],
          secrets: [{ value, variable: 'SECRET', file: { target: '/s/file', mode: 0o440, uid: 3, gid: 4 } }],
        },
        (place) => {
          looked++;
          for (const file of filesBelow(place)) expect(contentOf(file)).not.toContain(VALUE);
        },
      );
      expect({ status, out }).toEqual({ status: 0, out: `${VALUE}\n${VALUE}\n440:3:4\n` });
      expect(looked).toBeGreaterThan(0);
      expect(readdirSync(`${directory}/upper`).sort()).toEqual(['dev', 'proc', 'sys']);
      for (const file of filesBelow(directory)) expect(contentOf(file)).not.toContain(VALUE);
    });

    test('files of the host cannot be changed, not even by mount points of the runtime', async () => {
      if (!works) return;
      const host = mkdtempSync(`${base}/host-`);
      writeFileSync(`${host}/a`, 'a');
      const { dev, ino } = statSync(host, { bigint: true });
      const mount = {
        type: 'host',
        source: host,
        directory: true,
        dev: Number(dev >> 8n) * 0x100000 + Number(dev & 0xffn),
        ino: Number(ino),
        target: '/src',
      } as const;
      const read = await run({
        args: ['sh', '-c', 'cat /src/a; touch /src/b 2>/dev/null || true'],
        mounts: [mount],
      });
      expect(read.out).toBe('a');
      await run({ mounts: [mount, { type: 'tmpfs', target: '/src/inside' }] }).catch(() => {});
      expect(readdirSync(host)).toEqual(['a']);
      const other = run({ mounts: [{ ...mount, ino: mount.ino + 1 }] });
      expect(await other.then(String, (error: Error) => error.message)).toContain('was replaced');
    });

    test('changes to another stack are thrown away', async () => {
      if (!works) return;
      const scratch = mkdtempSync(`${base}/scratch-`);
      const mount = { type: 'layers', lowers: ['root'], path: '', target: '/x' } as const;
      const script = 'echo new > /x/new && cat /x/new && rm /x/bin/true && ls /x';
      const changed = await run({ args: ['sh', '-c', script], mounts: [{ ...mount, scratch }] });
      expect(changed.out).toContain('new');
      expect(changed.status).toBe(0);
      const again = await run({ args: ['sh', '-c', 'ls /x; touch /x/a || echo no'], mounts: [mount] });
      expect(again.out).not.toContain('new');
      expect(again.out).toContain('no');
    });
  });
}

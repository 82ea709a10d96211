// RUN for a processor that this machine has not, through qemu; and what was made so, taken from a registry's cache by a
// machine that has no emulator.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, withEmulator } from '../support/emulator.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';
import { OTHER, OWN } from '../support/several-platforms.ts';
import { tinyProgram, tinyText } from '../support/tiny-program.ts';

const MACHINE = { amd64: { name: 'x86_64', id: 62 }, arm64: { name: 'aarch64', id: 183 } }[OTHER];
const qemu = Bun.which(`qemu-${MACHINE.name}-static`);
const able = qemu !== null && process.getuid?.() === 0 && Bun.which('docker-registry') !== null;
if (!able) console.warn('skipped: this needs root, docker-registry and qemu (Debian: qemu-user-static)');

/** All that a static or dynamic program of 64 bits has in its first twenty bytes, but for the system it names. */
const head = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array(9).fill(0), 2, 0, MACHINE.id, 0]);
const mask = Buffer.from([...Array(7).fill(255), 0, ...Array(8).fill(255), 0xfe, 255, 255, 255]);
const escaped = (bytes: Buffer) => bytes.toString('hex').replace(/../g, '\\x$&');
const emulator: Emulator = { program: qemu ?? '', matches: `0:${escaped(head)}:${escaped(mask)}` };

const place = makePlace('emulation');
let registry: TestRegistry;
let machines = 0;
const machine = (): Promise<Mille> => mille(join(place, `machine-${machines++}`), { base: false });
const env = { MILLE_OFFLINE: '0' };
const context = join(place, 'context');
const both = ['--platform', `linux/${OWN},linux/${OTHER}`];

beforeAll(async () => {
  if (!able) return;
  registry = (await realRegistry())!;
  writeTree(context, {
    Dockerfile: [
      'FROM scratch AS made',
      'ARG TARGETARCH',
      'COPY --chmod=755 $TARGETARCH /bin/made',
      'RUN ["/bin/made"]',
      'FROM scratch',
      'COPY both /both',
      'COPY --from=made /made /made',
      '',
    ].join('\n'),
    both: 'for both\n',
  });
  for (const architecture of [OWN, OTHER])
    writeFileSync(join(context, architecture), tinyProgram(architecture));
});
afterAll(async () => {
  await registry?.stop();
  removePlace(place);
});

describe.skipIf(!able)('a build for two platforms', () => {
  const cache = () => `type=registry,ref=${registry.host}/app:cache`;

  test('runs commands of both, and a machine without emulator finds them in the cache', async () => {
    const first = await machine();
    const args = ['build', '--progress=plain', ...both, '--push', '-t', `${registry.host}/app:1`];
    const line = [...first.command, ...args, '--cache-to', `${cache()},mode=max`, context];
    const built = withEmulator(emulator, line, { ...first.env, ...env });
    if (!built) return;
    expect(built).toMatchObject({ status: 0 });
    expect(built.stderr).toContain(tinyText(OTHER));
    expect(built.stderr).toContain(tinyText(OWN));

    const second = await machine();
    const out = join(place, 'out');
    const found = ['--cache-from', cache(), '-o', `type=local,dest=${out}`, context];
    expect((await second.build([...both, ...found], { env })).ran).toEqual([]);
    for (const architecture of [OWN, OTHER]) {
      const made = join(out, `linux_${architecture}`, 'made');
      expect(readFileSync(made, 'utf8')).toBe(tinyText(architecture));
    }
    // What was pushed are both images, and either is found under the name.
    for (const architecture of [OWN, OTHER]) {
      await second.must(['pull', '-q', '--platform', `linux/${architecture}`, `${registry.host}/app:1`], {
        env,
      });
      const inspect = ['inspect', '--platform', `linux/${architecture}`, `${registry.host}/app:1`];
      expect(JSON.parse(await second.must(inspect))[0].Architecture).toBe(architecture);
    }
    expect(await second.verify()).toEqual([]);
  });

  test('runs again what changed for one of them, which is refused where nothing emulates it', async () => {
    writeFileSync(join(context, OTHER), Buffer.concat([tinyProgram(OTHER), Buffer.from('longer')]));
    const third = await machine();
    const args = ['build', '--progress=plain', ...both, '--cache-from', cache(), '-t', 'app', context];
    const refused = await third.run(args, { env });
    expect({ status: refused.status, stderr: refused.stderr }).toMatchObject({ status: 22 });
    expect(refused.stderr).toContain(`runs because ${OTHER} changed`);
    expect(refused.stderr).toContain('qemu-user-static');
    const again = withEmulator(emulator, [...third.command, ...args], { ...third.env, ...env });
    if (!again) return;
    expect(again).toMatchObject({ status: 0 });
    expect(again.stderr).toMatch(/RUN .*\n#\d+ runs because the step before it changed: .*COPY/);
    expect(again.stderr).toContain(tinyText(OTHER));
    expect(again.stderr).not.toContain(tinyText(OWN));
  });
});

// Images for other platforms than the machine's: without running anything, through an emulator, and what is said where
// there is none. A program for a processor that nobody has made stands for all foreign ones: the static busybox with
// another number in its header.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, makeBusyboxRoot } from '../../src/testkit/index.ts';
import { withEmulator } from '../support/emulator.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const HOST = process.arch === 'x64' ? 'amd64' : process.arch;
const OTHER = HOST === 'arm64' ? 'amd64' : 'arm64';
/** ELF machine number 65261. */
const INVENTED = 0xfeed;

let place = '';
let self: Mille;
const busybox = findBusybox();
const enabled = busybox !== undefined && process.getuid?.() === 0;

beforeAll(async () => {
  if (!enabled) return;
  place = makePlace('platforms');
  self = await mille(join(place, 'store'));
  const root = join(place, 'foreign/root');
  mkdirSync(join(place, 'foreign'));
  makeBusyboxRoot(root);
  const program = readFileSync(join(root, 'bin/busybox'));
  program.writeUInt16LE(INVENTED, 18);
  writeFileSync(join(root, 'bin/busybox'), program);
  await build('foreign', 'FROM scratch\nCOPY root/ /\nENV OF=base', [
    '--platform',
    `linux/${OTHER}`,
    '-t',
    'foreign',
  ]);
}, 120_000);

afterAll(() => removePlace(place));

/** Builds a Dockerfile in a directory of its own. */
async function build(name: string, dockerfile: string, args: readonly string[] = []) {
  const directory = join(place, name);
  writeTree(directory, { Dockerfile: dockerfile, 'a.txt': 'a\n' });
  return self.run(['build', '--progress', 'plain', '-t', name, ...args, directory]);
}

async function inspect(name: string) {
  const [document] = JSON.parse(await self.must(['inspect', name])) as {
    Architecture: string;
    Variant?: string;
    Config: { Env: string[] };
  }[];
  return document!;
}

describe.skipIf(!enabled)('other platforms', () => {
  test('are built without an emulator where nothing runs', async () => {
    const dockerfile = [
      'FROM --platform=$BUILDPLATFORM busybox AS build',
      'ARG TARGETPLATFORM BUILDPLATFORM TARGETVARIANT',
      'RUN echo "$BUILDPLATFORM for $TARGETPLATFORM$TARGETVARIANT" >/made',
      'FROM scratch',
      'ARG TARGETARCH',
      'WORKDIR /w',
      'COPY --from=build /made a.txt ./',
      'ENV FOR=$TARGETARCH',
    ]
      .join('\n')
      .replace('COPY --from=build /made a.txt', 'COPY --from=build /made');
    const done = await build('cross', dockerfile, ['--platform', 'linux/arm/v6']);
    expect(done).toMatchObject({ status: 0 });
    const document = await inspect('cross');
    expect(document).toMatchObject({ Architecture: 'arm', Variant: 'v6' });
    expect(document.Config.Env).toContain('FOR=arm');
    await self.must(['build', '-o', join(place, 'out'), '--platform', 'linux/arm/v6', join(place, 'cross')]);
    expect(readFileSync(join(place, 'out/w/made'), 'utf8')).toBe(`linux/${HOST} for linux/arm/v6v6\n`);
  });

  test('stand on base images of the platform; one for another is an error', async () => {
    expect(
      await build('on-foreign', `FROM foreign\nCOPY a.txt /`, ['--platform', `linux/${OTHER}`]),
    ).toMatchObject({ status: 0 });
    expect(await inspect('on-foreign')).toMatchObject({ Architecture: OTHER });
    // What no flag asked for is what the base says.
    expect(await build('by-from', `FROM --platform=linux/${OTHER} foreign\nCOPY a.txt /`)).toMatchObject({
      status: 0,
    });
    expect(await inspect('by-from')).toMatchObject({ Architecture: OTHER });
    expect(
      await build('by-flag', `FROM --platform=linux/${OTHER} foreign\nCOPY a.txt /`, [
        '--platform',
        `linux/${HOST}`,
      ]),
    ).toMatchObject({ status: 0 });
    expect(await inspect('by-flag')).toMatchObject({ Architecture: HOST });
    const wrong = await build('wrong', 'FROM foreign\nCOPY a.txt /');
    expect(wrong.status).toBe(22);
    expect(wrong.stderr).toContain(`the image foreign in the store is for linux/${OTHER}, not linux/${HOST}`);
  });

  test('RUN without an emulator is refused before anything runs', async () => {
    const dockerfile = [
      'FROM --platform=$BUILDPLATFORM busybox AS build',
      'RUN echo made >/made',
      'FROM foreign',
      'COPY --from=build /made /',
      'RUN true',
    ].join('\n');
    const { status, stderr } = await build('refused', dockerfile, ['--platform', `linux/${OTHER}`]);
    expect(status).toBe(22);
    expect(stderr).toContain('cannot execute /bin/busybox, a program for machine 65261');
    expect(stderr).toContain('qemu-user-static');
    expect(stderr).toContain('> 5 | RUN true');
    expect(stderr).not.toContain('RUN echo');
    // What only shows while building is refused where it shows.
    const late = 'FROM scratch\nCOPY --from=foreign / /\nRUN ["/bin/sh", "-c", "true"]';
    const found = await build('late', late, ['--platform', `linux/${OTHER}`]);
    expect(found.status).toBe(22);
    expect(found.stderr).toContain('#2 ERROR: this machine');
  });

  test('an image that is not what it says runs, as with Docker', async () => {
    await build('mislabelled', 'FROM scratch\nCOPY --from=native / /', ['--platform', `linux/${OTHER}`]);
    await self.must(['tag', 'busybox', 'native']);
    const dockerfile =
      'FROM --platform=$BUILDPLATFORM busybox AS native\nFROM scratch\nCOPY --from=native / /\nRUN echo works >/w';
    const first = await build('mislabelled', dockerfile, ['--platform', `linux/${OTHER}`]);
    expect(first).toMatchObject({ status: 0 });
    const second = await build('on-mislabelled', 'FROM mislabelled\nRUN cat /w', [
      '--platform',
      `linux/${OTHER}`,
    ]);
    expect(second).toMatchObject({ status: 0 });
    expect(second.stderr).toContain('works');
  });

  test('RUN through an emulator; afterwards the cache serves without it', async () => {
    writeTree(join(place, 'emulated'), {
      Dockerfile: 'FROM foreign\nRUN echo "emulated $OF" >/made; cat /made',
    });
    const line = [
      ...self.command,
      'build',
      '--progress',
      'plain',
      '--platform',
      `linux/${OTHER}`,
      join(place, 'emulated'),
    ];
    // busybox is its own emulator: called as `busybox /bin/sh -c …` it does what the program would have done. What is
    // registered is for the invented processor only, and is taken away again.
    const emulator = { program: busybox!, matches: '18:\\xed\\xfe:' };
    const first = withEmulator(emulator, line, self.env);
    if (!first) return;
    expect(first.stderr).toContain('emulated base');
    expect(first.status).toBe(0);
    const second = await self.run(line.slice(self.command.length));
    expect(second.stderr).toContain('2 of 2 steps cached');
    expect(second.status).toBe(0);
    const anew = await self.run([...line.slice(self.command.length), '--no-cache']);
    expect(anew.status).toBe(22);
  });
});

// `mille diff` and `mille packages` on real builds: what differs, and the lines that caused it.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const status = (packages: Readonly<Record<string, string>>) =>
  Object.entries(packages)
    .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`)
    .join('\n');

function dockerfile(mode: string, more = ''): string {
  return `FROM busybox
COPY base/ /
COPY curl/ /
${more}COPY node_modules /app/node_modules
COPY conf /etc/app.conf
ENV MODE=${mode}
ENV API_TOKEN=of-${mode}
`;
}

describe.skipIf(!findBusybox())('two builds', () => {
  let place = '';
  let program: Mille;

  beforeAll(async () => {
    place = makePlace('diff');
    program = await mille(join(place, 'store'));
    const context = join(place, 'app');
    const leftPad = (version: string) => JSON.stringify({ name: 'left-pad', version });
    const files = {
      Dockerfile: dockerfile('fast'),
      conf: 'a\nb\nc\n',
      'node_modules/left-pad/old.js': 'x',
      'node_modules/left-pad/same.pyc': 'vers\0\0\0\0tim1sizebody',
      'node_modules/left-pad/other.pyc': 'vers\0\0\0\0tim1sizebody',
      'base/var/lib/dpkg/status': status({ bash: '1', sed: '1' }),
      'base/etc/os-release': 'ID=debian\nVERSION_ID=12\n',
      'curl/var/lib/dpkg/status': status({ bash: '1', sed: '1', curl: '7' }),
      'node_modules/left-pad/package.json': leftPad('1.3.0'),
    };
    writeTree(context, files);
    await program.build(['-t', 'app:1', context]);
    rmSync(join(context, 'node_modules/left-pad/old.js'));
    writeTree(context, {
      'node_modules/left-pad/same.pyc': 'vers\0\0\0\0tim2sizebody',
      'node_modules/left-pad/other.pyc': 'vers\0\0\0\0tim2sizeBODY',
      Dockerfile: dockerfile('slow', 'RUN chmod 700 /etc && rm /bin/ping\n'),
      conf: 'a\nB\nc\npassword = hunter2\n',
      'node_modules/left-pad/package.json': leftPad('1.4.0'),
      'node_modules/left-pad/lib/index.js': 'x',
    });
    await program.build(['-t', 'app:2', context]);
  }, 120_000);
  afterAll(() => removePlace(place));

  test('differences stand under the lines that caused them', async () => {
    const text = await program.must(['diff', 'app:1', 'app:2']);
    const blocks = text.split('\n\n');
    expect(blocks[0]).toContain('layers  3 in common, then 2 → 3');
    expect(blocks[1]).toBe(
      'Config\n  ~ Env MODE: fast → slow\n  ~ Env API_TOKEN: not shown, its name sounds as if it kept a secret',
    );
    expect(blocks[2]).toContain('~ npm  left-pad  1.3.0 → 1.4.0');
    const run = blocks.find((block) =>
      block.startsWith('Dockerfile:4 RUN chmod 700 /etc && rm /bin/ping: -1'),
    );
    expect(run).toContain('  - /bin/ping');
    expect(run).toContain('  ~ /etc  mode 755 → 700');
    // What the context lost is a difference of the same line; a .pyc with another time of its source is none.
    const copied = blocks.find((block) => block.startsWith('Dockerfile:5 COPY node_modules'))!.split('\n');
    expect(copied[0]).toBe('Dockerfile:5 COPY node_modules /app/node_modules: +1 -1 ~2');
    expect(copied.slice(1).sort()).toEqual([
      '  + /app/node_modules/left-pad/lib/  1 file, 1B',
      '  - /app/node_modules/left-pad/old.js  1B',
      '  ~ /app/node_modules/left-pad/other.pyc  other content, 20B as before',
      '  ~ /app/node_modules/left-pad/package.json  other content, 37B as before',
    ]);
    expect(text).toContain('1 compiled module of Python differs in the time of the source alone.');
    expect(blocks.find((block) => block.startsWith('Dockerfile:6 COPY conf'))).toContain(
      '~ /etc/app.conf  6B → 25B',
    );
    expect(text).not.toContain('of-slow');
  });

  test('for programs', async () => {
    const json = JSON.parse(await program.must(['diff', '--format', 'json', 'app:1', 'app:2']));
    expect(json).toMatchObject({ sharedLayers: 3, equal: false });
    const ping = json.files.find(({ path }: { path: string }) => path === '/bin/ping');
    expect(ping).toMatchObject({ kind: 'removed', cause: { side: 'after', layer: 4 } });
    expect(json.after.layers[3]).toMatchObject({ file: 'Dockerfile', line: 4 });
  });

  test('the text of one file, without what is secret', async () => {
    expect(await program.must(['diff', '--file', '/etc/app.conf', 'app:1', 'app:2'])).toBe(
      '--- app:1:/etc/app.conf\n+++ app:2:/etc/app.conf\n@@ -1,3 +1,4 @@\n a\n-b\n+B\n c\n+password = ****\n',
    );
    const missing = await program.run(['diff', '--file', '/nope', 'app:1', 'app:2']);
    expect(missing.status).toBe(15);
    expect(missing.stderr).toContain("neither image has a file '/nope'");
  });

  test('the exit status, where it is asked for', async () => {
    expect((await program.run(['diff', 'app:1', 'app:2'])).status).toBe(0);
    expect((await program.run(['diff', '--exit-code', 'app:1', 'app:2'])).status).toBe(3);
    const same = await program.run(['diff', '--exit-code', 'app:2', 'app:2']);
    expect(same.status).toBe(0);
    expect(same.stdout).toContain('They are the same image.');
  });

  test('builds by their ids', async () => {
    const list = await program.must(['why', '--list']);
    const [second, first] = list
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')[0]!);
    const text = await program.must(['diff', first!, second!]);
    expect(text).toContain('~ Env MODE: fast → slow');
  });

  test('one image alone is compared with the build before', async () => {
    expect(await program.must(['diff', 'app:2'])).toContain('~ Env MODE: fast → slow');
    const first = await program.run(['diff', 'app:1']);
    expect(first.status).toBe(36);
    expect(first.stderr).toContain("there is no other build of 'app:1'");
    expect((await program.run(['diff', 'busybox'])).stderr).toContain('no build of');
  });

  test('packages, and who brought them', async () => {
    const text = await program.must(['packages', 'app:2']);
    expect(text).toMatch(/^deb +bash +1 +Dockerfile:2 COPY base\/ \/$/m);
    expect(text).toMatch(/^deb +curl +7 +Dockerfile:3 COPY curl\/ \/$/m);
    expect(text).toMatch(/^npm +left-pad +1\.4\.0 +[0-9]+B +Dockerfile:5 COPY node_modules/m);
    expect(text).toContain('app:2: 4 packages (3 deb, 1 npm)');
    const json = JSON.parse(await program.must(['packages', '--type', 'npm', '--format', 'json', 'app:2']));
    expect(json.packages).toEqual([
      {
        ...{ type: 'npm', name: 'left-pad', version: '1.4.0', size: 78, purl: 'pkg:npm/left-pad@1.4.0' },
        path: '/app/node_modules/left-pad/package.json',
        ...{ layer: 5, file: 'Dockerfile', line: 5 },
      },
    ]);
  });

  test('an inventory is the same each time, and a file where one is asked for', async () => {
    const once = await program.must(['sbom', 'app:2']);
    expect(await program.must(['sbom', 'app:2'])).toBe(once);
    const bom = JSON.parse(once);
    expect(bom.components).toHaveLength(5);
    expect(bom.metadata.component).toMatchObject({ type: 'container', name: 'app', version: '2' });
    const file = join(place, 'app.spdx.json');
    const { stderr } = await program.run(['sbom', '-o', file, 'app:2']);
    expect(stderr).toBe(`4 packages written to ${file}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8')).packages).toHaveLength(6);
    expect((await program.run(['sbom', '-o', file, 'nothing'])).status).toBe(20);
    expect(JSON.parse(readFileSync(file, 'utf8')).packages).toHaveLength(6);
  }, 120_000);
});

// mille budget on real images: limits, what is over them and who is to blame, in all forms of output.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { addSampleImage, addSampleLayer } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;

beforeAll(async () => {
  place = makePlace('budget');
  const store = openStore(join(place, 'store'), { privilege: 'root' });
  const base = await addSampleLayer(store, { 'bin/sh': 'b'.repeat(50_000) });
  const first = await addSampleLayer(store, {
    'app/model': 'm'.repeat(200_000),
    'app/gone': 'g'.repeat(30_000),
  });
  const second = await addSampleLayer(store, { 'app/gone': undefined, 'app/small': 's' });
  addSampleImage(store, [base], { names: ['docker.io/library/base:latest'] });
  const other = await addSampleLayer(store, { 'app/model': 'm'.repeat(100_000) });
  addSampleImage(store, [base, other], { names: ['docker.io/library/app:old'] });
  addSampleImage(store, [base, first, second], { names: ['docker.io/library/app:latest'] });
  store.close();
  self = await mille(join(place, 'store'), { base: false });
});

afterAll(() => removePlace(place));

function budget(text: string, ...args: string[]) {
  writeTree(place, { '.mille-budget.yaml': text });
  return self.run(['budget', ...args]);
}

test('within: status 0; over: status 39, and who is to blame', async () => {
  const fine = await budget('total: 1MB\nown: 400kB\nlayers: 3\nlayer: 300kB\n', 'app');
  expect(fine).toMatchObject({ status: 0, stderr: '' });
  expect(fine.stdout).toMatch(/^LIMIT +ALLOWED +IS\n/);
  expect(fine.stdout).toEndWith('app:latest is within .mille-budget.yaml\n');
  const over = await budget('image: app\nlayer: 100kB\nwaste: 10%\npaths:\n  /app: 1kB\n');
  expect(over.status).toBe(39);
  expect(over.stdout).toContain(
    'over: layer 2, uncompressed: 233kB, more than 100kB\n  sample 2\n  limit: .mille-budget.yaml:2:8',
  );
  expect(over.stdout).toContain(
    'wasted by own layers, of their files: 13%, more than 10%: 30kB in /app/gone of layer 2, deleted by layer 3',
  );
  expect(over.stdout).toContain('/app: 200kB, more than 1kB: the largest file is /app/model with 200kB');
  expect(over.stdout).toEndWith('app:latest exceeds 3 of 3 limits of .mille-budget.yaml\n');
});

test('a suggested budget is one that the image keeps', async () => {
  const suggested = await self.must(['budget', '--suggest', 'app']);
  expect(suggested).toMatch(/^image: app:latest\ntotal: 320kB +# all layers: 288kB today\nown: 260kB /);
  expect((await budget(suggested)).status).toBe(0);
});

test('growth against another image', async () => {
  const text = 'growth:\n  against: app:old\n  bytes: 1kB\n  percent: 50%\n';
  const grown = await budget(text, 'app');
  expect(grown.status).toBe(39);
  expect(grown.stdout).toContain('more than app:old, uncompressed: 1');
  expect((await budget(text, '--against', 'app', 'app')).status).toBe(0);
  const none = await budget(text, '--against', 'none', 'app');
  expect(none).toMatchObject({ status: 0 });
  expect(none.stdout).toContain('growth was not looked at');
  const missing = await budget(text.replace('app:old', 'app:never'), 'app');
  expect(missing.status).toBe(20);
  expect(missing.stderr).toContain('.mille-budget.yaml:2:12');
});

test('compressed sizes are those that a push would send', async () => {
  const { status, stdout } = await budget('sizes: compressed\ntotal: 2kB\n', '--format', 'json', 'app');
  expect(status).toBe(0);
  expect(JSON.parse(stdout).checks[0]).toMatchObject({
    rule: 'total',
    subject: 'all layers, compressed',
    passed: true,
  });
  expect(JSON.parse(stdout).checks[0].actual).toBeLessThan(2000);
});

test('for programs: JSON, JUnit, SARIF, annotations', async () => {
  const text = 'total: 1kB\nlayers: 9\n';
  const json = JSON.parse((await budget(text, '--format', 'json', 'app')).stdout);
  expect(json).toMatchObject({
    image: 'app:latest',
    file: '.mille-budget.yaml',
    sizes: 'uncompressed',
    passed: false,
  });
  expect(json.checks[0]).toMatchObject({
    rule: 'total',
    unit: 'bytes',
    limit: 1000,
    place: { line: 1, column: 8 },
  });
  const junit = (await budget(text, '--format', 'junit', 'app')).stdout;
  expect(junit).toContain('<testsuites name="mille budget" tests="2" failures="1" errors="0">');
  expect(junit.match(/<testcase /g)).toHaveLength(2);
  expect(junit).toContain('<failure message="all layers, uncompressed: ');
  const sarif = JSON.parse((await budget(text, '--format', 'sarif', 'app')).stdout);
  expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ tool: { driver: { name: 'mille' } } }] });
  const [run] = sarif.runs;
  expect(run.results).toHaveLength(1);
  expect(run.results[0]).toMatchObject({ ruleId: 'budget/total', level: 'error' });
  expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe('budget/total');
  expect(run.results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: '.mille-budget.yaml' },
    region: { startLine: 1 },
  });
  const github = (await budget(text, '--format', 'github', 'app')).stdout;
  expect(github).toMatch(
    /^::error file=\.mille-budget\.yaml,line=1,title=mille budget%3A total::all layers, [^\n]+\n$/,
  );
});

test("dive's file, held against the figures that dive 0.13 gives of this image", async () => {
  const rules = 'lowestEfficiency: 0.95\n  highestWastedBytes: 10kB\n  highestUserWastedPercent: 0.2';
  writeTree(place, { '.dive-ci': `rules:\n  ${rules}\n` });
  const { status, stdout } = await self.run(['budget', '--compat', 'dive', 'app']);
  expect(status).toBe(39);
  expect(stdout.split('\n').slice(1, 4)).toEqual([
    "dive's efficiency                                 ≥ 95%     89.3%   too low",
    "dive's wasted bytes                               10kB      30kB    over by 20kB",
    "dive's wasted share of the layers but the first   20%       13%     ok",
  ]);
});

test('what is wrong with the file, and what is missing', async () => {
  const wrong = await budget('total: 1MB\nlayer: huge\n', 'app');
  expect(wrong.status).toBe(45);
  expect(wrong.stderr).toContain('.mille-budget.yaml:2:8');
  const nowhere = await self.run(['budget', '-f', 'no/such', 'app']);
  expect(nowhere).toMatchObject({ status: 2 });
  expect(nowhere.stderr).toContain('there is no budget');
  expect((await budget('total: 1MB\n')).stderr).toContain('no image is named');
});

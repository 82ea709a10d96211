// `mille base update`: against a stand-in for endoflife.date with its documents.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf } from '../support/end-of-life.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let own: Mille;
let documents: Map<string, string>;
let server: ReturnType<typeof Bun.serve>;
const env = { MILLE_OFFLINE: undefined };
const kept = () => join(own.root, 'life-cycles.json');

beforeAll(async () => {
  place = makePlace('life-cycles');
  own = await mille(join(place, 'store'), { base: false });
  const python = documentOf('python');
  const changed = python.result.releases.map((one) =>
    one.name === '3.12' ? { ...one, eolFrom: '2029-10-31' } : one,
  );
  documents = new Map([
    ['python', JSON.stringify({ ...python, result: { ...python.result, releases: changed } })],
    ['debian', JSON.stringify(documentOf('debian'))],
    ['go', '<html>an error page</html>'],
  ]);
  server = Bun.serve({
    ...{ hostname: '127.0.0.1', port: 0 },
    fetch({ url }) {
      const text = documents.get(new URL(url).pathname.replace('/api/v1/products/', ''));
      return text === undefined ? new Response('<html>', { status: 404 }) : new Response(text);
    },
  });
});
afterAll(() => {
  void server.stop(true);
  removePlace(place);
});

const update = (...words: string[]) =>
  own.run(['base', 'update', '--from', `${server.url.origin}/api/v1/`, ...words], { env });
const asOf = async () => {
  writeTree(join(place, 'app'), { Dockerfile: 'FROM python:3.12-slim-bookworm\n' });
  return await own.must(['base', '--offline', join(place, 'app')]);
};

test('newer dates are used, what is wrong leaves a product as it was', async () => {
  expect(await asOf()).toContain('Support as of 2026-08-22, by https://endoflife.date.');
  const { status, stdout } = await update('python', 'debian', 'go', 'ruby');
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('Python  2026-11-20  3.12: until 2029-10-31, was until 2028-10-31');
  expect(lines[1]).toBe('Debian  2026-11-20  nothing changed');
  expect(lines[2]).toBe('Go      2026-08-22  kept: what came is not to be used: it is no JSON');
  expect(lines[3]).toMatch(/^Ruby {4}2026-08-22 {2}kept: cannot fetch .*: the server answered 404/);
  expect(lines[5]).toStartWith('2 of 4 products by http://');
  expect(lines[5]).toEndWith('; 2 stay as before.');
  const shown = await asOf();
  expect(shown).toMatch(/Python 3\.12: (until|ended) 2029-10-31/);
  expect(shown).toContain('Support as of 2026-11-20, by https://endoflife.date.');
  const { bases } = JSON.parse(await own.must(['base', '--offline', '--format=json', join(place, 'app')]));
  expect(bases[0].support.product).toMatchObject({ asOf: '2026-11-20', ends: '2029-10-31' });
});

test('all or nothing: where nobody answers, or nothing can be used, the file stays', async () => {
  const before = readFileSync(kept(), 'utf8');
  const gone = await own.run(['base', 'update', '--from', 'http://127.0.0.1:9', 'python'], { env });
  expect([gone.status, gone.stderr]).toEqual([60, expect.stringContaining('the connection was refused')]);
  const nothing = await update('ruby');
  expect([nothing.status, nothing.stderr]).toEqual([60, expect.stringContaining('could be used')]);
  const offline = await update('--offline');
  expect([offline.status, offline.stderr]).toEqual([60, expect.stringContaining('--offline')]);
  const wrong = await update('pyhton');
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("did you mean 'python'?")]);
  expect(readFileSync(kept(), 'utf8')).toBe(before);
});

test('a directory of documents; what is older is not taken; a damaged file says so, and is mended', async () => {
  const old = { ...documentOf('debian'), generated_at: '2026-09-01T00:00:00+00:00' };
  writeTree(join(place, 'mirror'), {
    'debian.json': JSON.stringify(old),
    'ruby.json': JSON.stringify(documentOf('ruby')),
  });
  const line = ['base', 'update', '--from', join(place, 'mirror'), '--format=json', 'debian', 'ruby'];
  const { products } = JSON.parse(await own.must(line));
  expect(products).toMatchObject([
    { product: 'debian', asOf: '2026-11-20', refreshed: false, kept: 'what came is older: of 2026-09-01' },
    { product: 'ruby', asOf: '2026-11-20', refreshed: true, changes: [] },
  ]);
  writeFileSync(kept(), '{"format":1,"products":{"python":{}}}');
  const damaged = await own.run(['base', '--offline', join(place, 'app')]);
  expect(damaged.stderr).toContain('life-cycles.json: what it says of "python" is damaged');
  expect((await update('python')).status).toBe(0);
  expect(await asOf()).toContain('Support as of 2026-08-22 to 2026-11-20');
  expect(existsSync(kept())).toBe(true);
});

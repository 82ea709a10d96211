// The same Dockerfiles give what BuildKit makes of them: files (path, type, mode, owner, size, content, links, devices,
// extended attributes, copied times), config and history. `npm test` compares with what Docker 28.5 gave, recorded in
// each case's expected.json; `npm run conformance` builds every case with a real, current Docker on this machine in the
// same run and compares with that, and with `--record` writes the recordings anew.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { ahead } from './ahead.ts';
import { type Builder, dockerBuilder, LANES, milleBuilder } from './builders.ts';
import { CASES, type Case, caseNames, type Difference, prepareCase } from './case.ts';
import type { Failure, Outcome } from './outcome.ts';
import { type Server, startServer } from './server.ts';

/** The client of a current Docker, `sh scripts/current-docker.sh docker`; without one, recordings are compared with. */
const client = process.env.MILLE_CONFORMANCE_DOCKER?.split(' ');
const recording = process.env.MILLE_CONFORMANCE_RECORD === '1';
const only = process.env.MILLE_CONFORMANCE_ONLY;

/** For one case, milliseconds. A test that runs out of time ends every child of this process, those of other cases too. */
const MOST = client ? 600_000 : 240_000;

const machine = process.arch === 'arm64' ? 'arm64' : 'amd64';

let work = '';
let server: Server;
let ours: Builder | undefined;
let theirs: (Builder & { version: string }) | undefined;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'mille-conformance-'));
  server = startServer(work);
  if (process.getuid?.() !== 0)
    return void console.warn('skipped: contexts with owners and devices need root');
  const busybox = await busyboxBase();
  if (!busybox) return;
  const builder = await milleBuilder(work, busybox.path, { fresh: client !== undefined });
  ours = builder;
  if (client) theirs = await dockerBuilder(work, client, builder.archive);
}, 240_000);

afterAll(() => {
  server.stop();
  rmSync(work, { recursive: true, force: true });
});

/** What Docker makes of a case: asked now, or as recorded. */
async function wanted(one: Case): Promise<Outcome | Failure> {
  const file = join(CASES, one.name, 'expected.json');
  const { since = 0 } = one.settings;
  if (!theirs || Number.parseInt(theirs.version, 10) < since) {
    if (!existsSync(file))
      throw new Error(`${one.name} has no expected.json: npm run conformance -- --record`);
    const text = readFileSync(file, 'utf8').replaceAll('$ARCH', machine);
    return JSON.parse(text) as Outcome | Failure;
  }
  const { outcome: given, stderr } = await theirs.build(one);
  const outcome = withoutAddress(one, given);
  if ('failed' in outcome && one.settings.fails === undefined && !one.settings.differs?.outcome)
    throw new Error(`Docker ${theirs.version} does not build ${one.name}:\n${stderr}`);
  if (recording) writeFileSync(file, written(outcome));
  return outcome;
}

/** The outcome with `$SERVER` in place of the address that the case had for its server. */
function withoutAddress<T>(one: Case, outcome: T): T {
  if (one.server === undefined) return outcome;
  return JSON.parse(JSON.stringify(outcome).replaceAll(one.server, '$SERVER')) as T;
}

/** One line a file, so that a change shows as such. */
function written(outcome: Outcome | Failure): string {
  if ('failed' in outcome) return `${JSON.stringify(outcome)}\n`;
  const { files, gone, config, history } = outcome;
  const lines = Object.entries(files).map(
    ([path, entry]) => `  ${JSON.stringify(path)}: ${JSON.stringify(entry)}`,
  );
  const list = (items: readonly string[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `  ${JSON.stringify(item)}`).join(',\n')}\n ]`;
  const parts = [
    ` "files": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n `}}`,
    ` "gone": ${list(gone)}`,
    ` "config": ${JSON.stringify(config, undefined, 1).replaceAll('\n', '\n ')}`,
    ` "history": ${list(history)}`,
  ];
  return `{\n${parts.join(',\n')}\n}\n`.replaceAll(machine, '$ARCH');
}

/** An outcome without what is different on purpose. */
function without(outcome: Outcome | Failure, differs: Difference | undefined): unknown {
  if ('failed' in outcome || !differs) return outcome;
  const isNamed = (name: string, names: readonly string[] = []) =>
    names.some((one) => (one.endsWith('/*') ? name.startsWith(one.slice(0, -1)) : name === one));
  const keep = (object: object, names?: readonly string[]) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !isNamed(name, names)));
  return {
    files: keep(outcome.files, differs.paths),
    gone: outcome.gone.filter((path) => !isNamed(path, differs.paths)),
    config: keep(outcome.config, differs.config),
    history: differs.history ? [] : outcome.history,
  };
}

/** Builds a case on both sides. @throws where they differ */
async function check(name: string): Promise<void> {
  if (!ours) return;
  const one = prepareCase(name, { work, server });
  const { fails, differs } = one.settings;
  const { outcome: given, stderr } = await ours.build(one);
  const outcome = withoutAddress(one, given);
  const other = await wanted(one);
  if (fails !== undefined) expect(stderr).toContain(fails);
  else if ('failed' in outcome) throw new Error(`mille does not build ${name}:\n${stderr}`);
  if (differs?.outcome) expect('failed' in outcome).toBe(!('failed' in other));
  else expect(without(outcome, differs)).toEqual(without(other, differs) as object);
}

describe('conformance', () => {
  const names = caseNames().filter((name) => only === undefined || new RegExp(only).test(name));
  const checked = ahead(names, LANES, check);
  for (const name of names) test(name, () => checked(name), MOST);

  test('there are cases', () => expect(names.length).toBeGreaterThan(0));
});

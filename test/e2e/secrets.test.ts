// The proof that secrets stay where they belong: in the process of one RUN. Builds that succeed, fail, are interrupted
// and killed, by root and by a plain user, are searched from their start to after their end: layers, configs, history,
// records, logs, databases, temporary files, what was said, archives, and every process of the machine.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { SecretSearch } from '../support/find-secret.ts';
import { until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, programFor, removePlace } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('secret tests skipped: they need root and busybox-static');
const user = testUser();

/** With characters that JSON, URLs and shells write otherwise. */
const fileValue = `file "${crypto.randomUUID()}"\\ +/=é\nsecond ${crypto.randomUUID()}\n`;
const variableValue = `variable '${crypto.randomUUID()}' & \\n <%>`;
/** A whole value is searched for, and each of its lines, which is what is printed. */
const lines = fileValue.split('\n').filter((line) => line !== '');
const fileSearch = new SecretSearch([fileValue, ...lines]);
const variableSearch = new SecretSearch([variableValue]);

const DOCKERFILE = `FROM busybox
RUN --mount=type=bind,target=/go --mount=type=secret,id=file,target=/x/token,mode=0440,uid=3,gid=4 \\
  --mount=type=secret,id=variable,env=TOKEN,required \\
  ls -ln /x; cat /x/token; cat /x/token >&2; echo "<$TOKEN>"; echo "$TOKEN" | sha1sum; sha1sum /x/token; \\
  [ ! -e /go/fail ] || exit 3; echo under''-way; while [ ! -e /go/now ]; do sleep 0.05; done
RUN --mount=type=secret,id=variable,env=TOKEN [ -n "$TOKEN" ] && ! ls /x /run/secrets 2>/dev/null
`;

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

let place = '';
beforeAll(() => {
  place = makePlace('secrets');
});
afterAll(() => removePlace(place));

/** A build that runs, while every process of the machine is looked at again and again. */
function watch(self: Mille, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = Bun.spawn([...self.command, ...args], {
    env: { ...process.env, ...self.env, ...env },
    cwd: place,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  });
  let said = '';
  const reading = (async () => {
    for await (const chunk of child.stderr) said += Buffer.from(chunk).toString('latin1');
  })();
  const found: string[] = [];
  let over = false;
  const looking = (async () => {
    while (!over) {
      found.push(...fileSearch.inProcesses());
      // Until its first step a build only starts itself, with the variables that it was given.
      if (said.includes('step-started')) found.push(...variableSearch.inProcesses(child.pid));
      await Bun.sleep(20);
    }
  })();
  const ended = async () => {
    const status = await child.exited;
    over = true;
    await Promise.all([reading, looking]);
    return { status, said, found };
  };
  return { said: () => said, kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
}

/** Everything that one kind of user's builds leave. */
function suite(make: (directory: string) => Promise<Mille>): void {
  let self: Mille;
  let context = '';
  let directory = '';
  let env: Record<string, string>;
  let args: string[];

  beforeAll(async () => {
    directory = join(place, crypto.randomUUID());
    context = join(directory, 'context');
    for (const name of ['', 'context', 'given', 'tmp', 'home', 'out'])
      mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    writeFileSync(join(directory, 'given/token'), fileValue);
    env = { TMPDIR: join(directory, 'tmp'), HOME: join(directory, 'home'), VALUE: variableValue };
    self = await make(directory);
    args = [
      ...['build', '--progress', 'json', '-t', 'app'],
      ...['--secret', `id=file,src=${join(directory, 'given/token')}`, '--secret', 'id=variable,env=VALUE'],
    ];
  }, 120_000);

  const nowhere = () => {
    for (const search of [fileSearch, variableSearch])
      for (const name of ['store', 'context', 'tmp', 'home', 'out'])
        expect(search.inFiles(join(directory, name))).toEqual([]);
  };
  const unsaid = (text: string) => {
    expect(fileSearch.isIn(text)).toBe(false);
    expect(variableSearch.isIn(text)).toBe(false);
  };
  /** What the command printed shows that it had both. */
  const had = (text: string) => {
    expect(text).toContain(sha1(`${variableValue}\n`));
    expect(text).toContain(sha1(fileValue));
    expect(text).toContain('-r--r-----    1 3        4');
    expect(text).toContain('<****>');
  };

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    test(`a build that ${signal} ends`, async () => {
      const build = watch(self, [...args, context], env);
      expect(await until(() => build.said().includes('under-way'))).toBe(true);
      nowhere();
      build.kill(signal);
      const { status, said, found } = await build.ended();
      expect(status).toBe(signal === 'SIGINT' ? 130 : 137);
      had(said);
      unsaid(said);
      expect(found).toEqual([]);
      nowhere();
    }, 120_000);
  }

  test('a build that fails', async () => {
    writeFileSync(join(context, 'fail'), '');
    const { status, said, found } = await watch(self, [...args, context], env).ended();
    rmSync(join(context, 'fail'));
    expect(status).toBe(1);
    had(said);
    unsaid(said);
    expect(found).toEqual([]);
    nowhere();
  }, 120_000);

  test('a build that succeeds, its image and its archives', async () => {
    writeFileSync(join(context, 'now'), '');
    const out = (name: string) => join(directory, 'out', name);
    const outputs = [
      ...['-o', `type=oci,dest=${out('oci.tar')}`, '-o', `type=docker,dest=${out('docker.tar')}`],
      ...['-o', `type=tar,dest=${out('files.tar')}`, '-o', `type=local,dest=${out('files')}`, '--load'],
    ];
    const { status, said, found } = await watch(self, [...args, ...outputs, context], env).ended();
    expect(status).toBe(0);
    had(said);
    unsaid(said);
    expect(found).toEqual([]);
    await self.must(['save', '-o', out('saved.tar'), 'app']);
    unsaid(await self.must(['history', '--no-trunc', 'app']));
    unsaid(await self.must(['inspect', 'app']));
    expect(await self.must(['run', '--rm', 'app', 'ls', '/'])).not.toMatch(/^(x|run)$/m);
    nowhere();
    // And a build that finds all of it in the cache, or that has another value, is no other.
    writeFileSync(join(directory, 'given/token'), `${fileValue}more`);
    const again = await watch(self, [...args, context], { ...env, VALUE: 'another value' }).ended();
    expect(again.said).not.toContain('step-missed');
    unsaid(again.said);
    nowhere();
  }, 120_000);

  test('what is in the store can be found there', () => {
    // The search would be worth nothing if it looked in the wrong place.
    const search = new SecretSearch(['[ ! -e /go/fail ] || exit 3']);
    const found = search.inFiles(join(directory, 'store'));
    expect(found.some((path) => path.includes('mille.db: cache_records.instruction'))).toBe(true);
    expect(found.some((path) => path.includes('/logs/'))).toBe(true);
    expect(found.some((path) => path.includes('/blobs/'))).toBe(true);
    expect(readFileSync(join(directory, 'given/token'), 'utf8')).toContain(fileValue);
  });
}

describe.skipIf(!ready)('by root', () => {
  suite((directory) => mille(join(directory, 'store')));
});

describe.skipIf(!ready || !user)('by a plain user', () => {
  suite(async (directory) => {
    const program = ['env', `TMPDIR=${join(directory, 'tmp')}`, ...programFor(place)];
    const base = await busyboxBase();
    command(['cp', base!.path, join(directory, 'base.tar')]);
    command(['chown', '-R', `${user!.uid}:${user!.gid}`, directory]);
    chmodSync(directory, 0o755);
    const self = await mille(join(directory, 'store'), { user: user!, program, base: false });
    await self.must(['load', '-q', '-i', join(directory, 'base.tar')]);
    return self;
  });
});

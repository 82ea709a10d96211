// A secret in the context, in the Dockerfile or in the history: `mille optimize` looks at all of them, and no form of its
// report tells one; neither where it builds nothing, nor where it asks, refuses and replays.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { SecretSearch } from '../support/find-secret.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && findProgram('git') !== undefined;
const long = process.env.MILLE_LONG_TESTS !== undefined;
if (!ready)
  console.warn('tests of secrets in what is optimised skipped: they need root, busybox-static and git');

const letters = (length: number) =>
  Array.from(
    crypto.getRandomValues(new Uint8Array(length)),
    (byte) => 'abcdefghijkmnopqrstuvwxyz23456789ABCDEFGH'[byte % 41],
  ).join('');
const token = (form: string) => `${form}${letters(36)}`;

/** By where it is. */
const SECRETS = {
  /** A value that nothing but its name gives away. */
  env: `horse-battery-${letters(8)}`,
  /** A line of a private key. */
  key: letters(64),
  source: token('ghp_'),
  argument: letters(24),
  variable: letters(24),
  /** Whoever commits says it, in its form or under its name. */
  subject: token('ghp_'),
  named: letters(20),
  fileName: token('ghp_'),
  /** A file that is not there any more. */
  formerName: token('ghp_'),
  ignored: token('ghp_'),
};

const KEY = ['BEGIN', 'END']
  .map((what) => `-----${what} OPENSSH ${'PRIVATE'} KEY-----\n`)
  .join(`${SECRETS.key}\n`);

const DOCKERFILE = `FROM busybox
ARG LICENSE_KEY=${SECRETS.argument}
ENV SESSION_SECRET=${SECRETS.variable}
ADD . /app/
RUN cat /app/.env /app/id_rsa /app/src/config.js /app/keys/* | wc -c >/size && test \${#LICENSE_KEY} = 24
ADD keys /keys/
RUN test -e /app/src/main.js
CMD ["cat", "/app/.env", "/app/id_rsa"]
`;

let place = '';
let self: Mille;
const project = () => join(place, 'project');

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('optimize-secret-files');
  self = await mille(join(place, 'store'));
  command(['git', 'init', '-q', project()]);
  commitAll(project(), 'all', {
    ...{ Dockerfile: DOCKERFILE, '.dockerignore': `# ${SECRETS.ignored}\nnothing\n` },
    ...{ '.env': `DB_PASSWORD=${SECRETS.env}\n`, id_rsa: KEY, 'README.md': 'read me\n' },
    ...{ 'src/config.js': `const password = '${SECRETS.source}';\n`, 'src/main.js': 'main\n' },
    ...{ [`keys/${SECRETS.fileName}.txt`]: 'a key\n', [`keys/${SECRETS.formerName}`]: 'another\n' },
  });
  git(project(), 'rm', '-q', `keys/${SECRETS.formerName}`);
  git(project(), 'commit', '-q', '-m', `use ${SECRETS.subject}`);
  git(project(), 'rm', '-q', 'src/main.js');
  git(project(), 'commit', '-q', '-m', `the new password=${SECRETS.named} breaks it`);
  commitAll(project(), 'it is back', { 'src/main.js': 'main again\n' });
}, 120_000);

afterAll(() => removePlace(place));

const ALL = ['json', 'md', 'html'];
const only = ['copy-not-add', 'ignore-unneeded'].flatMap((name) => ['--only', name]);

type Told = Readonly<Record<string, string>>;

/** All that is told, as text and in other forms. */
async function told(forms: readonly string[], ...args: readonly string[]): Promise<Told> {
  const texts: Record<string, string> = {};
  for (const form of forms) {
    const report = join(place, `report.${form}`);
    const { stdout, stderr, status } = await self.run(['optimize', ...args, '-o', report, project()]);
    if (status !== 0) throw new Error(stderr);
    Object.assign(texts, { [form]: readFileSync(report, 'utf8'), text: stdout, [`${form} stderr`]: stderr });
  }
  return texts;
}

/** In which texts which secrets are. */
function leaksIn(texts: Told): string[] {
  return Object.entries(texts).flatMap(([form, text]) =>
    Object.entries(SECRETS).flatMap(([where, secret]) =>
      new SecretSearch([secret]).isIn(text) ? [`${where} in ${form}`] : [],
    ),
  );
}

describe.skipIf(!ready)('secrets of a project', () => {
  test('are not told where nothing is built', async () => {
    const texts = await told(ALL, '--dry');
    expect(texts.json).toContain('copy-not-add');
    expect(leaksIn(texts)).toEqual([]);
  });

  test('are not told by the proof, by checks that say them, nor by a replay', async () => {
    const says = ['cut -d= -f2 /app/.env', 'cat /app/.env /app/id_rsa /app/src/config.js; ls /keys'];
    const flags = ['--replay', '3', ...says.flatMap((check) => ['--check', check])];
    // What the other forms are made of is the same.
    const texts = await told(long ? ALL : ['json'], ...flags, ...only);
    const { changes, checks, replay, proof } = JSON.parse(texts.json!);
    expect(changes.map(({ outcome }: { outcome: string }) => outcome)).toContain('proved');
    expect(proof.same).toBe(true);
    expect(checks[0].before.output).toEqual(['****']);
    expect(replay.commits.map(({ subject }: { subject: string }) => subject)).toEqual([
      'use ****',
      'it is back',
    ]);
    expect(replay.failed).toMatchObject([{ subject: 'the new password=**** breaks it' }]);
    expect(leaksIn(texts)).toEqual([]);
  }, 120_000);
});

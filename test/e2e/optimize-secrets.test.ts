// `mille optimize` takes secrets out of ARG and ENV: proved with the values that were given, which are then nowhere, in no
// form of the report, not in what it says on the way, and not in the store.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { SecretSearch } from '../support/find-secret.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';
import { builtByBoth } from '../support/proposed-in-docker.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready)
  console.warn('tests of secrets in optimised Dockerfiles skipped: they need root and busybox-static');

const random = () => `a1B2${crypto.randomUUID().replaceAll('-', '')}`;

/** Given as an argument; standing in the Dockerfile; lying in the context. */
const [GIVEN, WRITTEN, LYING] = [random(), random(), random()];

/** Fails without its credentials, tells them when it is asked for more words, and keeps none. */
const NPM = `#!/bin/sh
test \${#NPM_TOKEN} = ${GIVEN.length} || { echo "no login: $NPM_TOKEN" >&2; exit 1; }
mkdir -p /app/node_modules && echo module >/app/node_modules/a
`;

const BEFORE = `FROM busybox AS tools
ARG LICENSE_KEY=${WRITTEN}
RUN test \${#LICENSE_KEY} = ${WRITTEN.length} && echo licensed >/tool
FROM busybox
ARG NPM_TOKEN
ENV NPM_TOKEN=\${NPM_TOKEN}
ENV SESSION_SECRET=${WRITTEN}
WORKDIR /app
COPY --chmod=755 npm /bin/
RUN npm ci
COPY --from=tools /tool /tool
RUN mkdir /data
CMD ["sh", "-c", "echo $SESSION_SECRET"]
`;

const AFTER = `FROM busybox AS tools
RUN --mount=type=secret,id=LICENSE_KEY,env=LICENSE_KEY test \${#LICENSE_KEY} = ${WRITTEN.length} && echo licensed >/tool
FROM busybox
ENV SESSION_SECRET=${WRITTEN}
WORKDIR /app
COPY --chmod=755 npm /bin/
RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci
COPY --from=tools /tool /tool
RUN mkdir /data
CMD ["sh", "-c", "echo $SESSION_SECRET"]
`;

let place = '';
let self: Mille;
const search = new SecretSearch([GIVEN, WRITTEN, LYING]);
const project = () => join(place, 'project');
const argument = ['--build-arg', `NPM_TOKEN=${GIVEN}`];

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('optimize-secrets');
  self = await mille(join(place, 'store'));
  writeTree(project(), { Dockerfile: BEFORE, npm: NPM, '.env': `API_TOKEN=${LYING}\n` });
}, 120_000);

afterAll(() => removePlace(place));

describe.skipIf(!ready)('secrets in ARG and ENV', () => {
  test('become mounts, proved, and no value is told or kept', async () => {
    const only = ['optimize', '--only', 'secret-mounts', '--progress', 'plain', ...argument];
    const written = (form: string) => join(place, `report.${form}`);
    for (const form of ['html', 'md']) await self.must([...only, '--dry', '-o', written(form), project()]);
    const more = ['--check', 'echo $SESSION_SECRET', '-o', written('json'), '--write'];
    const { stdout, stderr, status } = await self.run([...only, ...more, project()]);
    expect(stderr).toContain('DONE');
    expect(status).toBe(0);
    const { changes, left, proof, checks, files } = JSON.parse(readFileSync(written('json'), 'utf8'));
    const [npm, license] = ['NPM_TOKEN', 'LICENSE_KEY'].map((name) =>
      changes.find(({ title }: { title: string }) => title.includes(name)),
    );
    expect([npm.outcome, license.outcome, checks[0].before.output]).toEqual(['proved', 'proved', ['****']]);
    expect(npm.allows).toEqual([{ what: 'config', key: 'Env NPM_TOKEN' }]);
    expect(license.risk).toContain('revoked');
    expect(proof).toMatchObject({ same: true, files: [], config: [] });
    expect(left.map(({ what, line }: { what: string; line: number }) => `${line} ${what}`)).toEqual([
      '4 SESSION_SECRET is a secret, in ENV',
    ]);
    expect(files[0].diff).toContain('-ARG LICENSE_KEY=****');
    const forms = ['html', 'md', 'json'].map((form) => readFileSync(written(form), 'utf8'));
    for (const text of [stdout, ...forms].map((one) => one.replaceAll('\\', '')))
      expect(text).toContain('give --secret id=NPM_TOKEN,env=NPM_TOKEN');
    for (const text of [stdout, stderr, ...forms]) expect(search.isIn(text)).toBe(false);
    // Images of the original, which had them, were only looked at.
    expect(search.inFiles(self.root)).toEqual([]);
    expect(await self.verify()).toEqual([]);

    // Without the secret it builds no more than it did without the argument.
    expect(readFileSync(join(project(), 'Dockerfile'), 'utf8')).toBe(AFTER);
    const other = ['--secret', 'id=LICENSE_KEY,env=LICENSE_KEY'];
    const env = { NPM_TOKEN: GIVEN, LICENSE_KEY: WRITTEN };
    const built = await self.run(['build', '--no-cache', ...other, project()], { env });
    expect(built.stderr).toContain('no login:');
    const flags = [...other, '--secret', 'id=NPM_TOKEN,env=NPM_TOKEN'];
    const both = await builtByBoth(self, { place, context: project(), bases: ['busybox'], flags, env });
    if (both) expect(both.theirs).toEqual(both.ours);
  }, 120_000);
});

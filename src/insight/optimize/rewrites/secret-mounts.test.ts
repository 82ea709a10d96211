import { describe, expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { propose } from '../propose.ts';
import type { Proposal } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { secretMounts } from './secret-mounts.ts';

const VALUE = 'npm_9aX2kQ7rT4vB8nM1';

interface Outcome {
  readonly text: string;
  readonly proposals: readonly Proposal[];
  readonly left: readonly string[];
}

function rewritten(before: string, buildArgs: Readonly<Record<string, string>> = {}): Outcome {
  const { draft, around: made } = evidenceFor({ before, after: '' });
  const around = { ...made, options: { ...made.options, buildArgs } };
  const { draft: after, applied } = propose(draft, around, { rewrites: [secretMounts] });
  const remarks = secretMounts.remarks!(lookAt(after, around));
  return {
    text: after.source.text,
    proposals: applied.map(({ proposal }) => proposal),
    left: remarks.map(({ what, why }) => `${what}: ${why}`),
  };
}

/** What stays as it is, and why. */
function left(before: string): string {
  const { text, left: why } = rewritten(before);
  expect(text).toBe(before);
  return why.join('\n');
}

describe('secrets go into mounts', () => {
  test('with the value that was given, which nothing tells', () => {
    const { proposals } = rewritten('FROM a\nARG NPM_TOKEN\nRUN npm ci\n', { NPM_TOKEN: VALUE });
    const [{ secrets, allows, afterwards, ...told }] = proposals as [Proposal];
    expect(secrets).toEqual([{ id: 'NPM_TOKEN', value: VALUE }]);
    expect(allows).toEqual([]);
    expect(afterwards).toStartWith(
      'give --secret id=NPM_TOKEN,env=NPM_TOKEN to the build, in the place of --build-arg',
    );
    expect(JSON.stringify([told.title, told.reason, told.risk, told.edits])).not.toContain(VALUE);
    expect(told.risk).not.toContain('no value was given');
  });
  test('without a value nothing is said to be proved with one', () => {
    const [proposal] = rewritten('FROM a\nARG NPM_TOKEN=\nRUN npm ci\n').proposals;
    expect(proposal!.secrets).toEqual([{ id: 'NPM_TOKEN' }]);
    expect(proposal!.risk).toContain('no value was given');
  });
  test('in all stages, also those that stand on another, and before the first', () => {
    const { text } = rewritten(
      'ARG DB_PASSWORD\nFROM a AS one\n# it is secret\nARG DB_PASSWORD\nRUN mkdir /x\nFROM one\nRUN ./migrate\n',
    );
    expect(text).toBe(
      'FROM a AS one\n# it is secret\nRUN mkdir /x\nFROM one\nRUN --mount=type=secret,id=DB_PASSWORD,env=DB_PASSWORD ./migrate\n',
    );
  });
  test('what stands in the text is taken out of it', () => {
    const { text, proposals } = rewritten(
      `FROM a AS build\nENV A=1 API_TOKEN="${VALUE}" B=2\nRUN make\nFROM b\nCOPY --from=build /x /x\n`,
    );
    expect(text).toBe(
      'FROM a AS build\nENV A=1 B=2\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN make\nFROM b\nCOPY --from=build /x /x\n',
    );
    expect(proposals[0]!.secrets).toEqual([{ id: 'API_TOKEN', value: VALUE }]);
    expect(proposals[0]!.allows).toEqual([]);
    expect(proposals[0]!.risk).toContain('revoked');
  });
  test('of the first word of a line, of a here-document, and of a file without a last line end', () => {
    const { text } = rewritten('FROM a\nARG API_TOKEN B=1\nRUN <<E\ncurl $API_TOKEN\nE\nARG C');
    expect(text).toBe(
      'FROM a\nARG B=1\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN <<E\ncurl $API_TOKEN\nE\nARG C',
    );
    expect(rewritten('FROM a\nRUN x\nARG API_TOKEN').proposals).toEqual([]);
  });
  test('what no command looks at goes', () => {
    const { text } = rewritten(
      `FROM a\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\nRUN mkdir /x\nCMD ["node"]\n`,
    );
    expect(text).toBe('FROM a\nRUN mkdir /x\nCMD ["node"]\n');
  });
});

describe('what stays, with the reason', () => {
  test('what a container may want', () => {
    expect(left(`FROM a\nENV API_TOKEN=${VALUE}\nRUN x\n`)).toStartWith(
      'API_TOKEN is a secret, in ENV: what runs in a container may want it.',
    );
    expect(
      left('FROM a\nARG NPM_TOKEN\nENV NPM_TOKEN=$NPM_TOKEN\nRUN npm ci\nCMD ["npm", "start"]\n'),
    ).toContain('a package manager runs in the container too');
  });
  test('what is used by something else', () => {
    expect(left('FROM a\nARG GIT_TOKEN\nADD https://x:$GIT_TOKEN@example.com/a /a\nRUN x\n')).toContain(
      'ADD uses it',
    );
    expect(left('FROM a\nARG API_TOKEN\nENV COPY_OF=$API_TOKEN\nRUN x\n')).toContain('ENV uses it');
    expect(left('FROM a\nARG API_TOKEN\nARG B=1 API_TOKEN=$B\nRUN x\n')).toContain('made of other variables');
    expect(left('FROM a\nARG API_TOKEN\nRUN --mount=type=secret,id=API_TOKEN x\n')).toContain(
      'mounted already',
    );
    expect(left('# syntax=example.com/other\nFROM a\nARG API_TOKEN\nRUN x\n')).toContain('the frontend');
    expect(left('FROM a\nARG API_TOKEN\nONBUILD RUN x $API_TOKEN\nRUN x\n')).toContain('ONBUILD uses it');
  });
  test('placeholders and names of something else are nothing to speak of', () => {
    expect(
      left('FROM a\nENV POSTGRES_PASSWORD=changeme TOKEN_TTL=5 GPG_KEY=ABCDEF\nARG PUBLIC_KEY\nRUN x\n'),
    ).toBe('');
    expect(left('FROM a\nRUN --mount=type=secret,id=t,env=API_TOKEN x\n')).toBe('');
  });
});

import { expect, test } from 'bun:test';
import type { Entry } from '../../../../oci/image/index.ts';
import { type EvidenceOptions, evidenceFor } from '../../evidence-for.ts';
import { propose } from '../../propose.ts';
import type { ExamplePackage, RewriteExample } from '../../rewrite.ts';
import { noInstallRecommends } from './no-install-recommends.ts';

const FILES = (path: string) => ({ [path]: 1_000_000 });

/** `tool` recommends `helper`, which recommends `more`. */
const TOOL: Readonly<Record<string, ExamplePackage>> = {
  base: { files: FILES('usr/bin/sh') },
  tool: { line: 2, control: 'Depends: base, lib\nRecommends: helper | other', files: FILES('usr/bin/tool') },
  lib: { line: 2, automatic: true, files: FILES('usr/lib/lib.so') },
  helper: { line: 2, automatic: true, control: 'Recommends: more', files: FILES('usr/bin/helper') },
  more: { line: 2, automatic: true, files: FILES('usr/lib/more.so') },
};
const INSTALL = 'FROM a\nRUN apt-get install -y tool\n';

interface Given extends EvidenceOptions {
  readonly text?: string;
  readonly packages?: RewriteExample['packages'];
  readonly reads?: Readonly<Record<number, readonly string[]>>;
  readonly refused?: readonly string[];
}

/** What becomes of the RUN that installs. */
function made({ text = INSTALL, packages = TOOL, reads = {}, refused = [], ...options }: Given) {
  const steps = Object.fromEntries(Object.keys(reads).map((line) => [line, { reads: [] }]));
  const { draft, around } = evidenceFor(
    { before: text, after: text, packages, steps },
    { ...options, readsInImage: reads },
  );
  const rewrites = [noInstallRecommends];
  const { draft: after, applied } = propose(draft, around, { rewrites, refused: new Set(refused) });
  return {
    line: after.source.text.split('\n')[1]!.replace('RUN apt-get install ', ''),
    text: after.source.text,
    removed: applied.flatMap(({ proposal }) =>
      proposal.allows.flatMap((one) => (one.what === 'packages' ? one.removed : [])),
    ),
    applied: applied.map(({ proposal }) => proposal),
    keys: applied.map(({ proposal }) => `no-install-recommends: ${proposal.title}`),
  };
}

test('what is only recommended goes, with what is there for its sake', () => {
  const { line, removed, applied } = made({});
  expect(line).toBe('--no-install-recommends -y tool');
  expect(removed).toEqual(['helper', 'more']);
  expect(applied[0]).toMatchObject({ claim: { bytes: 2_000_000 }, mustAsk: true });
  expect(applied[0]!.reason).toEndWith('was seen to use: helper, and what came with them');
});

test('nothing is proposed where nobody can ask, or nothing is known of packages', () => {
  expect(made({ asked: 'not' }).applied).toEqual([]);
  const { draft, around } = evidenceFor({ before: INSTALL, after: INSTALL });
  expect(propose(draft, around, { rewrites: [noInstallRecommends] }).applied).toEqual([]);
});

test('what is not known to be used is kept where only the own command can be asked', () => {
  expect(made({ asked: 'own-command' }).applied).toEqual([]);
  const doc = { ...TOOL, more: { ...TOOL.more!, control: 'Section: doc' } };
  const { line, removed } = made({ asked: 'own-command', packages: doc });
  expect(line).toBe('--no-install-recommends -y tool helper');
  expect(removed).toEqual(['more']);
});

test('a command that would have to name many is left alone', () => {
  const names = Array.from({ length: 9 }, (_, i) => `helper${i}`);
  const many = Object.fromEntries(
    names.map((name) => [name, { line: 2, automatic: true, files: FILES(`usr/bin/${name}`) } as const]),
  );
  const packages = { ...TOOL, ...many, tool: { ...TOOL.tool!, control: `Recommends: ${names.join(', ')}` } };
  const needs = { app: names.slice(0, 7).map((name) => `usr/bin/${name}`) };
  expect(made({ packages, needs }).applied).toEqual([]);
  expect(made({ packages, needs: { app: needs.app.slice(0, 6) } }).removed).toContain('helper8');
});

test('after a refusal less is tried', () => {
  const doc = { ...TOOL, more: { ...TOOL.more!, control: 'Section: doc' } };
  const { line } = made({ packages: doc, refused: made({ packages: doc }).keys });
  expect(line).toBe('--no-install-recommends -y tool helper');
});

test('what a step below reads is kept, by its name', () => {
  const text = `${INSTALL}RUN make\n`;
  expect(made({ text, reads: { 3: ['usr/lib/more.so'] } }).line).toBe('--no-install-recommends -y tool more');
  expect(made({ text, reads: { 3: ['usr/bin/helper'] } }).line).toBe(
    '--no-install-recommends -y tool helper',
  );
  expect(made({ text, reads: { 3: ['usr/bin/sh'] } }).line).toBe('--no-install-recommends -y tool');
  const apt = `${INSTALL}RUN apt-get install -y vim && rm -rf /var/lib/apt/lists/*\n`;
  expect(made({ text: apt, reads: { 3: ['usr/lib/more.so'] } }).line).toBe('--no-install-recommends -y tool');
});

test('what compiles is kept as long as not all is seen', () => {
  const packages = { ...TOOL, helper: { ...TOOL.helper!, control: 'Section: libdevel' } };
  expect(made({ packages }).line).toBe('--no-install-recommends -y tool');
  expect(made({ packages, text: `${INSTALL}RUN make\n` }).line).toBe(
    '--no-install-recommends -y tool helper',
  );
  const text = 'FROM a\nRUN apt-get install -y tool && make\n';
  expect(made({ packages, text }).line).toBe('--no-install-recommends -y tool helper && make');
});

test('what a program that stays starts with is kept', () => {
  const needs = { app: ['usr/lib/more.so'] };
  expect(made({ needs }).line).toBe('--no-install-recommends -y tool more');
  expect(made({ needs: { 'usr/bin/helper': ['usr/lib/more.so'] } }).line).toBe(
    '--no-install-recommends -y tool',
  );
});

test('certificates and the like are kept, whoever recommends them', () => {
  const packages = {
    ...TOOL,
    'ca-certificates': { line: 2, automatic: true, files: FILES('etc/certificates') } as const,
    more: { ...TOOL.more!, control: 'Recommends: ca-certificates' },
  };
  expect(made({ packages }).line).toBe('--no-install-recommends -y tool ca-certificates');
});

test('what another RUN installs by its name is no gain, and stays', () => {
  const { automatic: _, ...helper } = TOOL.helper!;
  const packages = { ...TOOL, helper };
  const text = `${INSTALL}RUN apt-get install -y helper\n`;
  const { removed, applied } = made({ packages, text });
  // The second one brings it then, and asks for no more than it has to.
  expect(removed).toEqual([]);
  expect(applied).toEqual([]);
});

test('what cannot be told by words is told by what apt marks', () => {
  const text = 'FROM a\nARG P=tool\nRUN apt-get install -y $P\n';
  const packages = Object.fromEntries(
    Object.entries(TOOL).map(([name, one]) => [name, one.line ? { ...one, line: 3 } : one]),
  );
  expect(made({ text, packages }).text).toContain('apt-get install --no-install-recommends -y $P\n');
});

test('a command that leaves them out already, or says that it wants them, is left alone', () => {
  for (const flag of ['--no-install-recommends', '--install-recommends', '-o APT::Install-Recommends=false'])
    expect(made({ text: `FROM a\nRUN apt-get install ${flag} -y tool\n` }).applied).toEqual([]);
});

test('several commands of one RUN are mended together', () => {
  const text = 'FROM a\nRUN apt-get install -y tool \\\n && apt-get install -y \\\n    base\n';
  const { text: after } = made({ text, needs: { app: ['usr/bin/helper'] } });
  expect(after).toBe(
    'FROM a\nRUN apt-get install --no-install-recommends -y tool \\\n && apt-get install --no-install-recommends -y \\\n    base helper\n',
  );
});

test('what an alternative leads to that led elsewhere before is kept: it would lead there again', () => {
  const link = (target: string) => ({ type: 'symlink', link: target }) as const;
  const given = (alternatives: Readonly<Record<string, Partial<Entry>>>) => {
    const { draft, around } = evidenceFor({
      before: 'FROM a\nRUN setup\nRUN apt-get install -y tool\n',
      after: '',
      packages: Object.fromEntries(
        Object.entries(TOOL).map(([name, one]) => [name, { ...one, ...('line' in one ? { line: 3 } : {}) }]),
      ),
      steps: {
        2: { layer: { 'etc/alternatives/pager': link('/bin/more') } },
        3: { reads: [], layer: alternatives },
      },
    });
    return propose(draft, around, { rewrites: [noInstallRecommends] }).draft.source.text.split('\n')[2];
  };
  const plain = 'RUN apt-get install --no-install-recommends -y tool';
  expect(given({ 'etc/alternatives/pager': link('/usr/bin/helper') })).toBe(`${plain} helper`);
  expect(given({ 'etc/alternatives/editor': link('/usr/bin/helper') })).toBe(plain);
});

test('a command does not get longer for little', () => {
  const packages = { ...TOOL, helper: { ...TOOL.helper!, control: 'Recommends: more, ca-certificates' } };
  const small = (bytes: number) => ({
    ...packages,
    'ca-certificates': { line: 2, automatic: true as const, files: { 'etc/ssl/a': 9 } },
    helper: { ...packages.helper, files: { 'usr/bin/helper': 9 } },
    more: { ...TOOL.more!, files: { 'usr/lib/more.so': bytes } },
  });
  expect(made({ packages: small(900_000) }).applied).toEqual([]);
  expect(made({ packages: small(1_100_000) }).line).toBe('--no-install-recommends -y tool ca-certificates');
});

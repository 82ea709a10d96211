// Development dependencies: where they have to stay, and what of an image is theirs.

import { describe, expect, test } from 'bun:test';
import { evidenceFor } from '../evidence-for.ts';
import { readNodeProject } from '../node/project.ts';
import { propose } from '../propose.ts';
import type { RewriteExample } from '../rewrite.ts';
import { lookAt } from '../subject.ts';
import { dependenciesFirst } from './dependencies-first.ts';
import { productionDependencies } from './production-dependencies.ts';

const MB = 1_000_000;

const LINK = { type: 'symlink', mode: 0o777, size: 0 } as const;
const DIRECTORY = { type: 'dir', mode: 0o755 } as const;

const INSTALLED: NonNullable<NonNullable<RewriteExample['steps']>[number]['layer']> = {
  'app/node_modules': DIRECTORY,
  'app/node_modules/.package-lock.json': 900,
  'app/node_modules/.bin': DIRECTORY,
  'app/node_modules/.bin/tsc': { ...LINK, link: '../typescript/bin/tsc' },
  'app/node_modules/express': DIRECTORY,
  'app/node_modules/express/index.js': 9000,
  'app/node_modules/typescript': DIRECTORY,
  'app/node_modules/typescript/bin': DIRECTORY,
  'app/node_modules/typescript/bin/tsc': 9 * MB,
  'app/node_modules/@types': DIRECTORY,
  'app/node_modules/@types/node': DIRECTORY,
  'app/node_modules/@types/node/index.d.ts': MB,
};

const RECORD = JSON.stringify({
  packages: {
    'node_modules/express': { bin: { express: 'x' } },
    'node_modules/typescript': { dev: true, bin: { tsc: 'bin/tsc' } },
    'node_modules/@types/node': { dev: true },
  },
});

interface Case {
  readonly lines?: string;
  readonly command?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly record?: string;
  /** What the install leaves besides. */
  readonly cached?: typeof INSTALLED & object;
  /** What the fifth line's RUN makes. */
  readonly built?: typeof INSTALLED & object;
}

const BUILD = 'RUN npm run build\n';

function made({
  lines = '',
  command = '["node", "a.js"]',
  scripts = {},
  record = RECORD,
  cached,
  built,
}: Case) {
  const project = readNodeProject('app', { manifest: JSON.stringify({ scripts }), record });
  const { draft, around } = evidenceFor({
    before: `FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci${lines.startsWith(' ') ? lines : `\n${lines}`}CMD ${command}\n`,
    after: '',
    context: { 'package.json': 90, 'src/a.ts': 900 },
    steps: { 4: { layer: { ...INSTALLED, ...cached } }, ...(built ? { 5: { layer: built } } : {}) },
    nodeProjects: [project!],
  });
  const { applied } = propose(draft, around, { rewrites: [productionDependencies] });
  const left = productionDependencies.remarks!(lookAt(draft, around)).map(({ why }) => why);
  return { applied: applied.map(({ proposal }) => proposal), left };
}

describe('development dependencies', () => {
  test('are packages, links to their programs, and directories of which nothing is left', () => {
    const [proposal] = made({}).applied;
    expect(proposal?.claim).toEqual({ bytes: 10 * MB });
    expect(proposal?.allows[0]).toEqual({
      what: 'paths',
      change: 'removed',
      of: 'development dependencies',
      paths: Object.keys(INSTALLED)
        .filter((path) => /\.bin|typescript|@types/.test(path))
        .sort(),
    });
  });
  test('leave their caches to the rewrites that empty them', () => {
    const { allows } = made({ cached: { 'root/.npm/_cacache/index-v5/a': MB } }).applied[0]!;
    expect(allows.filter(({ what }) => what === 'files')).toContainEqual({
      ...{ what: 'files', change: 'removed', below: 'root/.npm', incidental: true },
    });
  });

  const starting = 'what the image starts';
  test.each<[string, Case, string]>([
    [
      'the command names one',
      { command: '["node_modules/.bin/tsc", "-w"]' },
      `${starting} names tsc, which is one of them`,
    ],
    [
      'the command runs a script that does',
      { command: 'npm start', scripts: { start: 'npm run dev', dev: 'tsc -w' } },
      `${starting} runs the script dev, which names tsc, which is one of them`,
    ],
    [
      'a module of one is loaded',
      { command: '["node", "-r", "typescript/register", "a.js"]' },
      `${starting} names typescript, which is one of them`,
    ],
    [
      'the install runs a script that does',
      { scripts: { prepare: 'tsc -p .' } },
      'the install runs the script prepare, which names tsc, which is one of them',
    ],
    [
      'there is a workspace',
      {
        record: RECORD.replace(
          '"node_modules/express":{',
          '"node_modules/a":{"link":true},"node_modules/express":{',
        ),
      },
      'members of a workspace are linked into it, and have dependencies of their own',
    ],
    [
      'what is built deletes what was copied',
      { lines: BUILD, built: { 'app/src/a.ts': { type: 'whiteout' }, 'app/dist/a.js': 9 } },
      'what is built deletes /app/src/a.ts, which the last stage would have again',
    ],
  ])('stay where %s', (_, given, why) => {
    expect(made(given)).toEqual({ applied: [], left: [why] });
  });

  test.each<[string, Case]>([
    ['the install says what it wants', { lines: ' --include=dev\n' }],
    ['there are none', { record: RECORD.replaceAll('"dev":true', '"dev":false') }],
  ])('are no matter where %s', (_, given) => {
    expect(made(given)).toEqual({ applied: [], left: [] });
  });

  test('may go where one of them has the name of what the base has', () => {
    const record = RECORD.replace('node_modules/typescript', 'node_modules/npm');
    const { applied, left } = made({ record, command: 'npm start', scripts: { start: 'node a.js' } });
    expect([applied.length, left]).toEqual([1, []]);
  });

  test('of an install without scripts may go', () => {
    const { applied } = made({ lines: ' --ignore-scripts\n', scripts: { prepare: 'tsc' } });
    expect(applied.map(({ edits }) => edits.map(({ text }) => text))).toEqual([[' --omit=dev']]);
  });

  test('leave what a build puts beside packages, and what it changes of them', () => {
    const built = {
      'app/node_modules/.prisma': DIRECTORY,
      'app/node_modules/.prisma/a.js': 9,
      'app/node_modules/express/index.js': 8,
    };
    const [proposal] = made({ lines: BUILD, built }).applied;
    expect(proposal?.expects?.map(({ text }) => text)).toEqual([
      'RUN npm ci --omit=dev',
      'COPY --from=build /app/node_modules/.prisma /app/node_modules/.prisma',
      'COPY --from=build /app/node_modules/express/index.js /app/node_modules/express/',
      ...['WORKDIR /app', 'COPY . .'],
    ]);
  });

  test('leave room for dependencies first in both stages', () => {
    const { draft, around } = evidenceFor({
      before: 'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "a.js"]\n',
      after: '',
      context: { 'package.json': 90, 'package-lock.json': 9000, 'src/a.ts': 900 },
      steps: {
        4: {
          seconds: 60,
          reads: ['package.json', 'package-lock.json', 'src/a.ts'],
          layer: { ...INSTALLED, 'app/dist/a.js': 9 },
        },
      },
      commits: [['src/a.ts'], ['src/a.ts']],
      nodeProjects: [readNodeProject('app', { manifest: '{}', record: RECORD })!],
    });
    const { source } = propose(draft, around, {
      rewrites: [productionDependencies, dependenciesFirst],
    }).draft;
    const manifests = 'COPY package.json package-lock.json ./\n';
    expect(source.text).toBe(
      `FROM node:18 AS build\nWORKDIR /app\n${manifests}RUN npm ci\nCOPY . .\nRUN npm run build\n\n` +
        `FROM node:18\nWORKDIR /app\n${manifests}RUN npm ci --omit=dev\nCOPY . .\n` +
        'COPY --from=build /app/dist/a.js /app/dist/\nCMD ["node", "a.js"]\n',
    );
  });

  test('are not read from what has another form', () => {
    const read = (manifest: string, record: string) => readNodeProject('', { manifest, record });
    expect(read('{', RECORD)).toBeUndefined();
    expect(read('{}', '[]')).toBeUndefined();
    const odd = JSON.stringify({
      packages: { 'node_modules/../../etc': { dev: true }, 'node_modules/a': 1, '': { dev: true } },
    });
    expect(read('{"scripts":{"a":1}}', odd)).toMatchObject({ development: [], scripts: {} });
  });

  test('have notes of their own in the home directory: these go, those of others stay', () => {
    const note = 'root/.config/configstore/update-notifier-typescript.json';
    const of = (others: typeof INSTALLED & object) => {
      const { draft, around } = evidenceFor({
        before: 'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "a.js"]\n',
        after: '',
        context: { 'package.json': 90 },
        steps: {
          4: {
            layer: {
              ...INSTALLED,
              'root/.config': DIRECTORY,
              'root/.config/configstore': DIRECTORY,
              [note]: 90,
              ...others,
            },
          },
        },
        nodeProjects: [readNodeProject('app', { manifest: '{}', record: RECORD })!],
      });
      const [one] = propose(draft, around, { rewrites: [productionDependencies] }).applied;
      const [allowed] = one!.proposal.allows;
      return allowed?.what === 'paths' ? allowed.paths.filter((path) => path.startsWith('root/')) : [];
    };
    expect(of({})).toEqual(['root/.config', 'root/.config/configstore', note]);
    expect(of({ 'root/.config/configstore/express.json': 9 })).toEqual([note]);
  });

  test('of yarn 2 and newer are told', () => {
    const before =
      'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\nCMD ["node", "a.js"]\n';
    const { draft, around } = evidenceFor({
      ...{ before, after: '', context: { 'package.json': 90 } },
      steps: { 4: { layer: { ...INSTALLED, 'app/node_modules/.yarn-state.yml': 90 } } },
      nodeProjects: [
        { ...readNodeProject('app', { manifest: '{}', record: RECORD })!, manager: 'yarn-berry' },
      ],
    });
    expect(propose(draft, around, { rewrites: [productionDependencies] }).applied).toEqual([]);
    const [remark] = productionDependencies.remarks!(lookAt(draft, around));
    expect(remark?.what).toEndWith('in the image are development dependencies of /app');
    expect(remark?.why).toContain('yarn workspaces focus --production');
  });

  test('of yarn and pnpm are left out in the words of these', () => {
    const text = (manager: 'yarn' | 'pnpm', command: string) => {
      const layer = {
        ...INSTALLED,
        'app/node_modules/.yarn-integrity': 90,
        'app/node_modules/.modules.yaml': 90,
      };
      const { draft, around } = evidenceFor({
        before: `FROM node:18\nWORKDIR /app\nCOPY . .\nRUN ${command}\nCMD ["node", "a.js"]\n`,
        after: '',
        context: { 'package.json': 90 },
        steps: { 4: { layer } },
        nodeProjects: [{ ...readNodeProject('app', { manifest: '{}', record: RECORD })!, manager }],
      });
      const { source } = propose(draft, around, { rewrites: [productionDependencies] }).draft;
      return source.text.split('\n')[3];
    };
    expect(text('yarn', 'yarn')).toBe('RUN yarn --production');
    expect(text('yarn', 'yarn install --frozen-lockfile')).toBe(
      'RUN yarn install --production --frozen-lockfile',
    );
    expect(text('pnpm', 'pnpm i')).toBe('RUN pnpm i --prod');
    for (const command of ['pnpm install -P', 'pnpm install --filter a', 'pnpm add a'])
      expect(text('pnpm', command)).toBe(`RUN ${command}`);
    for (const command of ['yarn --prod', 'yarn --cwd a', 'yarn build'])
      expect(text('yarn', command)).toBe(`RUN ${command}`);
  });
});

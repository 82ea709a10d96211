// Caches of JavaScript's package managers.

import { appendCommand, hasArgument } from '../../../lint/index.ts';
import { MOVED_BY } from '../../usual-places.ts';
import { type Cache, removal } from './clean-cache.ts';

export const NPM: Cache = {
  name: 'clean-npm',
  what: "npm's archives of what it unpacked into node_modules",
  page: `npm keeps every archive that it fetched below \`~/.npm/_cacache\`, beside what it unpacked into \`node_modules\`, and a log of
each run. What \`npx\` installed lies in \`~/.npm/_npx\` and stays.`,
  examples: [
    {
      before: 'FROM node:24\nRUN npm install -g serve\n',
      after: 'FROM node:24\nRUN npm install -g serve && rm -rf /root/.npm/_cacache /root/.npm/_logs\n',
      steps: {
        2: { layer: { 'root/.npm/_cacache/content-v2/a': 5_000_000, 'root/.npm/_logs/2026.log': 900 } },
      },
    },
  ],
  fills: ({ name }) => name === 'npm' || name === 'npx' || name === 'corepack',
  left: /^(?:.*\/)?\.npm\/_(?:cacache|logs)(?=\/|$)/,
  usual: {
    directories: ['root/.npm/_cacache', 'root/.npm/_logs'],
    by: (command) => command.name === 'npm' && hasArgument(command, 'ci', 'i', 'install'),
    unless: MOVED_BY.npm,
  },
  isClean: (command) =>
    command.name === 'npm' && hasArgument(command, 'cache') && hasArgument(command, 'clean'),
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

export const YARN: Cache = {
  name: 'clean-yarn',
  what: "yarn's archives of what it unpacked into node_modules",
  page: `yarn 1 keeps every package that it fetched in its cache, beside \`node_modules\`. For later versions
there is [clean-yarn-berry](#clean-yarn-berry).`,
  examples: [
    {
      before: 'FROM node:24\nRUN yarn install --frozen-lockfile\n',
      after: 'FROM node:24\nRUN yarn install --frozen-lockfile && yarn cache clean\n',
      steps: { 2: { layer: { 'usr/local/share/.cache/yarn/v6/a/b.js': 5_000_000 } } },
    },
  ],
  fills: ({ name }) => name === 'yarn' || name === 'yarnpkg',
  left: /^(?:.*\/)?\.cache\/yarn(?=\/|$)/,
  isClean: (command) => command.name.startsWith('yarn') && hasArgument(command, 'clean'),
  remedy: ({ last }) => appendCommand(last, `${last.word.text} cache clean`),
};

export const YARN_BERRY: Cache = {
  name: 'clean-yarn-berry',
  what: 'archives that yarn 2 and newer unpacked into node_modules',
  page: `yarn 2 and newer keep what they fetched below \`~/.yarn/berry\`. With \`nodeLinker: node-modules\` it is unpacked into
\`node_modules\` besides, which yarn's own record there shows, and nothing needs the archives any more. Without that programs
run out of them, so they stay.`,
  examples: [
    {
      before: 'FROM node:24\nWORKDIR /app\nRUN yarn install --immutable\n',
      after: 'FROM node:24\nWORKDIR /app\nRUN yarn install --immutable && rm -rf /root/.yarn/berry/cache\n',
      steps: {
        3: {
          layer: { 'root/.yarn/berry/cache/a.zip': 5_000_000, 'app/node_modules/.yarn-state.yml': 900 },
        },
      },
    },
    {
      before: 'FROM node:24\nWORKDIR /app\nRUN yarn install --immutable\n',
      after: 'FROM node:24\nWORKDIR /app\nRUN yarn install --immutable\n',
      steps: { 3: { layer: { 'root/.yarn/berry/cache/a.zip': 5_000_000, 'app/.pnp.cjs': 900 } } },
    },
  ],
  fills: ({ name }) => name === 'yarn' || name === 'yarnpkg',
  left: /^(?:root|home\/[^/]+)\/\.yarn\/berry\/(?:cache|metadata)(?=\/|$)/,
  beside: /(^|\/)node_modules\/\.yarn-state\.yml$/,
  isClean: (command) => command.name.startsWith('yarn') && hasArgument(command, 'clean'),
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

export const PNPM: Cache = {
  name: 'clean-pnpm',
  what: "pnpm's store and metadata",
  page: `pnpm unpacks into a store and links from there into \`node_modules\`, which takes no room twice. Where it had to copy,
or keeps metadata of the registry, that is what goes.`,
  examples: [
    {
      before: 'FROM node:24\nRUN pnpm install --frozen-lockfile\n',
      after:
        'FROM node:24\nRUN pnpm install --frozen-lockfile && rm -rf /root/.cache/pnpm /root/.local/share/pnpm/store\n',
      steps: {
        2: {
          layer: {
            'root/.cache/pnpm/metadata/a.json': 900_000,
            'root/.local/share/pnpm/store/v10/files/00/a': 7_000_000,
          },
        },
      },
    },
  ],
  fills: ({ name }) => name === 'pnpm' || name === 'pnpx',
  left: /^(?:.*\/)?(?:\.cache\/pnpm|\.local\/share\/pnpm\/store|\.pnpm-store)(?=\/|$)/,
  neededBy: ({ name }) => name === 'pnpm',
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

export const BUN: Cache = {
  name: 'clean-bun',
  what: "bun's copies of what it put into node_modules",
  page: 'bun keeps each package that it fetched below `~/.bun/install/cache`, beside `node_modules`.',
  examples: [
    {
      before: 'FROM oven/bun:1\nRUN bun install --frozen-lockfile\n',
      after: 'FROM oven/bun:1\nRUN bun install --frozen-lockfile && rm -rf /root/.bun/install/cache\n',
      steps: { 2: { layer: { 'root/.bun/install/cache/a@1/index.js': 7_000_000 } } },
    },
  ],
  fills: ({ name }) => name === 'bun' || name === 'bunx',
  left: /^(?:.*\/)?\.bun\/install\/cache(?=\/|$)/,
  neededBy: ({ name }) => name === 'bun',
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

export const NODE_GYP: Cache = {
  name: 'clean-node-gyp',
  what: 'headers of Node that node-gyp fetched',
  page: `Where a package has a part in C or C++, npm builds it with node-gyp, which fetches the headers of Node (some 60 MB) into
\`~/.cache/node-gyp\`. What was built needs none of them. As long as a RUN below installs, they stay.`,
  examples: [
    {
      before: 'FROM node:24\nRUN npm ci\n',
      after: 'FROM node:24\nRUN npm ci && rm -rf /root/.cache/node-gyp\n',
      steps: { 2: { layer: { 'root/.cache/node-gyp/24.1.0/include/node/v8.h': 60_000_000 } } },
    },
  ],
  fills: (command) => GYP.test(command.name),
  left: /^(?:.*\/)?(?:\.cache\/node-gyp|\.node-gyp)(?=\/|$)/,
  neededBy: (command) =>
    GYP.test(command.name) && hasArgument(command, 'ci', 'i', 'install', 'rebuild', 'add'),
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

const GYP = /^(?:npm|npx|yarn|pnpm|node-gyp)$/;

export const COMPILE_CACHE: Cache = {
  name: 'clean-compile-cache',
  what: 'what Node compiled of the programs that ran',
  page: `From version 22 on Node can keep what it compiled of a program, to start it faster the next time. npm, corepack and the
TypeScript compiler ask for it, and it comes to lie in \`/tmp/node-compile-cache\`: of programs that an image hardly runs
again, and otherwise each time.`,
  examples: [
    {
      before: 'FROM node:24\nRUN npm ci\n',
      after: 'FROM node:24\nRUN npm ci && rm -rf /tmp/node-compile-cache\n',
      steps: { 2: { layer: { 'tmp/node-compile-cache/v24.1.0-x64/00bf0630': 2_600_000 } } },
    },
  ],
  fills: ({ name }) => COMPILING.test(name),
  left: /^(?:var\/)?tmp\/node-compile-cache(?=\/|$)/,
  remedy: ({ last, left }) => appendCommand(last, removal(left.directories)),
};

const COMPILING = /^(?:node|npm|npx|corepack|yarn|yarnpkg|pnpm|pnpx|tsc)$/;

// Development dependencies of Node projects: out of the image, where nothing in it needs them.

import { formatSize, joinRelative } from '../../../core/index.ts';
import { type Development, developmentOf } from '../node/development.ts';
import { mayBuild } from '../node/install.ts';
import { type LastStage, lastStage } from '../node/last-stage.ts';
import { NODE_CACHES, NODE_MANAGERS } from '../node/managers.ts';
import type { NodeProject } from '../node/project.ts';
import type { Allowance, Proposal, Rewrite } from '../rewrite.ts';
import type { Subject } from '../subject.ts';
import { inWords } from '../words.ts';

/** Less is not worth a word; for a second stage it takes more. */
const LEAST_BYTES = 100_000;
const LEAST_FOR_A_STAGE = 1_000_000;
const LEAST_SHARE = 0.02;

const MODULES = {
  'app/node_modules/.package-lock.json': 900,
  'app/node_modules/express/index.js': 9000,
  'app/node_modules/typescript/tsc.js': 20_000_000,
};
const PROJECT = {
  directory: 'app',
  scripts: { build: 'tsc' },
  development: ['node_modules/typescript'],
  names: new Set(['typescript', 'tsc']),
  packages: new Set(['node_modules/typescript', 'node_modules/express']),
  isWorkspace: false,
};
const CONTEXT = { 'package.json': 90, 'package-lock.json': 9000, 'src/a.ts': 900 };

export const productionDependencies: Rewrite = {
  name: 'production-dependencies',
  summary: 'leave development dependencies of Node projects out of the image',
  goal: 'size',
  page: `Compilers, test runners and linters that \`npm ci\` and \`npm install\` bring as development dependencies stay in the image,
often as its larger half. Where nothing is built with them the install leaves them out: \`--omit=dev\`. Where something is,
the stage becomes two: the first stays as it is; the last begins with the same base, copies the same files, installs with
\`--omit=dev\`, and copies from the first what was built.

Which packages these are is in npm's own record, \`node_modules/.package-lock.json\` of the image that was built (npm 7 and newer), which marks
them. yarn 1 (\`--production\`) and pnpm (\`--prod\`) keep no such marks: of theirs it is what cannot be reached from the
project's own dependencies, by the package.json of the packages and by pnpm's links. Their bytes are those of the tables of
contents. What was built is what the RUN below the install wrote, by the layers too.

Not where the image's command or health check names one of them (\`nodemon\`, \`ts-node\`, also through scripts of
package.json: \`npm run dev\`), or what it starts asks for one, itself or in a file of the project that it requires
(\`server.js\` asks for \`errorhandler\`), or a script that the install runs does (\`"prepare": "husky install"\`), unless it has
\`--ignore-scripts\`. That is told under "Left as it is". Not for workspaces, not where a build deletes what the last stage
would have again, and only for installs in the last stage. Of yarn 2 and newer, which have another command for it (\`yarn workspaces focus
--production\`), they are told too, where they lie in \`node_modules\`.

These packages and links to their programs may be missing, each by its path; so may a note that one of them left for itself
while it was installed, in a file of its own name (\`~/.config/configstore/update-notifier-nodemon.json\`: when it last looked
for a newer version). What the package manager wrote of what it installed and its cache (\`/root/.npm\`) may differ; every
other
path, and the whole config, has to be as it was. That a program asks for a package with a name that it makes up cannot be seen in
files: so the change stays only where the image could be asked, by \`--check\`, its \`HEALTHCHECK\`, or its own command, which
is started in both.`,
  examples: [
    {
      before:
        'FROM node:18\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nEXPOSE 80\nCMD ["node", "dist/a.js"]\n',
      after:
        'FROM node:18 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\nFROM node:18\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY . .\nCOPY --from=build /app/dist /app/dist\nEXPOSE 80\nCMD ["node", "dist/a.js"]\n',
      context: CONTEXT,
      steps: {
        4: { layer: MODULES },
        6: { layer: { 'app/dist': { type: 'dir', mode: 0o755 }, 'app/dist/a.js': 900 } },
      },
      nodeProjects: [PROJECT],
    },
    {
      before: 'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD ["node", "src/a.js"]\n',
      after: 'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm install --omit=dev\nCMD ["node", "src/a.js"]\n',
      context: CONTEXT,
      steps: { 4: { layer: MODULES } },
      nodeProjects: [PROJECT],
    },
    {
      before:
        'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist/a.js"]\n',
      after:
        'FROM node:18 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nCOPY --from=build /app/dist /app/dist\nCMD ["node", "dist/a.js"]\n',
      context: CONTEXT,
      steps: {
        4: { layer: { ...MODULES, 'app/dist': { type: 'dir', mode: 0o755 }, 'app/dist/a.js': 900 } },
      },
      nodeProjects: [PROJECT],
    },
  ],
  propose: (subject) => {
    const development = developmentOf(subject);
    const found = development && attemptOf(subject, development);
    return typeof found === 'object' ? [found] : [];
  },
  remarks: (subject) => {
    const development = developmentOf(subject);
    if (!development || development.bytes < LEAST_BYTES) return [];
    const { project, install, bytes } = development;
    const why = attemptOf(subject, development);
    if (typeof why !== 'string') return [];
    return [
      {
        what: `${formatSize(bytes)} in the image are development dependencies of /${project.directory}`,
        why,
        span: install.part.built.instruction.span,
        bytes,
      },
    ];
  },
};

/** The change; why there is none, where that is a matter for people; undefined where it does not pay. */
function attemptOf(subject: Subject, development: Development): Proposal | string | undefined {
  const { install, parts, bytes, refusal } = development;
  if (bytes < LEAST_BYTES) return undefined;
  if (refusal !== undefined) return refusal;
  const isBuilt = install.isJoined || parts.slice(parts.indexOf(install.part) + 1).some(mayBuild);
  if (!isBuilt)
    return proposalOf(development, {
      edits: [{ start: install.at, end: install.at, text: ` ${install.flag}` }],
    });
  if (bytes < Math.max(LEAST_FOR_A_STAGE, subject.evidence.image.bytes * LEAST_SHARE)) return undefined;
  const stage = lastStage(subject, development);
  return typeof stage === 'string' ? stage : proposalOf(development, stage);
}

function proposalOf(development: Development, made: Pick<Proposal, 'edits'> & Partial<LastStage>): Proposal {
  const { project, install, bytes } = development;
  const names = namesOf(project);
  const { length } = project.manager === 'pnpm' ? names : project.development;
  const count = length === 1 ? 'a package' : `${length} packages`;
  const isDivided = made.expects !== undefined;
  return {
    title: isDivided
      ? `copy what is built into a last stage with ${install.name} ${install.flag}`
      : `${install.name} ${install.flag}`,
    reason: `${formatSize(bytes)} of /${project.directory}/node_modules are ${count} for development: ${inWords(names)}. What the image starts was not seen to ask for any of them${isDivided ? '; they are needed to build, in a stage of its own' : ''}`,
    span: install.part.built.instruction.span,
    edits: made.edits,
    ...(made.expects ? { expects: made.expects } : {}),
    claim: { bytes },
    allows: allowancesOf(development, made.dropped ?? []),
    mustAsk: true,
    risk: 'what a program requires by a name that it makes up when it runs is not seen: --check "COMMAND" asks both images',
  };
}

/** Of packages in pnpm's store only the names: `.pnpm/@types+node@22.1.0`. */
function namesOf({ development }: NodeProject): readonly string[] {
  const names = development.flatMap((path) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 13);
    if (name.startsWith('.bin/')) return [];
    return [
      name
        .replace(/^\.pnpm\//, '')
        .replace(/(?<=.)@.*$/, '')
        .replace('+', '/'),
    ];
  });
  return [...new Set(names)];
}

function allowancesOf(
  { files, paths, project }: Development,
  dropped: readonly string[],
): readonly Allowance[] {
  const manager = project.manager ?? 'npm';
  const caches = new Set<string>();
  for (const path of files.makers.keys()) {
    const [, found] = NODE_CACHES.exec(path) ?? [];
    if (found !== undefined) caches.add(found);
  }
  // Names of logs are others each time.
  const others = dropped.filter(
    (path) => ![...caches].some((one) => path === one || path.startsWith(`${one}/`)),
  );
  return [
    { what: 'paths', change: 'removed', of: 'development dependencies', paths: [...paths].sort() },
    {
      what: 'paths',
      change: 'changed',
      of: `${manager}'s record of what it installed`,
      paths: NODE_MANAGERS[manager].records.map((path) => joinRelative(project.directory, path)),
    },
    ...(others.length === 0
      ? []
      : [{ what: 'paths', change: 'removed', of: 'caches of what builds', paths: others } as const]),
    // What the caches hold of them: what else is in there is for the rewrites that empty them.
    ...[...caches].flatMap((below): Allowance[] =>
      (['removed', 'added', 'changed'] as const).map((change) => ({
        ...{ what: 'files', change, below },
        incidental: true,
      })),
    ),
  ];
}

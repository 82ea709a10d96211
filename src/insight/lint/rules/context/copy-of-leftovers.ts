import { formatSize } from '../../../../core/index.ts';
import { ignoreFix, sourcesByInstruction } from '../../context-facts.ts';
import type { Rule } from '../../rule.ts';
import { leftovers, type Unwanted } from '../../unwanted-files.ts';

export const copyOfLeftovers: Rule = {
  name: 'CopyOfLeftovers',
  severity: 'warning',
  summary: 'COPY takes nothing along that tools have left behind: .git, node_modules, caches',
  page: `A COPY of a whole directory takes what is in it: the history of the repository (\`.git\`), packages that were
installed for another system (\`node_modules\`, \`.venv\`), what a compiler made (\`target\`), caches. The layer is larger for
it, it changes with each commit, so that the steps after it run again, and the packages of the host can hide those of the
image.

Leave it out with \`.dockerignore\`. \`mille lint\` looks at what lies in the context; without a context it has nothing to say.`,
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "app.js"]',
      at: [3],
      good: 'FROM node:22\nWORKDIR /app\nCOPY . .\nCMD ["node", "app.js"]',
      context: {
        'app.js': 90,
        '.git/HEAD': 23,
        '.git/objects/pack/a.pack': 35_000_000,
        'lib/node_modules/x/index.js': 5,
      },
      goodIgnoreFile: '.git\n**/node_modules\n',
    },
    {
      bad: 'FROM rust:1\nCOPY --chown=1000 . /src\nRUN cargo build --release',
      at: [2],
      good: 'FROM rust:1\nCOPY --chown=1000 . /src\nRUN cargo build --release',
      context: { 'Cargo.toml': 90, 'src/main.rs': 80, 'target/debug/app': 9_000_000 },
      ignoreFile: '.git\n',
      goodIgnoreFile: '.git\ntarget\n',
    },
  ],
  check: (subject) => {
    const { context } = subject;
    if (!context) return [];
    return sourcesByInstruction(subject).flatMap((sources) => {
      const [{ built, instruction, word }] = sources;
      const { at, spanOf } = built;
      const files = context.files.filter(({ path }) => sources.some(({ takes }) => takes(path)));
      const named = new Set(sources.flatMap(({ path }) => path.split('/')));
      // Who names it, means it.
      const found = leftovers(files, context.files).filter(({ name }) => !named.has(name));
      if (found.length === 0) return [];
      const lines = found.map(({ line }) => line);
      const message = `${instruction.kind.toUpperCase()} takes ${listOf(found)} along`;
      return [{ message, span: spanOf(word), at, ...ignoreFix(context, lines, lines.join(', ')) }];
    });
  },
};

/** `.git (35MB in 2 files) and node_modules (…)`. */
export function listOf(found: readonly Unwanted[]): string {
  const shown = found
    .slice(0, 4)
    .map(({ name, bytes, files }) =>
      files === 1 ? `${name} (${formatSize(bytes)})` : `${name} (${formatSize(bytes)} in ${files} files)`,
    );
  if (found.length > shown.length) shown.push(`${found.length - shown.length} more`);
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

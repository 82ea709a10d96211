import { ignoreFix, sourcesByInstruction } from '../../context-facts.ts';
import type { Rule } from '../../rule.ts';
import { secretFiles } from '../../unwanted-files.ts';
import { listOf } from './copy-of-leftovers.ts';

export const copyOfSecretFile: Rule = {
  name: 'CopyOfSecretFile',
  severity: 'warning',
  summary: 'COPY takes no file along that sounds as if it held secrets',
  page: `Everybody who has the image can read every file of every layer, also one that a later line deletes. \`.env\`, keys, and
what tools keep their logins in (\`.npmrc\`, \`.netrc\`, \`.aws\`) do not belong there. Leave them out with \`.dockerignore\`; give
them to a RUN with \`--mount=type=secret\`, to a container with \`--env-file\` or \`-v\`.

Only names are looked at. \`.env.example\` and the like are left alone.`,
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .',
      at: [3],
      good: 'FROM node:22\nWORKDIR /app\nCOPY . .',
      context: { 'app.js': 90, '.env': 40, '.env.example': 30, 'deploy/.aws/credentials': 116 },
      ignoreFile: '.git\n',
      goodIgnoreFile: '.git\n**/.aws\n.env\n',
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY package.json .npmrc ./\nRUN npm ci',
      at: [3],
      good: 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci',
      context: { 'package.json': 90, '.npmrc': 61 },
    },
  ],
  check: (subject) => {
    const { context } = subject;
    if (!context) return [];
    return sourcesByInstruction(subject).flatMap((sources) => {
      const [{ built, instruction, word }] = sources;
      const { at, spanOf } = built;
      const files = context.files.filter(({ path }) => sources.some(({ takes }) => takes(path)));
      const found = secretFiles(files);
      if (found.length === 0) return [];
      const message = `${instruction.kind.toUpperCase()} puts ${listOf(found)} into a layer`;
      const finding = { message, span: spanOf(word), at };
      // To leave out what is copied by name would make the build fail.
      const byName = sources.some(
        ({ path, wildcard }) => !wildcard && secretFiles([{ path, bytes: 1 }]).length > 0,
      );
      const lines = found.map(({ line }) => line);
      return [byName ? finding : { ...finding, ...ignoreFix(context, lines, lines.join(', ')) }];
    });
  },
};

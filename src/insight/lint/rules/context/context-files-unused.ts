import { formatSize } from '../../../../core/index.ts';
import {
  boundContextPaths,
  type ContextFacts,
  type ContextFile,
  ignoreFix,
  localSources,
} from '../../context-facts.ts';
import type { Rule } from '../../rule.ts';
import type { LintSubject } from '../../subject.ts';
import type { Unwanted } from '../../unwanted-files.ts';
import { listOf } from './copy-of-leftovers.ts';

/** Below, nobody notices. */
const MANY_BYTES = 5_000_000;
const MANY_FILES = 1000;

export const contextFilesUnused: Rule = {
  name: 'ContextFilesUnused',
  // BuildKit and mille send none of it.
  severity: 'style',
  summary: 'the build context holds little that no instruction reads',
  page: `Files of the context that no COPY, ADD or bind mount takes are in the way: builders other than mille and BuildKit send
all of the context to wherever they build, and so does everybody who gives it as an archive or to a remote builder. Name
them in \`.dockerignore\`, or build in a smaller directory. Little is left alone: it is said from 5 MB or 1000 files on.`,
  examples: [
    {
      bad: 'FROM python:3.12\nCOPY src /app\nRUN --mount=type=cache,target=/c x',
      at: [1],
      good: 'FROM python:3.12\nCOPY src /app\nRUN --mount=type=cache,target=/c x',
      context: { 'src/app.py': 90, 'data/training.bin': 90_000_000, 'docs/index.md': 5 },
      goodIgnoreFile: 'data\ndocs\n',
    },
  ],
  check: (subject) => {
    const { context, dockerfile } = subject;
    if (!context || context.more || !isWhole(subject)) return [];
    const sources = localSources(subject);
    const mounts = subject.built.flatMap(boundContextPaths);
    const [from] = dockerfile.stages;
    if (!sources || !from) return [];
    const isRead = (path: string) =>
      sources.some(({ takes }) => takes(path)) ||
      mounts.some((mount) => mount === '' || path === mount || path.startsWith(`${mount}/`));
    const unread = context.files.filter(
      ({ path }) => !isRead(path) && !/(^|\/)[^/]*Dockerfile[^/]*$|dockerignore$/.test(path),
    );
    const bytes = unread.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes < MANY_BYTES && unread.length < MANY_FILES) return [];
    const groups = topmost(unread, context);
    const lines = groups.flatMap(({ line }) => (line === '' ? [] : [line]));
    const { node, span } = from.from;
    const message = `no instruction reads ${formatSize(bytes)} in ${unread.length} files of the context: ${listOf(groups)}`;
    const finding = { message, span, at: node };
    return [lines.length === 0 ? finding : { ...finding, ...ignoreFix(context, lines, titleOf(lines)) }];
  },
};

function titleOf(lines: readonly string[]): string {
  const shown = lines.slice(0, 4).join(', ');
  return lines.length > 4 ? `${shown} and ${lines.length - 4} more` : shown;
}

/** Whether all instructions of all stages are known: what could not be evaluated may read anything. */
function isWhole({ complete, dockerfile, stages }: LintSubject): boolean {
  return (
    complete &&
    stages.length === dockerfile.stages.length &&
    stages.every(({ stage, trace }) => trace.length === stage.instructions.length)
  );
}

/** By what is at the top. A line stands only for what is unread as a whole. */
function topmost(unread: readonly ContextFile[], { files }: ContextFacts): readonly Unwanted[] {
  const all = byTop(files);
  return [...byTop(unread)]
    .map(([name, group]) => ({ name, ...group, line: group.files === all.get(name)?.files ? name : '' }))
    .sort((a, b) => b.bytes - a.bytes || b.files - a.files);
}

function byTop(files: readonly ContextFile[]): ReadonlyMap<string, { files: number; bytes: number }> {
  const groups = new Map<string, { files: number; bytes: number }>();
  for (const { path, bytes } of files) {
    const name = path.split('/', 1)[0]!;
    const group = groups.get(name) ?? { files: 0, bytes: 0 };
    group.files++;
    group.bytes += bytes;
    groups.set(name, group);
  }
  return groups;
}

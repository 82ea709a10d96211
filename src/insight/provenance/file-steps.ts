// WORKDIR, COPY and ADD as a definition tells them: actions on files, each on what the one before it gave.

import type { AddStep, CopyStep } from '../../build/graph/index.ts';
import { redactUrls } from '../../core/index.ts';
import { type DescribedOp, type Describer, sourceOutput } from './describer.ts';

/** Describes a directory that is made. */
export function mkdirOf(path: string, below: string | undefined): DescribedOp {
  const mkdir = { path, mode: 0o755, makeParents: true, timestamp: -1 };
  const input = below === undefined ? -1 : 0;
  return {
    inputs: below === undefined ? [] : [below],
    op: { file: { actions: [{ input, secondaryInput: -1, output: 0, Action: { mkdir } }] } },
  };
}

/** A file or directory that is copied: from which output, by which path there. */
interface Copied {
  readonly from: string | undefined;
  readonly src: string;
  /** What is fetched or made on the spot is one file, and no pattern. */
  readonly whole: boolean;
  readonly unpacks: boolean;
}

/** Describes COPY and ADD. */
export function copyOf(
  describer: Describer,
  step: CopyStep | AddStep,
  below: string | undefined,
): DescribedOp {
  const copied = [...sourcesOf(describer, step), ...inlineOf(describer, step)];
  const inputs = below === undefined ? [] : [below];
  const sources = copied.map(({ from }) => {
    if (from === undefined) return -1;
    const known = inputs.indexOf(from);
    return known >= 0 ? known : inputs.push(from) - 1;
  });
  const base = below === undefined ? -1 : 0;
  const actions = copied.map(({ src, whole, unpacks }, i) => ({
    input: i === 0 ? base : inputs.length + i - 1,
    secondaryInput: sources[i]!,
    output: i === copied.length - 1 ? 0 : -1,
    Action: {
      copy: {
        src,
        dest: step.destination,
        ...ownerOf(step.chown),
        ...modeOf(step.chmod),
        ...(whole ? {} : { followSymlink: true, dirCopyContents: true }),
        ...(unpacks ? { attemptUnpackDockerCompatibility: true } : {}),
        createDestPath: true,
        ...(whole ? {} : { allowWildcard: true, allowEmptyWildcard: true }),
        timestamp: -1,
        ...(step.exclude.length > 0 ? { excludePatterns: step.exclude } : {}),
      },
    },
  }));
  return { inputs, op: { file: { actions } } };
}

function sourcesOf(describer: Describer, step: CopyStep | AddStep): Copied[] {
  if (step.kind === 'copy') {
    if (step.sources.length === 0) return [];
    const from = sourceOutput(describer, step.from, step.platform);
    return step.sources.map((path) => ({ from, src: absolute(path), whole: false, unpacks: false }));
  }
  return step.sources.map((source, i): Copied => {
    if (source.kind === 'local') {
      const from = sourceOutput(describer, { kind: 'build-context' }, step.platform);
      return { from, src: absolute(source.path), whole: false, unpacks: step.unpack ?? true };
    }
    if (source.kind === 'git') {
      const from = describer.writer.source(describer.input.identifyGit(step, i), {});
      return { from, src: '/', whole: false, unpacks: false };
    }
    const from = describer.writer.source(redactUrls(source.url), {});
    const name = source.fileName === '' ? 'download' : source.fileName;
    return { from, src: `/${name}`, whole: true, unpacks: step.unpack ?? false };
  });
}

/** Files of here-documents: each is made, then copied. */
function inlineOf({ input, writer }: Describer, { inlineFiles }: CopyStep | AddStep): Copied[] {
  return inlineFiles.map(({ name, content }) => {
    const mkfile = { path: `/${name}`, mode: 0o644, data: input.encode(content), timestamp: -1 };
    const made = { input: -1, secondaryInput: -1, output: 0, Action: { mkfile } };
    const from = writer.add({ file: { actions: [made] } }, {});
    return { from, src: `/${name}`, whole: true, unpacks: false };
  });
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

function ownerOf(chown: string | undefined): object {
  if (chown === undefined) return {};
  const [user = '', group = user] = chown.split(':');
  return { owner: { user: { User: numberOrName(user) }, group: { User: numberOrName(group) } } };
}

function numberOrName(text: string): object {
  return /^\d+$/.test(text) ? { byId: Number(text) } : { byName: { name: text } };
}

function modeOf(chmod: string | undefined): object {
  if (chmod === undefined) return { mode: -1 };
  return /^[0-7]+$/.test(chmod) ? { mode: Number.parseInt(chmod, 8) } : { mode: -1, modeStr: chmod };
}

// Which files of the build context a step reads, by their names alone: no content is looked at.

import { cleanRelative, joinRelative } from '../../core/index.ts';
import { createIgnoreMatcher, hasWildcard, parsePatterns } from '../../lang/ignore/index.ts';
import type { Step } from '../graph/index.ts';
import { located } from './located.ts';
import { openContextSource } from './open-source.ts';
import { type Selection, selectPath } from './select-sources.ts';
import type { ExecuteServices } from './services.ts';
import { selectFrom } from './transfer-step.ts';

/** What one source of a step reads of the context. */
export interface ContextRead {
  /** The source as written, clean: `src`, `*.json`, '' for all of it. */
  readonly source: string;
  /** The directories it brings, with all that is or will be in them. */
  readonly directories: readonly string[];
  /** Paths of what there is now, directories left out. */
  readonly files: readonly string[];
  /** What of a directory is left out, by paths from there. */
  readonly excludes?: (path: string) => boolean;
}

/**
 * What a step reads of the build context, by its sources.
 * @throws MilleError `source-missing`
 */
export function contextReads(services: ExecuteServices, step: Step): readonly ContextRead[] {
  switch (step.kind) {
    case 'copy':
      if (step.from.kind !== 'build-context') return [];
      return step.sources.map((path) => transferRead(services, step, path));
    case 'add':
      return step.sources.flatMap((source) =>
        source.kind === 'local' ? [transferRead(services, step, source.path)] : [],
      );
    case 'run':
      return step.mounts.flatMap((mount) => {
        if (mount.type !== 'bind' || mount.from.kind !== 'build-context') return [];
        const { tree, origin, explainMissing } = openContextSource(services);
        const selection = located(step.span, () =>
          selectPath({
            ...{ tree, path: mount.path, origin },
            ...(explainMissing ? { explainMissing } : {}),
          }),
        );
        return [readOf(cleanRelative(mount.path), [selection])];
      });
    case 'workdir':
      return [];
  }
}

function transferRead(
  services: ExecuteServices,
  step: Extract<Step, { kind: 'copy' | 'add' }>,
  path: string,
): ContextRead {
  const source = openContextSource(services);
  const selections = selectFrom(services, step, { source, paths: [path] });
  const clean = cleanRelative(path);
  // With --parents a wildcard may take a part of a directory only.
  const read = readOf(clean, selections, step.kind === 'copy' && step.parents && hasWildcard(clean));
  if (step.exclude.length === 0) return read;
  const matcher = createIgnoreMatcher(parsePatterns({ name: '--exclude', text: step.exclude.join('\n') }));
  return { ...read, excludes: matcher.isIgnored };
}

function readOf(source: string, selections: readonly Selection[], inParts = false): ContextRead {
  const roots = selections.map(({ root }) => root);
  return {
    source,
    directories: inParts ? [] : roots.flatMap(({ type, path }) => (type === 'dir' ? [path] : [])),
    files: [
      ...roots.flatMap(({ type, path }) => (type === 'dir' ? [] : [path])),
      ...selections.flatMap(({ root, below }) =>
        below.flatMap(({ relative, entry }) =>
          entry.type === 'dir' ? [] : [joinRelative(root.path, relative)],
        ),
      ),
    ],
  };
}

// `mille lint`: Dockerfiles looked at, and fixed.

import { LIMITS, MilleError, type SourceText } from '../../core/index.ts';
import { addLines, applyFixes, checkWords, RULES } from '../../insight/lint/index.ts';
import { CWD, isErrno, readSmallFile, realPath, replaceFile, statAt } from '../../sys/index.ts';
import { withServices } from '../services.ts';
import { findFiles } from './find-files.ts';
import { type LintRun, lintFile, type ReadFile, readFile } from './lint-file.ts';
import { pastBuilds } from './past-builds.ts';
import { contextMemory } from './surroundings.ts';
import type { FixedFile, LintedFile, LintFixRequest, LintFixResult, LintRequest } from './types.ts';

/** Looks at Dockerfiles. See `LintVerbs.lint`. */
export function lint(request: LintRequest): Promise<readonly LintedFile[]> {
  return withRun(request, async (run) => {
    const linted: LintedFile[] = [];
    for (const name of findFiles(request.files)) linted.push(lintFile(run, await readFile(name)));
    return linted;
  });
}

/** Fixes Dockerfiles. See `LintVerbs.fixLint`. */
export function fixLint(request: LintFixRequest): Promise<LintFixResult> {
  return withRun(request, async (run) => {
    const files: LintedFile[] = [];
    const fixed: WrittenFile[] = [];
    for (const name of findFiles(request.files)) {
      const file = await readFile(name);
      const done = fixFile(run, file, request);
      fixed.push(...done);
      const text = done.find((one) => one.written && one.name === name)?.after ?? file.source.text;
      // What was written may be the ignore file.
      run.memory.forget();
      files.push(lintFile(run, { ...file, source: { ...file.source, text } }));
    }
    return { files, fixed };
  });
}

type WrittenFile = LintFixResult['fixed'][number];

/** Fixes one file, and what others its fixes concern. */
function fixFile(
  run: LintRun,
  file: ReadFile,
  { which, confirm }: Pick<LintFixRequest, 'which' | 'confirm'>,
): readonly WrittenFile[] {
  // One with bytes that are no text would not come out as it went in.
  if (!Buffer.from(file.source.text, 'utf8').equals(file.bytes)) return [];
  const find = (source: SourceText) => lintFile(run, { ...file, source }).diagnostics;
  const { text, applied, others } = applyFixes(file.source, find, which);
  const own = { name: file.name, before: file.source.text, after: text, applied };
  const beside = others.map(({ path, lines, applied: because }) => {
    const before = readOther(path);
    return { name: path, before: before ?? '', after: addLines(before, lines), applied: because };
  });
  return [own, ...beside]
    .filter(({ before, after }) => before !== after)
    .map((one) => {
      const written = confirm(one);
      if (written) writeBack(one === own ? file.path : one.name, one);
      return { ...one, written };
    });
}

/** The text of a file that may not be there. */
function readOther(path: string): string | undefined {
  try {
    return Buffer.from(readSmallFile(CWD, path, LIMITS.dockerfile)).toString('utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function withRun<T>(request: LintRequest, work: (run: LintRun) => Promise<T>): Promise<T> {
  const { settings } = request;
  checkWords(settings.select, '--select', RULES);
  // What a configuration of hadolint's names may be a rule that there is only there.
  if (!settings.hadolint) checkWords(settings.ignore, '--ignore', RULES);
  return withServices('read', async (services) => {
    const store = await services.store();
    return work({ store, request, memory: contextMemory(), past: pastBuilds(store) });
  });
}

/** Writes a text in the place of a file: whole or not at all, and with its mode. A link stays one. */
function writeBack(path: string | undefined, { name, after }: FixedFile): void {
  if (path === undefined) {
    throw new MilleError('usage', `'${name}' is standard input, which cannot be fixed in its place`, {
      hint: 'give the path of the Dockerfile, or --diff to see what would change',
    });
  }
  replaceFile(statAt(CWD, path) ? realPath(path) : path, Buffer.from(after, 'utf8'));
}

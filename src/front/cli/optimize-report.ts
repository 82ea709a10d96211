// Where the report of `mille optimize` goes, and in which form.

import type { OptimizeResult } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { oneLine, optimizeHtml, optimizeJson, optimizeMarkdown, renderOptimized } from '../report/index.ts';
import { hasColor } from './color.ts';
import { resultFile } from './result-file.ts';
import type { Host } from './spec.ts';

/** The forms of the report. */
export const OPTIMIZE_FORMS = ['text', 'json', 'markdown', 'html'] as const;

type Form = (typeof OPTIMIZE_FORMS)[number];

/** What was asked for. */
export interface ReportFlags {
  readonly format: Form | undefined;
  readonly output: string | undefined;
}

const ENDINGS: readonly (readonly [RegExp, Form])[] = [
  [/\.html?$/i, 'html'],
  [/\.(?:md|markdown)$/i, 'markdown'],
  [/\.json$/i, 'json'],
];

/** Above it nothing is to be read any more. */
const WIDE = 100;

/** Checks before anything is built that the file can be written. @throws MilleError `usage`, `io` */
export async function checkReport({ output }: ReportFlags): Promise<void> {
  if (output === '') throw new MilleError('usage', '-o has no path', { hint: 'write -o FILE' });
  if (output === undefined || output === '-') return;
  const { CWD, statAt } = await import('../../sys/index.ts');
  const parent = output.includes('/') ? output.slice(0, output.lastIndexOf('/')) || '/' : '.';
  if (statAt(CWD, output)?.type !== 'dir' && statAt(CWD, `${parent}/.`)?.type === 'dir') return;
  throw new MilleError('io', `cannot write the file of -o to '${output}'`, {
    hint: 'it must be a file in a directory that is there',
  });
}

/** Writes the report; beside a file, what it comes to is printed for people. */
export async function writeReport(
  result: OptimizeResult,
  { format, output }: ReportFlags,
  host: Host,
): Promise<void> {
  const text = () =>
    renderOptimized(result, {
      color: hasColor(host, 'stdout'),
      // A file or a pipe is read anywhere.
      columns: host.terminal.stdout ? host.size().columns : WIDE,
    });
  if (output === undefined || output === '-') {
    host.out(format === undefined || format === 'text' ? text() : rendered(result, format));
    return;
  }
  const form = format ?? ENDINGS.find(([ending]) => ending.test(output))?.[1] ?? 'text';
  const write = await resultFile('-o', output);
  write?.(rendered(result, form));
  host.out(text());
  host.err(`report written to ${oneLine(output)}\n`);
}

function rendered(result: OptimizeResult, form: Form): string {
  switch (form) {
    case 'text':
      return renderOptimized(result, { color: false, columns: WIDE });
    case 'json':
      return optimizeJson(result);
    case 'markdown':
      return optimizeMarkdown(result);
    case 'html':
      return optimizeHtml(result);
  }
}

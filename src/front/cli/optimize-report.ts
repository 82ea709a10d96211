// Where the report of `mille optimize` goes, and in which form.

import type { OptimizeResult } from '../../app/index.ts';
import { oneLine, optimizeHtml, optimizeJson, optimizeMarkdown, renderOptimized } from '../report/index.ts';
import { hasColor } from './color.ts';
import { checkReportFile, type Endings, type ReportFlags, reportForm } from './report-file.ts';
import { resultFile } from './result-file.ts';
import type { Host } from './spec.ts';

/** The forms of the report. */
export const OPTIMIZE_FORMS = ['text', 'json', 'markdown', 'html'] as const;

type Form = (typeof OPTIMIZE_FORMS)[number];

const ENDINGS: Endings<Form> = [
  [/\.html?$/i, 'html'],
  [/\.(?:md|markdown)$/i, 'markdown'],
  [/\.json$/i, 'json'],
  [/\.txt$/i, 'text'],
];

/** Above it nothing is to be read any more. */
const WIDE = 100;

/** Checks before anything is built that the report can be written as it is asked for. @throws MilleError `usage`, `io` */
export async function checkReport(flags: ReportFlags<Form>): Promise<void> {
  reportForm(flags, ENDINGS, 'text');
  await checkReportFile(flags.output);
}

/** Writes the report; beside a file, what it comes to is printed for people. */
export async function writeReport(
  result: OptimizeResult,
  flags: ReportFlags<Form>,
  host: Host,
): Promise<void> {
  const { format, output } = flags;
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
  const write = await resultFile('-o', output);
  write?.(rendered(result, reportForm(flags, ENDINGS, 'text')));
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

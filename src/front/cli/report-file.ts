// `-o FILE` of a report, whose form `--format` says, or the ending of the file.

import { MilleError } from '../../core/index.ts';
import { oneLine } from '../report/index.ts';

/** What was asked for. */
export interface ReportFlags<Form extends string> {
  readonly format: Form | undefined;
  readonly output: string | undefined;
}

/** Endings of files, each with the form that it stands for; the first that fits counts. */
export type Endings<Form extends string> = readonly (readonly [RegExp, Form])[];

/**
 * The form of what goes into the file of `-o`, or to standard output.
 * @param standard where neither the flag nor the ending says
 * @throws MilleError `usage` where they contradict each other
 */
export function reportForm<Form extends string>(
  { format, output }: ReportFlags<Form>,
  endings: Endings<Form>,
  standard: Form,
): Form {
  const ending = output === undefined ? undefined : endings.find(([pattern]) => pattern.test(output))?.[1];
  if (format !== undefined && ending !== undefined && ending !== format) {
    throw new MilleError('usage', `--format ${format} contradicts -o ${oneLine(output ?? '')}`, {
      hint: `leave --format out for ${ending}, or give the file another name`,
    });
  }
  return format ?? ending ?? standard;
}

/** Checks before anything is built that the file of `-o` can be written. @throws MilleError `usage`, `io` */
export async function checkReportFile(output: string | undefined): Promise<void> {
  if (output === '') throw new MilleError('usage', '-o has no path', { hint: 'write -o FILE' });
  if (output === undefined || output === '-') return;
  const { CWD, statAt } = await import('../../sys/index.ts');
  const parent = output.includes('/') ? output.slice(0, output.lastIndexOf('/')) || '/' : '.';
  if (statAt(CWD, output)?.type !== 'dir' && statAt(CWD, `${parent}/.`)?.type === 'dir') return;
  throw new MilleError('io', `cannot write the file of -o to '${output}'`, {
    hint: 'it must be a file in a directory that is there',
  });
}

// What a check of the store found: a line each, and what was looked at.

import type { StoreVerifyReport } from '../../app/index.ts';
import { oneLine } from './sanitize.ts';

type Problem = StoreVerifyReport['problems'][number];

/** What `mille store verify` prints. */
export function renderVerified(
  report: StoreVerifyReport,
  { format }: { readonly format: 'table' | 'json' },
): string {
  if (format === 'json') return `${JSON.stringify(document(report))}\n`;
  const { problems, repaired } = report;
  const line = (word: string, { message, remedy }: Problem) => oneLine(`${word}: ${message}; ${remedy}`);
  const wrong = problems.filter(({ harmless }) => !harmless);
  const harmless = problems.filter((problem) => problem.harmless);
  return [
    ...repaired.map(({ message }) => oneLine(`repaired: ${message}`)),
    ...wrong.map((problem) => line('problem', problem)),
    ...harmless.map((problem) => line('note', problem)),
    ...summary(report, wrong.length),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function summary({ root, deep, checked, repaired }: StoreVerifyReport, wrong: number): string[] {
  const { images, layers, records, unpacked, mounts } = checked;
  const parts = [
    counted(images, 'image'),
    counted(layers, 'layer'),
    counted(records, 'cache record'),
    counted(unpacked, 'unpacked layer'),
    counted(mounts, 'cache mount'),
  ].join(', ');
  const state = wrong > 0 ? `has ${counted(wrong, 'problem')}` : 'is sound';
  const looked = deep ? 'every byte was read' : '--deep reads every byte';
  const again = repaired.length > 0 ? ` ${counted(repaired.length, 'problem')} repaired.` : '';
  return [`The store in ${oneLine(root)} ${state}: ${parts} (${looked}).${again}`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function document({ root, deep, sound, checked, problems, repaired }: StoreVerifyReport) {
  const shown = ({ kind, subject, message, remedy, repairable, harmless = false }: Problem) => ({
    Kind: kind,
    Subject: subject,
    Message: message,
    Remedy: remedy,
    Repairable: repairable,
    Harmless: harmless,
  });
  return {
    Root: root,
    Deep: deep,
    Sound: sound,
    Images: checked.images,
    Layers: checked.layers,
    CacheRecords: checked.records,
    UnpackedLayers: checked.unpacked,
    CacheMounts: checked.mounts,
    Problems: problems.map(shown),
    Repaired: repaired.map(shown),
  };
}

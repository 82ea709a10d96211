// What `mille why --list` prints: the builds that are remembered.

import type { WhyBuild } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';
import { renderTable } from '../table.ts';
import { formatAge, formatSeconds } from '../time.ts';
import { buildDocument } from './json.ts';

/** A table, or one JSON object a line. */
export function renderBuilds(
  builds: readonly WhyBuild[],
  { format, now }: { readonly format: 'table' | 'json'; readonly now: number },
): string {
  if (format === 'json') return builds.map((build) => `${JSON.stringify(buildDocument(build))}\n`).join('');
  const rows = builds.map((build) => [
    build.id,
    formatAge(build.started, now),
    build.outcome,
    formatSeconds(build.seconds),
    `${build.missed} of ${build.missed + build.reused}`,
    oneLine(build.names.join(', ')),
    oneLine(build.dockerfile),
  ]);
  return renderTable(['BUILD', 'STARTED', 'OUTCOME', 'TIME', 'RAN', 'IMAGE', 'DOCKERFILE'], rows);
}

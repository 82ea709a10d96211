// What package managers install inside of a project, where its sources are copied around it: `node_modules`. Nobody has it in
// the context when the image is built, or it would be written over; once the ignore file says so it can be copied first.

import { baseName, isAtOrBelow } from '../../../core/index.ts';
import { contextCopies, contextPath, isLeftOut } from '../context-copies.ts';
import type { Subject } from '../subject.ts';
import type { CopyGroup } from './cover.ts';
import type { Part } from './roles.ts';

const INSTALLED = /^(node_modules|bower_components|\.?venv|vendor)$/;

/** The places of the image, and the lines that the ignore file wants for them. */
export interface InstalledInside {
  readonly places: ReadonlySet<string>;
  readonly lines: readonly string[];
}

/** @param copies COPY of the context that the last stage does as well */
export function installedInside(
  subject: Subject,
  groups: readonly CopyGroup[],
  copies: readonly Part[],
): InstalledInside {
  const all = contextCopies(subject);
  const places = new Set<string>();
  const lines = new Set<string>();
  for (const { whole, sources } of groups) {
    const [place] = sources;
    if (!whole || place === undefined || !INSTALLED.test(baseName(place))) continue;
    const around = copies
      .flatMap(({ built }) => all.get(built) ?? [])
      .filter((copy) => isAtOrBelow(place, copy.destination) && !isLeftOut(subject, copy, place));
    const paths = around.map((copy) => contextPath(copy, place));
    if (paths.length === 0 || !paths.every((path) => mayBeLeftOut(subject, path))) continue;
    places.add(place);
    for (const path of paths) lines.add(path!);
  }
  return { places, lines: [...lines] };
}

/** Whether a line for a path of the context takes nothing away, also not of what another line takes back in. */
function mayBeLeftOut({ evidence, lint }: Subject, path: string | undefined): boolean {
  if (path === undefined || !/^[\w@%+=,./-]+$/.test(path)) return false;
  if (lint.ignore?.matcher.mayContainIncluded(path)) return false;
  return !evidence.context.some((one) => isAtOrBelow(one.path, path));
}

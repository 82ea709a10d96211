// Whether a stage is of Windows, where there are neither root nor numbers for users: by what is known of its base image,
// or by the name of that.

import type { Stage } from '../../lang/dockerfile/index.ts';
import { lineage } from './placed.ts';
import type { LintSubject, StageFacts } from './subject.ts';

/** Whether what runs in a stage runs on Windows. */
export function isOfWindows({ dockerfile, stages }: LintSubject, stage: Stage): boolean {
  return lineage(dockerfile.stages, stage).some((one) =>
    isWindowsBase(
      one,
      stages.find((facts) => facts.stage.index === one.index),
    ),
  );
}

/** Whether FROM names an image of Windows. */
export function isWindowsBase({ from }: Stage, facts: StageFacts | undefined): boolean {
  // With its build arguments, where these are known.
  const base = facts?.stage.base;
  const reference = base?.kind === 'image' ? base.reference : from.base.text;
  return (
    facts?.trace[0]?.before.platform.os === 'windows' ||
    /windowsservercore|nanoserver|\/windows\//.test(reference)
  );
}

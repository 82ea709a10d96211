// What `mille why --format json` prints: one object with everything that is known, in the names of `mille plan`.

import type { WhyBuild, WhyReport, WhyStep } from '../../../app/index.ts';
import { redactUrls } from '../../../core/index.ts';

/** A build explained, for programs: on one line. */
export function whyJson({ build, steps, causes, unreached }: WhyReport): string {
  const document = {
    build: buildDocument(build),
    steps: steps.map(stepDocument),
    notReached: unreached,
    causes: causes.map(({ number, followers, followSeconds, followBytes, ...own }) => ({
      step: number,
      ...own,
      followers,
      followerSeconds: followSeconds,
      followerBytes: followBytes,
    })),
  };
  return `${redactUrls(JSON.stringify(document))}\n`;
}

/** One build of a list. */
export function buildDocument({ started, missed, ...build }: WhyBuild): Readonly<Record<string, unknown>> {
  return { ...build, started: time(started), ran: missed };
}

function stepDocument(step: WhyStep): Readonly<Record<string, unknown>> {
  const { comparison, moved, took, ...rest } = step;
  return {
    ...rest,
    ...(took === undefined ? {} : { lastSeconds: took }),
    ...(moved ? { moved: { ...moved, created: time(moved.created) } } : {}),
    ...(comparison ? { comparedWith: { ...comparison, created: time(comparison.created) } } : {}),
  };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

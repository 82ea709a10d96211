// What `mille why --format json` prints: one object with everything that is known.

import type {
  FileDiff,
  MovedBase,
  WhyBuild,
  WhyComparison,
  WhyDifference,
  WhyReport,
  WhyStep,
} from '../../../app/index.ts';
import { redactUrls } from '../../../core/index.ts';

/** A build explained, for programs: on one line. */
export function whyJson({ build, steps, causes, unreached }: WhyReport): string {
  const document = {
    Build: buildDocument(build),
    Steps: steps.map(stepDocument),
    NotReached: unreached,
    Causes: causes.map((cause) => ({
      Step: cause.number,
      Seconds: cause.seconds,
      Bytes: cause.bytes,
      Followers: cause.followers,
      FollowerSeconds: cause.followSeconds,
      FollowerBytes: cause.followBytes,
    })),
  };
  return `${redactUrls(JSON.stringify(document))}\n`;
}

/** One build of a list. */
export function buildDocument(build: WhyBuild): Readonly<Record<string, unknown>> {
  return {
    Id: build.id,
    Started: new Date(build.started).toISOString(),
    Seconds: build.seconds,
    Outcome: build.outcome,
    Names: build.names,
    ImageId: build.imageId ?? '',
    Dockerfile: build.dockerfile,
    Context: build.context,
    ...(build.target === undefined ? {} : { Target: build.target }),
    ...(build.log === undefined ? {} : { Log: build.log }),
    Ran: build.missed,
    Reused: build.reused,
  };
}

function stepDocument(step: WhyStep): Readonly<Record<string, unknown>> {
  return {
    Number: step.number,
    Id: step.id,
    Title: step.title,
    ...(step.line === undefined ? {} : { Line: step.line }),
    Outcome: step.outcome,
    Seconds: step.seconds,
    ...(step.bytes === undefined ? {} : { Bytes: step.bytes, Files: step.files ?? 0 }),
    ...(step.layer === undefined ? {} : { Layer: step.layer }),
    ...(step.took === undefined ? {} : { LastSeconds: step.took }),
    ...(step.message === undefined ? {} : { Message: step.message }),
    Reasons: step.reasons.map(({ kind, subject, text }) => ({ Kind: kind, Subject: subject, Text: text })),
    ...(step.moved ? { Moved: movedDocument(step.moved) } : {}),
    Own: step.own,
    Follows: step.follows,
    Spared: step.spared,
    Spares: step.spares,
    ...(step.comparison ? { ComparedWith: comparisonDocument(step.comparison) } : {}),
  };
}

function movedDocument({ before, after, buildId, created }: MovedBase): Readonly<Record<string, unknown>> {
  return { Before: before, After: after, Build: buildId, Created: new Date(created).toISOString() };
}

function comparisonDocument(comparison: WhyComparison): Readonly<Record<string, unknown>> {
  return {
    Build: comparison.buildId,
    Created: new Date(comparison.created).toISOString(),
    Seconds: comparison.seconds,
    Files: comparison.files,
    Total: comparison.total,
    Forgotten: comparison.forgotten,
    Differences: comparison.differences.map(differenceDocument),
  };
}

function differenceDocument(difference: WhyDifference): Readonly<Record<string, unknown>> {
  const { kind, name, change, text, facts, diff } = difference;
  return {
    Kind: kind,
    Name: name,
    Change: change,
    Text: text,
    ...values(difference),
    ...(facts ? { Facts: facts.map((fact) => ({ What: fact.what, ...values(fact) })) } : {}),
    ...(diff ? { Diff: diffDocument(diff) } : {}),
  };
}

function values({ before, after }: { readonly before?: string; readonly after?: string }) {
  return {
    ...(before === undefined ? {} : { Before: before }),
    ...(after === undefined ? {} : { After: after }),
  };
}

function diffDocument(diff: FileDiff): Readonly<Record<string, unknown>> {
  if ('withheld' in diff) return { Withheld: diff.withheld };
  return { Text: diff.text, Added: diff.added, Removed: diff.removed };
}

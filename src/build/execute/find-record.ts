// Whether a step's earlier result may be used: what the flags of the build and the comments above the step say of it.

import { ageInWords, type Digest, type MissReason } from '../../core/index.ts';
import type { StepRecord } from '../cache/index.ts';
import type { Step } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';

/** A usable record; or why none may be used, even if it is there; or neither. */
export interface FoundRecord {
  readonly hit?: StepRecord;
  readonly refused?: MissReason;
}

/** Finds the record of a step. Without a key, which is not always known beforehand, there is none. */
export function findRecord(services: ExecuteServices, step: Step, key: Digest | undefined): FoundRecord {
  const refused = refusedFromTheStart(services, step);
  if (refused) return { refused };
  const record = key === undefined ? undefined : services.cache.lookup(key);
  if (!record) return {};
  const late = tooOld(services, step, record);
  return late ? { refused: late } : { hit: record };
}

function refusedFromTheStart({ noCache }: ExecuteServices, { cachePolicy }: Step): MissReason | undefined {
  // Who names the stage means it, who says it of all steps does not mean those that promise to make the same.
  const spared = cachePolicy?.kind === 'always' && noCache === '--no-cache';
  if (noCache !== undefined && !spared)
    return { kind: 'no-cache', subject: noCache, text: `${noCache} was given` };
  if (cachePolicy?.kind !== 'never') return undefined;
  return { kind: 'no-cache', subject: 'cache=never', text: 'cache=never stands above it' };
}

function tooOld(
  services: ExecuteServices,
  { cachePolicy }: Step,
  { created }: StepRecord,
): MissReason | undefined {
  if (cachePolicy?.kind !== 'for') return undefined;
  const age = services.now() * 1000 - created;
  if (age <= cachePolicy.milliseconds) return undefined;
  return {
    kind: 'other',
    subject: 'age',
    text: `older than ${cachePolicy.text}: made ${ageInWords(age)} ago`,
  };
}

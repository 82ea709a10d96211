// dive's own file, `.dive-ci`: three limits, in both spellings that dive has had, with its defaults.

import type { SourceText } from '../../core/index.ts';
import type { Limit } from './budget.ts';
import type { DiveBudget } from './check-dive.ts';
import { sizeLimit } from './values.ts';
import { checkKeys, type Located, mapOf, readMap, wrong } from './yaml-map.ts';

const NAMES = {
  efficiency: ['lowestEfficiency', 'lowest-efficiency'],
  wastedBytes: ['highestWastedBytes', 'highest-wasted-bytes'],
  userWasted: ['highestUserWastedPercent', 'highest-user-wasted-percent'],
} as const;

/** What dive takes where the file says nothing. */
const STANDARD = { efficiency: 0.9, userWasted: 0.1 };

/** Reads dive's limits. @throws MilleError `file-format` with the place of what is wrong */
export function readDiveBudget(source: SourceText): DiveBudget {
  const members = readMap(source);
  checkKeys(members, ['rules'], "dive's file");
  const rules = members[0] ? mapOf('rules', members[0].value, 'rules: { lowestEfficiency: 0.95 }') : [];
  checkKeys(rules, Object.values(NAMES).flat(), 'rules');
  const find = (names: readonly string[]) => rules.find(({ key }) => names.includes(key));
  const whole = { source, start: 0, end: Math.max(1, source.text.length) };
  const read = (
    names: readonly string[],
    number: (key: string, value: Located) => Limit,
    standard: number | undefined,
  ): Limit | undefined => {
    const member = find(names);
    if (!member) return standard === undefined ? undefined : { most: standard, span: whole };
    return isOff(member.value) ? undefined : number(member.key, member.value);
  };
  const efficiency = read(NAMES.efficiency, ratio, STANDARD.efficiency);
  const wastedBytes = read(NAMES.wastedBytes, sizeLimit, undefined);
  const userWasted = read(NAMES.userWasted, ratio, STANDARD.userWasted);
  return {
    ...(efficiency ? { efficiency } : {}),
    ...(wastedBytes ? { wastedBytes } : {}),
    ...(userWasted ? { userWasted } : {}),
  };
}

function isOff({ value }: Located): boolean {
  return value === null || ['', 'disabled', 'off', 'false'].includes(String(value).trim().toLowerCase());
}

function ratio(key: string, { value, span }: Located): Limit {
  const text = String(value).trim();
  const most = Number(text);
  if (/^\d*\.?\d+$/.test(text) && most >= 0 && most <= 1) return { most, span };
  throw wrong(`${key} is no number from 0 to 1`, span, "write for instance 0.95, or 'disabled'");
}

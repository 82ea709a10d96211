// Scores of published vectors, and whose word comes first.

import { describe, expect, test } from 'bun:test';
import { readRecord } from './advisory.ts';
import { rate, scoreOf } from './severity.ts';

/** The examples of the specifications of FIRST, and what its calculators say of others. */
test.each([
  // 3.1: CVE-2013-1937, CVE-2013-0375, CVE-2014-3566, CVE-2012-1516, CVE-2012-0384, CVE-2015-1098, CVE-2014-0160.
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 6.1],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 8.8],
  ['CVSS_V3', 'CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H', 7.8],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5],
  ['CVSS_V3', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10],
  ['CVSS_V3', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8],
  ['CVSS_V3', 'CVSS:3.0/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0],
  // 2.0: CVE-2002-0392, CVE-2003-0818.
  ['CVSS_V2', 'AV:N/AC:L/Au:N/C:N/I:N/A:C', 7.8],
  ['CVSS_V2', '(AV:N/AC:L/Au:N/C:C/I:C/A:C)', 10],
  // 4.0: CVE-2022-41741, CVE-2014-0160 (Heartbleed), CVE-2021-44228 (Log4Shell).
  ['CVSS_V4', 'CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3],
  ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7],
  ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10],
  ['CVSS_V4', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3],
  ['CVSS_V3', '7.5', 7.5],
  ['CVSS_V3', 'CVSS:3.1/AV:N', undefined],
  ['CVSS_V4', 'not a vector', undefined],
])('%s %s is %p', (kind, vector, score) => {
  expect(scoreOf(kind, vector)).toBe(score as never);
});

describe('whose word comes first', () => {
  const high = { type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' };
  const medium = {
    type: 'CVSS_V4',
    score: 'CVSS:4.0/AV:L/AC:L/AT:P/PR:H/UI:P/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N',
  };
  const severity = (record: object, own: object = {}) => {
    const affected = [{ package: { ecosystem: 'Debian:12', name: 'x' }, versions: ['1'], ...own }];
    return rate(readRecord({ id: 'X-1', affected, ...record })!.advisories).severity;
  };
  test.each([
    ["the distribution's urgency", {}, { ecosystem_specific: { urgency: 'low' } }, 'low'],
    ['with stars', {}, { ecosystem_specific: { urgency: 'medium**' } }, 'medium'],
    ['that is not there yet', {}, { ecosystem_specific: { urgency: 'not yet assigned' } }, 'high'],
    ["Ubuntu's priority", { severity: [high, { type: 'Ubuntu', score: 'negligible' }] }, {}, 'negligible'],
    ["GitHub's word", { database_specific: { severity: 'CRITICAL' } }, {}, 'critical'],
    ['an advisory', { summary: 'Moderate: x security update' }, {}, 'medium'],
    ['the newest score', { severity: [high, medium] }, {}, 'low'],
    ['the score of the package', { severity: [high] }, { severity: [medium] }, 'low'],
    ['nobody', { severity: [] }, {}, 'unknown'],
  ])('%s', (_, record, own, expected) => {
    expect(severity({ severity: [high], ...record }, own)).toBe(expected as never);
  });
});

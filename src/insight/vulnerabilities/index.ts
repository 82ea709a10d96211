// Room `insight/vulnerabilities`: which known vulnerabilities the packages of an image have. Reads records of the OSV
// schema, says which packages are looked up by which names, evaluates ranges of versions, puts together records about one
// vulnerability, says how bad it is and whether a newer version is without it. Pure: records and inventories in, findings
// out. Records are anybody's: what is malformed is left out, and what cannot be compared is told instead of guessed.

export { type Advisory, type ReadRecord, readRecord } from './advisory.ts';
export { withoutListed } from './affected.ts';
export { countFindings, type SeverityCount, type VulnerabilityCounts } from './counts.ts';
export { ECOSYSTEM_NAMES, parseEcosystem } from './ecosystems.ts';
export { type Apart, type Finding, type Matches, matchSubjects } from './match.ts';
export { applyVex, readOpenVex } from './open-vex.ts';
export { SEVERITIES, type Severity } from './severity.ts';
export { type NotLookedUp, type Reason, type Subject, type Subjects, subjectsOf } from './subjects.ts';
export { readWaivers, type Waived, type WaivedFindings, type Waiver, waive } from './waivers.ts';

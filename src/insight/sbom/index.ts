// Room `insight/sbom`: inventories as documents that other programs read, CycloneDX and SPDX. The same image gives the
// same bytes: no clock, nothing random. No I/O. Only loaded by the command that writes them: the library is large.

export { cycloneDx } from './cyclonedx.ts';
export { spdx } from './spdx.ts';
export type * from './types.ts';

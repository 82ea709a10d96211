// Room `core`: the words everyone needs. Pure values and functions; imports nothing, does no I/O, knows neither
// Bun nor Node. What only one room needs does not belong here.

export * from './age.ts';
export * from './bytes.ts';
export type * from './diagnostic.ts';
export * from './digest.ts';
export * from './disk-size.ts';
export * from './error.ts';
export * from './event.ts';
export * from './hide-secrets.ts';
export * from './in-parallel.ts';
export * from './limit.ts';
export * from './line-diff.ts';
export * from './path.ts';
export * from './quote.ts';
export * from './redact-url.ts';
export * from './secret-name.ts';
export * from './span.ts';
export * from './suggest.ts';

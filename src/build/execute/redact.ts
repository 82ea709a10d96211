// Secrets in what commands print: their values never reach a log or an event.

/** Shorter values would make ordinary output unreadable. */
const SHORTEST = 6;

/** The secrets of a build. */
export interface BuildSecrets {
  readonly values: ReadonlyMap<string, Uint8Array>;
  /** Replaces every value by `****`. */
  redact(text: string): string;
  /** Characters of the longest text that is replaced; 0 where nothing is. */
  readonly longest: number;
}

/**
 * Prepares the secrets of a build. Values of fewer than six characters are not redacted; of one with several lines
 * each line is, since output is told line by line.
 */
export function buildSecrets(values: ReadonlyMap<string, Uint8Array>): BuildSecrets {
  const texts = new Set<string>();
  for (const value of values.values()) {
    const text = new TextDecoder().decode(value);
    for (const part of [text.trim(), ...text.split(/\r?\n/).map((line) => line.trim())])
      if (part.length >= SHORTEST) texts.add(part);
  }
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  return {
    values,
    redact: (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '****'), text),
    longest: longestFirst[0]?.length ?? 0,
  };
}

/** A build without secrets. */
export const NO_SECRETS: BuildSecrets = buildSecrets(new Map());

// mmdebstrap's output (with --verbose: apt's and dpkg's too) as progress that a person can follow. Pure.

/** What is being done, on what, and how far. */
export interface BootstrapProgress {
  readonly phase: string;
  /** A package and its version, an amount. */
  readonly detail?: string;
  readonly done?: number;
  readonly total?: number;
}

/** Reads lines in order; those that say nothing new give undefined. */
export function createProgressReader(): (line: string) => BootstrapProgress | undefined {
  let total = 0;
  let done = 0;
  let round = 'essential packages';
  const step = (phase: string, name: string, version: string): BootstrapProgress => {
    done++;
    return {
      phase,
      detail: `${name} ${version}`,
      done,
      ...(total > 0 ? { total: Math.max(total, done) } : {}),
    };
  };
  return (line) => {
    const newly = /^\d+ upgraded, (\d+) newly installed/.exec(line)?.[1];
    if (newly !== undefined) {
      total = Number(newly);
      done = 0;
      return undefined;
    }
    const amount = /^Need to get ([\d.,]+ \w+)/.exec(line)?.[1];
    if (amount) return { phase: `downloading ${round}`, detail: amount };
    const got = /^Get:\d+ \S+ \S+ \S+ (\S+) \S+ (\S+) \[/.exec(line);
    if (got) return step('downloading', got[1]!, got[2]!);
    if (/^I: extracting archives/.test(line)) return { phase: 'unpacking essential packages' };
    if (/^I: installing/.test(line)) {
      done = 0;
      round = 'the other packages';
      return { phase: line.slice(3).replace(/\.+$/, '') };
    }
    const set = /^Setting up (\S+) \(([^)]+)\)/.exec(line);
    if (set) {
      if (done >= total) done = 0;
      return step('setting up', set[1]!.replace(/:.*/, ''), set[2]!);
    }
    if (/^I: running apt-get update/.test(line)) return { phase: 'reading package lists' };
    if (/^I: creating tarball/.test(line)) return { phase: 'packing the files' };
    return undefined;
  };
}

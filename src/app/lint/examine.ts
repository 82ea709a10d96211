// A Dockerfile examined line by line, for explaining it: what is found in it, what each line comes to, and what that cost.

import type { Diagnostic, SourceText } from '../../core/index.ts';
import { type LineFacts, lineFacts } from '../../insight/explain/index.ts';
import { costsByLine, type LintSettings, lintDockerfile, withCosts } from '../../insight/lint/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { storedConfig } from '../build/stored-image.ts';
import { pastBuilds } from './past-builds.ts';
import { type ContextMemory, lookAround } from './surroundings.ts';

/** What to examine. */
export interface Examined {
  /** Absolute; absent for a text that is no file. */
  readonly path?: string;
  readonly source: SourceText;
}

/** With what. */
export interface ExamineRequest {
  readonly settings: LintSettings;
  /** Absolute; by default the file's own. */
  readonly context?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly memory: ContextMemory;
}

/** What came of it. */
export interface Examination {
  readonly findings: readonly Diagnostic[];
  readonly lines: readonly LineFacts[];
}

/** Examines a Dockerfile. Never throws for what is wrong with it. */
export function examine(
  store: Store,
  { path, source }: Examined,
  { settings, context, buildArgs, memory }: ExamineRequest,
): Examination {
  const past = pastBuilds(store);
  const surroundings = lookAround(
    source,
    {
      ...(path === undefined ? {} : { path, lastContext: () => past.contextOf(path) }),
      ...(context === undefined ? {} : { context }),
    },
    memory,
  );
  const input = {
    source,
    options: { buildArgs, hostPlatform: hostPlatform() },
    image: ({ reference }: { readonly reference: string }) => storedConfig(store, reference),
    ...surroundings,
  };
  const { diagnostics, subject } = lintDockerfile(input, settings);
  const costs = costsByLine(subject.dockerfile, path === undefined ? [] : past.costsOf(path));
  return { findings: withCosts(diagnostics, costs), lines: lineFacts(subject, costs) };
}

// The settings of a build about secrets, made into what looks for them.

import type { ExecuteServices } from '../../build/execute/index.ts';
import type { Diagnostic, EventSink, SourceText } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { type Allowed, allowList, type Detector } from '../../secrets/index.ts';
import type { LeakOptions } from '../types.ts';
import { ALLOW_FILE, readAllowFile } from './allow-files.ts';
import { variableWarnings } from './build-variables.ts';
import { createLeakWatch } from './build-watch.ts';
import { openCleanFiles } from './clean-files.ts';
import { createDetector } from './detector.ts';

/** What looks for secrets in a build. */
export interface BuildWatch {
  readonly leaks: NonNullable<ExecuteServices['leaks']>;
  /** Looks at the Dockerfile and the build arguments. @throws MilleError `secrets-found` */
  tellVariables(
    given: { readonly source: SourceText; readonly diagnostics: readonly Diagnostic[] },
    events: EventSink,
  ): Promise<void>;
}

/** What is known of a build. */
export interface WatchedBuild {
  readonly store: Store;
  readonly scope: string;
  readonly options: LeakOptions | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The context, where it is a directory. */
  readonly directory?: string;
}

/** Undefined where nobody wants to know. @throws MilleError `file-format` for the allow file of the context */
export function watchBuild({
  store,
  scope,
  options,
  buildArgs,
  directory,
}: WatchedBuild): BuildWatch | undefined {
  const { level = 'warn', allow = [] } = options ?? {};
  if (level === 'off') return undefined;
  const strict = level === 'error';
  const own = directory?.startsWith('/')
    ? readAllowFile(`${directory}/${ALLOW_FILE}`, { missing: 'fine' })
    : [];
  const allowed: Allowed = allowList([...allow, ...own]);
  const detector: Detector = createDetector();
  return {
    leaks: createLeakWatch({ strict, allowed, detector, clean: openCleanFiles(store, scope) }),
    async tellVariables(given, events) {
      for (const warning of await variableWarnings({ ...given, buildArgs }, { strict, allowed, detector }))
        events({ type: 'warning', ...warning });
    },
  };
}

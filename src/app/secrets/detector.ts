// The rules of secretlint, loaded when the first text has to be looked at.

import { type Detector, mayHoldToken, type RawMatch } from '../../secrets/index.ts';

const PREFIX = '@secretlint/secretlint-rule-';

/** The one rule that goes by a name. */
const AWS_SECRET = /aws\w{0,12}secret\w{0,16}\W{1,12}[A-Za-z0-9/+=]{40}/i;

/** A detector; all of them share what is loaded. */
export function createDetector(): Detector {
  return async (text, path) => {
    if (!mayHoldToken(text) && !AWS_SECRET.test(text)) return [];
    loaded ??= load();
    return (await loaded)(text, path);
  };
}

let loaded: Promise<Detector> | undefined;

async function load(): Promise<Detector> {
  const [{ lintSource }, { creator }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // It would keep a mark for every rule and every text.
  secretLintProfiler.setEnabled(false);
  const config = { rules: [{ id: creator.meta.id, rule: creator, options: {} }] };
  return async (text, path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    const result = await lintSource({
      source: {
        filePath: `/${path}`,
        content: text,
        ext: dot < 0 ? '' : name.slice(dot),
        contentType: 'text',
      },
      // Nothing is read from the disk: there is no such file.
      options: { config, noPhysicFilePath: true },
    });
    return result.messages.flatMap(({ ruleId, range }): RawMatch[] => {
      const [start, end] = range;
      if (!ruleId.startsWith(PREFIX)) return [];
      return [{ kind: ruleId.slice(PREFIX.length), start, end }];
    });
  };
}

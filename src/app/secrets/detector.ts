// The rules of secretlint, loaded when the first text has to be looked at.

import type { Detector, RawMatch } from '../../secrets/index.ts';

const PREFIX = '@secretlint/secretlint-rule-';

/** A detector; all of them share what is loaded. */
export function createDetector(): Detector {
  return async (text, path) => {
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

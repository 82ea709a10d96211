// What `mille lint` is told by its flags, by a configuration file of hadolint's, and by the variables that hadolint has.

import type { HadolintConfig, LintSettings, LintThreshold } from '../../app/index.ts';
import { MilleError, type Severity, suggest } from '../../core/index.ts';
import type { FlagValues, Host } from './spec.ts';

export const LEVELS = ['error', 'warning', 'info', 'style'] as const;

/** Flags that say which rules are looked at, and how much they matter. */
export const RULE_FLAGS = {
  compat: {
    kind: 'choice',
    choices: ['hadolint'],
    help: 'do as hadolint does: its rules and codes, lines, configuration and exit statuses',
  },
  config: {
    kind: 'string',
    short: 'c',
    value: 'FILE',
    help: 'a configuration file of hadolint; .hadolint.yaml of the working directory is read if there is one',
  },
  'disable-ignore-pragma': {
    kind: 'boolean',
    help: "don't heed comments such as '# hadolint ignore=DL3008'",
  },
  error: {
    kind: 'list',
    value: 'RULE[,RULE]',
    help: 'make rules errors; --warning, --info and --style likewise',
  },
  'failure-threshold': {
    kind: 'choice',
    short: 't',
    choices: [...LEVELS, 'ignore', 'none'],
    help: 'fail from this severity on; info if not given, none never',
  },
  ignore: {
    kind: 'list',
    value: 'RULE[,RULE]',
    help: 'leave rules out, by name or code; DL30 or SC means all codes that begin so',
  },
  info: { kind: 'list', value: 'RULE[,RULE]', help: 'make rules matter little' },
  'no-config': { kind: 'boolean', help: 'read no configuration file' },
  'no-fail': {
    kind: 'boolean',
    help: 'end with status 0 whatever is found; short for --failure-threshold none',
  },
  'require-label': {
    kind: 'list',
    value: 'LABEL:KIND',
    help: 'a label that images have to have: text, rfc3339, semver, url, hash, spdx or email',
  },
  select: {
    kind: 'list',
    value: 'RULE[,RULE]',
    help: 'look only at these rules; all is every rule, default those looked at without the flag',
  },
  severity: {
    kind: 'list',
    value: 'RULE=LEVEL',
    help: 'how much a rule matters: error, warning, info or style',
  },
  'strict-labels': { kind: 'boolean', help: 'no labels but those of --require-label' },
  style: { kind: 'list', value: 'RULE[,RULE]', help: 'make rules matter least' },
  'trusted-registry': {
    kind: 'list',
    value: 'REGISTRY',
    help: 'a registry that FROM may use, * for any text; without the flag all may be used',
  },
  warning: { kind: 'list', value: 'RULE[,RULE]', help: 'make rules warnings' },
} as const;

type Flags = FlagValues<typeof RULE_FLAGS>;

/** Everything that was said. */
export interface LintChoice {
  readonly settings: LintSettings;
  readonly threshold: LintThreshold;
  readonly noFail: boolean;
  readonly noColor: boolean;
  /** The form of output that was asked for outside of the command line. */
  readonly format?: string;
  readonly warnings: readonly string[];
}

/** Puts it together: a flag counts more than the file, and the file more than a variable. Lists are joined. */
export async function chooseLint(flags: Flags, host: Host): Promise<LintChoice> {
  const hadolint = flags.compat === 'hadolint';
  if (flags.config !== undefined && flags['no-config']) {
    throw new MilleError('usage', '--config and --no-config cannot be had together', { hint: 'choose one' });
  }
  const file = flags['no-config'] ? undefined : await readFile(flags.config, hadolint, host);
  const all = [...(hadolint ? [fromVariables(host.env)] : []), file?.config ?? {}, fromFlags(flags)];
  const ignored = all.flatMap((one) => one.ignored ?? []);
  const severities = LEVELS.toReversed().flatMap((severity) =>
    all.flatMap((one) => (one.override?.[severity] ?? []).map((rule) => ({ rule, severity }))),
  );
  const format = all.flatMap((one) => one.formats ?? []).at(-1);
  const settings = {
    select: words(flags.select),
    ignore: ignored,
    severities: [...severities, ...flags.severity.map(severityOf)],
    options: {
      trustedRegistries: all.flatMap((one) => one.trustedRegistries ?? []),
      labelSchema: Object.assign({}, ...all.map((one) => one.labelSchema ?? {})),
      strictLabels: last(all, 'strictLabels') ?? false,
      today: new Date(host.now()).toISOString().slice(0, 10),
    },
    pragmas: !(last(all, 'disableIgnorePragma') ?? false),
    hadolint,
  };
  return {
    settings,
    threshold: last(all, 'failureThreshold') ?? 'info',
    noFail: last(all, 'noFail') ?? false,
    noColor: last(all, 'noColor') ?? false,
    ...(format === undefined ? {} : { format }),
    warnings: file?.warnings ?? [],
  };
}

function last<K extends keyof HadolintConfig>(
  all: readonly HadolintConfig[],
  key: K,
): HadolintConfig[K] | undefined {
  return all.findLast((one) => one[key] !== undefined)?.[key];
}

function words(given: readonly string[]): readonly string[] {
  return given
    .flatMap((text) => text.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function severityOf(text: string): { readonly rule: string; readonly severity: Severity } {
  const [rule = '', level = ''] = text.split('=');
  const severity = LEVELS.find((one) => one === level);
  if (rule !== '' && severity) return { rule, severity };
  const near = suggest(level, LEVELS, 3);
  throw new MilleError('usage', `--severity can't be '${text}'`, {
    hint: near === undefined ? 'write RULE=LEVEL, such as DL3008=info' : `did you mean ${rule}=${near}?`,
  });
}

function fromFlags(flags: Flags): HadolintConfig {
  const override = Object.fromEntries(LEVELS.map((level) => [level, words(flags[level])]));
  return {
    ignored: words(flags.ignore),
    override,
    trustedRegistries: words(flags['trusted-registry']),
    labelSchema: labelsOf(words(flags['require-label']), (text) => {
      throw new MilleError('usage', `--require-label can't be '${text}'`, {
        hint: `write LABEL:KIND; the kinds are ${LABEL_KINDS.join(', ')}`,
      });
    }),
    ...(flags['strict-labels'] ? { strictLabels: true } : {}),
    ...(flags['disable-ignore-pragma'] ? { disableIgnorePragma: true } : {}),
    ...(flags['no-fail'] ? { noFail: true } : {}),
    ...(flags['failure-threshold'] === undefined ? {} : { failureThreshold: flags['failure-threshold'] }),
  };
}

const LABEL_KINDS = ['text', 'rfc3339', 'semver', 'url', 'hash', 'spdx', 'email'] as const;

function labelsOf(
  given: readonly string[],
  refuse: (text: string) => void,
): NonNullable<HadolintConfig['labelSchema']> {
  const pairs = given.flatMap((text) => {
    const colon = text.indexOf(':');
    const label = colon < 0 ? text : text.slice(0, colon);
    const written = colon < 0 ? 'text' : text.slice(colon + 1) || 'text';
    const kind = LABEL_KINDS.find((one) => one === written);
    if (kind && label !== '') return [[label, kind] as const];
    refuse(text);
    return [];
  });
  return Object.fromEntries(pairs);
}

type Environment = Host['env'];

/** hadolint's variables. As there, what cannot be understood is as if it were not set. */
function fromVariables(env: Environment): HadolintConfig {
  const truth = (name: string) =>
    env[name] === undefined ? undefined : /^(1|y|on|true|yes)$/i.test(env[name] ?? '');
  const list = (name: string) => words([env[name] ?? '']);
  const threshold = [...LEVELS, 'ignore', 'none'].find((one) => one === env.HADOLINT_FAILURE_THRESHOLD);
  const override = Object.fromEntries(
    LEVELS.map((level) => [level, list(`HADOLINT_OVERRIDE_${level.toUpperCase()}`)]),
  );
  const all: HadolintConfig = {
    ignored: list('HADOLINT_IGNORE'),
    override,
    formats: list('HADOLINT_FORMAT'),
    trustedRegistries: list('HADOLINT_TRUSTED_REGISTRIES'),
    labelSchema: labelsOf(list('HADOLINT_REQUIRE_LABELS'), () => {}),
  };
  const [noFail, strictLabels, disableIgnorePragma] = [
    truth('HADOLINT_NOFAIL'),
    truth('HADOLINT_STRICT_LABELS'),
    truth('HADOLINT_DISABLE_IGNORE_PRAGMA'),
  ];
  return {
    ...all,
    ...(noFail === undefined ? {} : { noFail }),
    ...(strictLabels === undefined ? {} : { strictLabels }),
    ...(disableIgnorePragma === undefined ? {} : { disableIgnorePragma }),
    ...(threshold === undefined ? {} : { failureThreshold: threshold as LintThreshold }),
  };
}

async function readFile(given: string | undefined, hadolint: boolean, host: Host) {
  const app = await host.app();
  if (given !== undefined) return await app.hadolintConfig([given], true);
  return await app.hadolintConfig(hadolint ? placesOfHadolint(host.env) : IN_PROJECT, false);
}

const IN_PROJECT = ['.hadolint.yaml', '.hadolint.yml'];

/** Where hadolint looks, in its order. */
function placesOfHadolint({ HOME, XDG_CONFIG_HOME }: Environment): readonly string[] {
  const inHome = HOME ? HOME : undefined;
  const directory = XDG_CONFIG_HOME || (inHome === undefined ? undefined : `${inHome}/.config`);
  return [
    ...IN_PROJECT,
    ...(directory === undefined ? [] : [`${directory}/hadolint.yaml`, `${directory}/hadolint.yml`]),
    ...(inHome === undefined
      ? []
      : [
          ...['hadolint.yaml', 'hadolint.yml', 'config.yaml', 'config.yml'].map(
            (name) => `${inHome}/.hadolint/${name}`,
          ),
          ...IN_PROJECT.map((name) => `${inHome}/${name}`),
        ]),
  ];
}

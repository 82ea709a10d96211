// `mille vuln`.

import { ERROR_CODES, MilleError } from '../../../core/index.ts';
import { renderVulnerabilities, vulnerabilitiesJson, vulnerabilitiesSarif } from '../../report/index.ts';
import { hasColor } from '../color.ts';
import { LOOK_FLAGS } from '../look.ts';
import { insideOptions } from '../platforms.ts';
import { command } from '../spec.ts';
import { TRANSFER_FLAGS } from '../transfer-flags.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export const vuln = command({
  name: 'vuln',
  summary: 'Show known vulnerabilities of what is installed in an image',
  usage: '[FLAGS] IMAGE',
  description: [
    "Looks up the packages that 'mille packages' finds (of distributions by their source packages, others by name) in data of the OSV format: what 'mille vuln update' fetched, or what --vuln-db names. Nothing is asked of any server. Of each: how bad it is, the version that is without it, and the line of the Dockerfile that brought it. The data's age is told, and so is what could not be looked up: without data there is no figure, not zero.",
    'Records about the same vulnerability count as one. What the distribution holds for unimportant, and what is of the kernel where only its headers are in the image, is counted apart (--all lists it). Lines of .millevulns in the working directory, or OpenVEX documents, pass over what was looked at. See vulnerabilities.md.',
    'With --exit-code it ends with status 35 where the table has a row, and with 48 where it has none but data is missing for a part of the packages.',
  ],
  flags: {
    all: { kind: 'boolean', short: 'a', help: 'list what is counted apart, too' },
    ca: LOOK_FLAGS.ca,
    'exit-code': { kind: 'boolean', help: 'end with status 35 where something is listed' },
    format: {
      kind: 'choice',
      choices: ['table', 'json', 'sarif'],
      default: 'table',
      help: 'table; json or sarif for programs',
    },
    'ignore-file': {
      kind: 'string',
      value: 'PATH',
      help: 'what is to be passed over, and why; .millevulns if not given and there',
    },
    offline: TRANSFER_FLAGS.offline,
    'only-fixed': { kind: 'boolean', help: 'list only what a newer version is without' },
    own: { kind: 'boolean', help: 'leave out what the base image brought' },
    platform: LOOK_FLAGS.platform,
    quiet: { kind: 'boolean', short: 'q', help: 'leave the table out' },
    severity: {
      kind: 'choice',
      choices: SEVERITIES,
      help: 'list only what is at least so bad; what nobody has judged yet is left out then',
    },
    vex: { kind: 'list', value: 'PATH', help: 'an OpenVEX document: what does not matter, and why' },
    'vuln-db': {
      kind: 'string',
      value: 'PATH',
      help: 'a directory or an archive (zip, tar) of records in OSV format, or a database made of them',
    },
  },
  arguments: { least: 1, most: 1 },
  examples: [
    { text: 'once: the data for what an image holds', command: 'mille vuln update --for app' },
    { text: 'all that is known', command: 'mille vuln app' },
    {
      text: 'in continuous integration: fail for what is bad and can be mended',
      command: 'mille vuln --severity high --only-fixed --exit-code app',
    },
    { text: 'with data of your own', command: 'mille vuln --vuln-db ./advisories app' },
  ],
  async run({ flags, args }, host) {
    const { format, severity, vex } = flags;
    const data = flags['vuln-db'];
    const waivers = flags['ignore-file'];
    const app = await host.app();
    using interruption = host.interruption();
    const result = await app.vulnerabilities(
      args[0]!,
      {
        ...insideOptions(flags),
        ...(data === undefined ? {} : { data }),
        ...(waivers === undefined ? {} : { waivers }),
        ...{ vex, today: new Date(host.now()).toISOString().slice(0, 10) },
      },
      interruption.signal,
    );
    const least = severity === undefined ? undefined : SEVERITIES.indexOf(severity);
    const shown = result.findings.filter(({ apart, fixed, packages, ...one }) => {
      const rank = (SEVERITIES as readonly string[]).indexOf(one.severity);
      if (apart !== undefined && !flags.all) return false;
      if (least !== undefined && (rank < 0 || rank > least)) return false;
      if (flags['only-fixed'] && fixed === undefined) return false;
      return !flags.own || packages.some(({ layer }) => result.layers[layer]!.base === undefined);
    });
    if (format === 'json') host.out(vulnerabilitiesJson(result, shown));
    else if (format === 'sarif') host.out(vulnerabilitiesSarif(result, shown));
    else {
      const style = { color: hasColor(host, 'stdout'), now: host.now(), all: flags.all, quiet: flags.quiet };
      host.out(renderVulnerabilities(result, shown, style));
    }
    const missing = result.notLookedUp.filter(({ reason }) => reason === 'data');
    if (flags['exit-code'] && shown.some(({ apart }) => apart === undefined))
      return ERROR_CODES['vulnerabilities-found'].exit;
    if (result.counts === undefined || (flags['exit-code'] && missing.length > 0)) {
      throw new MilleError('no-vulnerability-data', noData(missing.map(({ of }) => of)), {
        hint:
          missing.length === 0
            ? 'OSV has no data about what it holds'
            : `fetch it with mille vuln update --for ${args[0]}, or name some with --vuln-db`,
      });
    }
    return 0;
  },
});

function noData(of: readonly string[]): string {
  return of.length === 0
    ? 'no package of the image can be looked up'
    : `no data on vulnerabilities is held for packages of ${of.join(', ')}`;
}

// `--call` and `--check` of build: what is wanted of a Dockerfile instead of an image.

import type { BuildOptions } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import {
  checkJson,
  nearest,
  oneLine,
  outlineJson,
  renderCheck,
  renderOutline,
  renderTable,
  renderTargets,
  targetsJson,
} from '../report/index.ts';
import { hasColor } from './color.ts';
import type { Host } from './spec.ts';

/** The methods, with what each does. */
const METHODS = {
  check: 'Check the Dockerfile, build nothing',
  outline: 'List what a target can be given: arguments, secrets, SSH agents',
  targets: 'List the stages that can be built',
  'subrequests.describe': 'List these methods',
} as const;

type Method = keyof typeof METHODS;

/** What is wanted. */
export interface Call {
  readonly method: Method;
  readonly json: boolean;
  /** Findings of check do not show in the exit status. */
  readonly ignoreStatus: boolean;
}

/**
 * Reads the flags; undefined asks for a build.
 * @throws MilleError `usage`
 */
export function parseCall(text: string | undefined, check: boolean): Call | undefined {
  const call = text === undefined ? undefined : readCall(text);
  if (!check) return call;
  if (call && call.method !== 'check') {
    throw new MilleError('usage', `--check and --call=${text} cannot be had together`, {
      hint: '--check is short for --call=check',
    });
  }
  return call ?? { method: 'check', json: false, ignoreStatus: false };
}

function readCall(text: string): Call | undefined {
  let method: string | undefined;
  let json = false;
  let ignoreStatus = false;
  for (const field of text.split(',')) {
    const equals = field.indexOf('=');
    const value = field.slice(equals + 1);
    if (equals < 0 && method === undefined) method = field;
    else if (field === 'format=json' || field === 'format=text') json = value === 'json';
    else if (/^ignorestatus=(true|false|1|0)$/.test(field)) ignoreStatus = value === 'true' || value === '1';
    else throw malformed(text, `'${field}' is neither format=json nor ignorestatus=true`);
  }
  // `lint` is what check was called first, and still is in BuildKit.
  const named = method === 'lint' ? 'check' : (method ?? '');
  if (named === 'build' || named === '') return undefined;
  if (!Object.hasOwn(METHODS, named)) throw unknown(named);
  return { method: named as Method, json, ignoreStatus };
}

function malformed(text: string, why: string): MilleError {
  return new MilleError('usage', `--call can't be '${text}': ${why}`, {
    hint: 'write --call=check, or --call=check,format=json',
  });
}

function unknown(name: string): MilleError {
  const names = ['build', ...Object.keys(METHODS)];
  const near = nearest(name, names);
  return new MilleError('usage', `--call can't be '${name}'`, {
    hint: near === undefined ? `it is one of: ${names.join(', ')}` : `did you mean '${near}'?`,
  });
}

/** Does it. The status of check is 1 where it found something. */
export async function runCall(call: Call, options: BuildOptions, host: Host): Promise<number> {
  switch (call.method) {
    case 'check':
      return await runCheck(call, options, host);
    case 'outline': {
      const result = await (await host.app()).outline(options);
      host.out(call.json ? outlineJson(result) : renderOutline(result));
      return 0;
    }
    case 'targets': {
      const result = await (await host.app()).targets(options);
      host.out(call.json ? targetsJson(result) : renderTargets(result));
      return 0;
    }
    case 'subrequests.describe':
      host.out(describe(call.json));
      return 0;
  }
}

async function runCheck(call: Call, options: BuildOptions, host: Host): Promise<number> {
  const result = await (await host.app()).check(options);
  const color = hasColor(host, 'stdout');
  const columns = host.terminal.stdout ? { columns: host.size().columns } : {};
  host.out(call.json ? checkJson(result) : renderCheck(result, { color, ...columns }));
  if (result.missingImages.length > 0) {
    const list = [...new Set(result.missingImages)].map(oneLine).join(', ');
    host.err(`note: not in the store, so checked without: ${list}\n`);
  }
  // That a finding is an error is for builds: here it is one anyway.
  if (result.error && result.error.code !== 'check-failed') throw result.error;
  return result.diagnostics.length > 0 && !call.ignoreStatus ? 1 : 0;
}

function describe(json: boolean): string {
  const rows = Object.entries(METHODS);
  if (!json)
    return renderTable(
      ['NAME', 'VERSION', 'DESCRIPTION'],
      rows.map(([name, text]) => [name, '1.0.0', text]),
    );
  const document = rows.map(([name, description]) => ({
    // What check was called first.
    name: `frontend.${name === 'check' ? 'lint' : name}`,
    version: '1.0.0',
    type: 'rpc',
    description,
  }));
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

// `--secret` and `--ssh` as docker buildx takes them.

import type { SecretOption, SshOption } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';
import { splitCsv } from './csv.ts';
import type { Host } from './spec.ts';

const SECRET_HINT = 'write --secret id=NAME,src=PATH, or --secret id=NAME,env=VARIABLE';

/**
 * Reads every `--secret`. With an id alone it is the variable of that name where there is one, else the file.
 * @throws MilleError `usage`
 */
export function parseSecrets(given: readonly string[], env: Host['env']): SecretOption[] {
  return given.map((text) => {
    const fields = readFields(text);
    const id = fields.get('id') ?? '';
    const type = fields.get('type');
    if (id === '') throw bad(`--secret '${text}' has no id`);
    if (type !== undefined && type !== 'file' && type !== 'env')
      throw bad(`--secret '${text}': the type is file or env, not '${type}'`);
    const path = fields.get('src') ?? '';
    const variable = (fields.get('env') || (type === 'env' ? path : '')) ?? '';
    if (variable !== '') return { id, source: { kind: 'variable', name: variable } };
    if (path !== '') return { id, source: { kind: 'file', path } };
    return env[id] === undefined || type === 'file'
      ? { id, source: { kind: 'file', path: id } }
      : { id, source: { kind: 'variable', name: id } };
  });
}

const KEYS: Readonly<Record<string, string>> = {
  type: 'type',
  id: 'id',
  src: 'src',
  source: 'src',
  env: 'env',
};

function readFields(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of splitCsv(text)) {
    const equals = field.indexOf('=');
    // The field may be the secret itself, given by mistake: it is not repeated.
    if (equals < 0) throw bad('a field of --secret is no key=value');
    const written = field.slice(0, equals).toLowerCase();
    const key = Object.hasOwn(KEYS, written) ? KEYS[written] : undefined;
    if (key === undefined) throw bad(`--secret does not know the key '${written}'`);
    fields.set(key, field.slice(equals + 1));
  }
  return fields;
}

function bad(message: string): MilleError {
  return new MilleError('usage', message, { hint: SECRET_HINT });
}

/**
 * Reads every `--ssh`.
 * @throws MilleError `usage`, also where SSH_AUTH_SOCK would be needed and is not set
 */
export function parseAgents(given: readonly string[], env: Host['env']): SshOption[] {
  return given.map((text) => {
    const equals = text.indexOf('=');
    const id = equals < 0 ? text : text.slice(0, equals);
    const given = equals < 0 ? '' : text.slice(equals + 1);
    const paths = given === '' ? [env.SSH_AUTH_SOCK ?? ''] : given.split(',');
    if (id === '') {
      throw new MilleError('usage', `--ssh '${text}' has no id`, {
        hint: 'write --ssh default, --ssh ID=SOCKET, or --ssh ID=KEY[,KEY]',
      });
    }
    if (given !== '' && paths.includes('')) throw new MilleError('usage', `--ssh ${id} names an empty path`);
    if (paths[0] === '') {
      throw new MilleError('usage', `--ssh ${id}: SSH_AUTH_SOCK is not set`, {
        hint: 'start an agent (eval "$(ssh-agent)"; ssh-add), or name its socket or a key: --ssh ID=SOCKET, --ssh ID=KEY',
      });
    }
    return { id, paths };
  });
}

// What the settings of a store say of registries: mirrors, and which may do without TLS.

import { displayPath, MilleError, type Span, suggest } from '../core/index.ts';
import { type Mirror, parseMirror, registryName } from '../oci/registry/index.ts';
import type { JsonMember, JsonValue } from './language/located-json.ts';

/** What is set for registries. */
export interface RegistrySettings {
  /** By registry, in the order of asking. */
  readonly mirrors: ReadonlyMap<string, readonly Mirror[]>;
  /** Spoken to without TLS, or by TLS whoever they are. */
  readonly insecure: readonly string[];
}

const KEYS = ['mirrors', 'insecure'];
const EXAMPLE = '{"docker.io": {"mirrors": ["https://mirror.example"]}}';
const REGISTRY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:]+\])(?::[0-9]+)?$/;

/** Reads the value of `registries`. @throws MilleError `file-format` with the place of what is wrong */
export function readRegistries(value: JsonValue): RegistrySettings {
  if (value.type !== 'object') throw wrong('registries are an object', value.span, `write ${EXAMPLE}`);
  const mirrors = new Map<string, readonly Mirror[]>();
  const insecure: string[] = [];
  for (const { key, keySpan, value: setting } of value.members) {
    if (!REGISTRY.test(key)) {
      throw wrong(
        `'${displayPath(key)}' is no registry`,
        keySpan,
        'write its host, with its port where it has one: registry.example:5000',
      );
    }
    if (setting.type !== 'object')
      throw wrong('what is set for a registry is an object', setting.span, `write ${EXAMPLE}`);
    const registry = registryName(key);
    for (const member of setting.members) {
      if (member.key === 'mirrors')
        mirrors.set(registry, [...(mirrors.get(registry) ?? []), ...mirrorsOf(member)]);
      else if (member.key === 'insecure') {
        if (isInsecure(member)) insecure.push(key);
      } else throw unknown(member);
    }
  }
  return { mirrors, insecure };
}

function mirrorsOf({ value }: JsonMember): Mirror[] {
  if (value.type !== 'array')
    throw wrong('mirrors are a list', value.span, 'write ["https://mirror.example"]');
  return value.items.map((item) => {
    const mirror = item.type === 'string' ? parseMirror(item.value) : undefined;
    if (mirror) return mirror;
    throw wrong('this is no address of a mirror', item.span, MIRROR_HINT);
  });
}

/** How a mirror is written. */
const MIRROR_HINT =
  'write "https://mirror.example", with a port or a path where it has one, and no user or password';

function isInsecure({ value }: JsonMember): boolean {
  if (value.type === 'boolean') return value.value;
  throw wrong(
    'insecure is true or false',
    value.span,
    'true: without TLS, or with a certificate that proves nothing',
  );
}

function unknown({ key, keySpan }: JsonMember): MilleError {
  const near = suggest(key, KEYS, 3);
  return wrong(
    `there is no setting '${displayPath(key)}' of a registry`,
    keySpan,
    near === undefined ? `they are: ${KEYS.join(', ')}` : `did you mean ${near}?`,
  );
}

function wrong(message: string, span: Span, hint: string): MilleError {
  return new MilleError('file-format', message, { span, hint });
}

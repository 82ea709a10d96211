// apt's package sources as values (sources.list(5)): read from one-line `.list` and deb822 `.sources` files, printed
// as deb822. Pure. What apt itself would refuse is left out rather than reported: apt has told the user already.

/** One stanza or line: the same archive for one or several suites. Only binary packages (`deb`) are kept. */
export interface AptSource {
  /** The archive's root, without a slash at the end. */
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** A key ring's path, key fingerprints, or a whole armoured key, as `Signed-By` has it. */
  readonly signedBy?: string;
  /** Debian architectures; all if absent. */
  readonly architectures?: readonly string[];
  /** `Trusted: yes`: apt checks no signature. */
  readonly trusted?: boolean;
  /** `Check-Valid-Until: no`: snapshots of an archive keep their date. */
  readonly checkValidUntil?: boolean;
}

/** Reads the one-line form: `deb [arch=amd64 signed-by=/…] URI SUITE COMPONENT…`. */
export function parseListFile(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => parseLine(line.replace(/#.*/, '').trim()) ?? []);
}

function parseLine(line: string): AptSource | undefined {
  const match = /^deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$/.exec(line);
  if (!match) return undefined;
  const options = new Map<string, string>();
  for (const word of (match[1] ?? '').split(/\s+/)) {
    const equals = word.indexOf('=');
    if (equals > 0) options.set(word.slice(0, equals).toLowerCase(), word.slice(equals + 1));
  }
  return makeSource({
    uri: match[2]!,
    suites: [match[3]!],
    components: words(match[4]),
    signedBy: options.get('signed-by'),
    architectures: options.get('arch')?.split(','),
    trusted: options.get('trusted'),
    checkValidUntil: options.get('check-valid-until'),
  });
}

/** Reads the deb822 form: stanzas of `Types`, `URIs`, `Suites`, `Components` and options. */
export function parseSourcesFile(text: string): AptSource[] {
  return stanzas(text).flatMap((fields) => {
    if (isNo(fields.get('enabled')) || !words(fields.get('types')).includes('deb')) return [];
    return words(fields.get('uris')).map((uri) =>
      makeSource({
        uri,
        suites: words(fields.get('suites')),
        components: words(fields.get('components')),
        signedBy: fields.get('signed-by'),
        architectures: fields.has('architectures') ? words(fields.get('architectures')) : undefined,
        trusted: fields.get('trusted'),
        checkValidUntil: fields.get('check-valid-until'),
      }),
    );
  });
}

/** The fields of each stanza, names in lower case; lines of a continued value keep their line breaks. */
function stanzas(text: string): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  let name = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      current = undefined;
      continue;
    }
    if (!current) {
      current = new Map();
      found.push(current);
      name = '';
    }
    const field = /^([^\s:]+)\s*:(.*)$/.exec(line);
    if (field) {
      name = field[1]!.toLowerCase();
      current.set(name, field[2]!.trim());
    } else if (name !== '' && /^\s/.test(line)) {
      current.set(name, `${current.get(name)}\n${line.trimEnd()}`.replace(/^\n/, '\n'));
    }
  }
  return found;
}

/** The same fields as text, absent ones undefined. */
interface RawSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
  readonly architectures: readonly string[] | undefined;
  readonly trusted: string | undefined;
  readonly checkValidUntil: string | undefined;
}

function makeSource(raw: RawSource): AptSource {
  return {
    uri: raw.uri.replace(/\/+$/, ''),
    suites: raw.suites,
    components: raw.components,
    ...(raw.signedBy ? { signedBy: raw.signedBy } : {}),
    ...(raw.architectures ? { architectures: raw.architectures } : {}),
    ...(isYes(raw.trusted) ? { trusted: true } : {}),
    ...(isNo(raw.checkValidUntil) ? { checkValidUntil: false } : {}),
  };
}

/** Prints sources as a deb822 file. A key given whole stays whole. */
export function formatSources(sources: readonly AptSource[]): string {
  return sources
    .map((source) =>
      [
        'Types: deb',
        `URIs: ${source.uri}`,
        `Suites: ${source.suites.join(' ')}`,
        ...(source.components.length > 0 ? [`Components: ${source.components.join(' ')}`] : []),
        ...(source.signedBy ? [`Signed-By: ${source.signedBy}`] : []),
        ...(source.architectures ? [`Architectures: ${source.architectures.join(' ')}`] : []),
        ...(source.trusted ? ['Trusted: yes'] : []),
        ...(source.checkValidUntil === false ? ['Check-Valid-Until: no'] : []),
        '',
      ]
        .join('\n')
        .replace(/: \n/, ':\n'),
    )
    .join('\n');
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function isYes(text: string | undefined): boolean {
  return /^(yes|true|with|on|enable|1)$/i.test(text ?? '');
}

function isNo(text: string | undefined): boolean {
  return /^(no|false|without|off|disable|0)$/i.test(text ?? '');
}

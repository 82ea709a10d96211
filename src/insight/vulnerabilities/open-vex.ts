// OpenVEX (github.com/openvex/spec, 0.2): statements of whoever made an image, or a package in it, that a vulnerability
// does not matter there, and why. Taken as waivers; what says that one matters, or is looked into, changes nothing.

import { MilleError, type SourceText } from '../../core/index.ts';
import type { Finding } from './match.ts';
import type { Waived } from './waivers.ts';

/** A statement that a vulnerability does not matter. */
export interface VexStatement {
  readonly ids: readonly string[];
  /** Package URLs that it is about, without versions where they have none; none for all of the image. */
  readonly purls: readonly string[];
  readonly reason: string;
  readonly place: string;
}

const MOST_STATEMENTS = 100_000;
type Fields = Readonly<Record<string, unknown>>;

/** Reads a document. @throws MilleError `file-format` */
export function readOpenVex(source: SourceText): readonly VexStatement[] {
  let value: unknown;
  try {
    value = JSON.parse(source.text);
  } catch (cause) {
    throw noVex(source, cause);
  }
  const document = value as Fields | null;
  if (!Array.isArray(document?.statements) || !/openvex/i.test(String(document['@context'])))
    throw noVex(source, undefined);
  // A later statement about the same replaces an earlier one.
  const last = new Map<string, VexStatement | undefined>();
  document.statements.slice(0, MOST_STATEMENTS).forEach((item: unknown, i) => {
    const statement = fields(item);
    const named = fields(statement.vulnerability);
    const ids = [named.name, named['@id'], statement.vulnerability, ...list(named.aliases)].flatMap(idOf);
    const products = list(statement.products);
    const purls = products.flatMap(purlsOf);
    const matters = !['not_affected', 'fixed'].includes(String(statement.status));
    if (ids.length === 0) return;
    const reason = [statement.impact_statement, statement.justification, statement.status_notes].find(
      (one) => typeof one === 'string' && one !== '',
    );
    const key = JSON.stringify([ids[0], purls]);
    last.delete(key);
    last.set(
      key,
      matters
        ? undefined
        : {
            ...{ ids, purls, place: `${source.name}, statement ${i + 1}` },
            reason: String(reason ?? statement.status).replaceAll('_', ' '),
          },
    );
  });
  return [...last.values()].filter((one) => one !== undefined);
}

/** Applies statements to findings. */
export function applyVex(
  findings: readonly Finding[],
  statements: readonly VexStatement[],
): { readonly findings: readonly Finding[]; readonly waived: readonly Waived[] } {
  const kept: Finding[] = [];
  const waived: Waived[] = [];
  for (const finding of findings) {
    const found = statements.find((one) => isAbout(one, finding));
    if (found) {
      const { reason, place } = found;
      waived.push({ finding, waiver: { id: finding.id, reason, place } });
    } else kept.push(finding);
  }
  return { findings: kept, waived };
}

function isAbout({ ids, purls }: VexStatement, { id, aliases, packages }: Finding): boolean {
  if (![id, ...aliases].some((one) => ids.includes(one))) return false;
  if (purls.length === 0) return true;
  return packages.every(({ purl }) => purl !== undefined && purls.some((one) => matches(one, purl)));
}

/** A package URL without a version, or without qualifiers, stands for all versions, or whatever the qualifiers. */
function matches(given: string, own: string): boolean {
  const [plainGiven = '', qualifiers] = given.split('?');
  const [plain = ''] = own.split('?');
  if (qualifiers !== undefined && given === own) return true;
  return plainGiven === plain || plainGiven === plain.replace(/@[^@/]*$/, '');
}

/** Of an image as a whole, its parts; an image without any means all that is in it. */
function purlsOf(product: unknown): readonly string[] {
  const { subcomponents, ...own } = fields(product);
  const parts = list(subcomponents).flatMap(purlOf);
  if (parts.length > 0) return parts;
  return purlOf(typeof product === 'string' ? product : own).filter(
    (purl) => !/^pkg:(?:oci|docker)\//.test(purl),
  );
}

function purlOf(item: unknown): readonly string[] {
  const id = typeof item === 'string' ? item : (fields(fields(item).identifiers).purl ?? fields(item)['@id']);
  return typeof id === 'string' && id.startsWith('pkg:') ? [id] : [];
}

function idOf(value: unknown): readonly string[] {
  if (typeof value !== 'string' || value.length > 512) return [];
  return [value.slice(value.lastIndexOf('/') + 1)].filter((id) => id !== '');
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function noVex({ name }: SourceText, cause: unknown): MilleError {
  return new MilleError('file-format', `${name} is no OpenVEX document`, {
    hint: 'it is JSON with "@context": "https://openvex.dev/ns/v0.2.0" and "statements"',
    cause,
  });
}

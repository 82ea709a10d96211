// Certificate authorities for the commands of containers: `--ca`. The bundle is mounted below /dev, which is a fresh
// tmpfs in every container, so that no file and no mount point of it can enter a layer; programs learn of it by
// variables of their process alone. What the tools of a closed network usually need is covered: OpenSSL (Python,
// Ruby, Go and Rust go by it too), curl, pip, requests, Node and npm, git, cargo, wget, apt, Maven and Gradle.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  chmodAt,
  hostBundle,
  isErrno,
  makeDirectories,
  readSmallFile,
  writeFileAtomically,
} from '../../sys/index.ts';
import type { SandboxMount } from '../sandbox/index.ts';
import { javaKeystore } from './java-keystore.ts';

/** What makes a container trust a bundle. */
export interface Trust {
  readonly mounts: readonly SandboxMount[];
  /** `KEY=value`, for the process only, and only where neither image nor step sets the variable. */
  readonly env: readonly string[];
  /** The certificates, in PEM form: for what the builder itself fetches. */
  readonly certificates: string;
}

const PLACE = '/dev/.mille';
const BUNDLE = `${PLACE}/ca.crt`;
const KEYSTORE = 'ca.jks';
const FOR_JAVA = `-Djavax.net.ssl.trustStore=${PLACE}/${KEYSTORE}`;

/** Not SSL_CERT_DIR: it would take the image's own directory away, and wants hashed names. */
const VARIABLES: Readonly<Record<string, string>> = {
  SSL_CERT_FILE: BUNDLE,
  CURL_CA_BUNDLE: BUNDLE,
  REQUESTS_CA_BUNDLE: BUNDLE,
  PIP_CERT: BUNDLE,
  NODE_EXTRA_CA_CERTS: BUNDLE,
  GIT_SSL_CAINFO: BUNDLE,
  CARGO_HTTP_CAINFO: BUNDLE,
  // These two use GnuTLS in Debian, which knows no variable, but read a file of settings from one.
  APT_CONFIG: `${PLACE}/apt.conf`,
  WGETRC: `${PLACE}/wgetrc`,
  // Not JAVA_TOOL_OPTIONS, of which every Java says on its output that it saw it.
  MAVEN_OPTS: FOR_JAVA,
  GRADLE_OPTS: FOR_JAVA,
};

const SETTINGS: Readonly<Record<string, string>> = {
  'apt.conf': `Acquire::https::CAInfo "${BUNDLE}";\n`,
  wgetrc: `ca_certificate=${BUNDLE}\n`,
};

const BUNDLE_LIMIT = 16 * 1024 * 1024;

/**
 * Prepares trust in a bundle of certificates: this machine's own (`host`: `SSL_CERT_FILE`, else where distributions
 * keep it), or a file's. Only its certificates are taken, whatever else the file holds.
 * @param directory absolute; files are made in it that must stay while containers run
 * @throws MilleError `io` where there is no bundle, `file-format` where it holds no certificate in PEM form
 */
export function trustBundle(ca: 'host' | (string & {}), directory: string): Trust {
  const path = ca === 'host' ? foundHostBundle() : ca;
  const certificates = readCertificates(path);
  const place = `${directory}/trust`;
  makeDirectories(place);
  const files = {
    ...{ 'ca.crt': certificates, ...SETTINGS },
    [KEYSTORE]: javaKeystore(certificates.match(CERTIFICATE) ?? []),
  };
  for (const [name, content] of Object.entries(files)) {
    writeFileAtomically(`${place}/${name}`, content);
    chmodAt(CWD, `${place}/${name}`, 0o644);
  }
  chmodAt(CWD, place, 0o755);
  return {
    mounts: [{ type: 'bind', source: place, target: PLACE, readonly: true }],
    env: Object.entries(VARIABLES).map(([name, value]) => `${name}=${value}`),
    certificates,
  };
}

function foundHostBundle(): string {
  const found = hostBundle();
  if (found !== undefined) return found;
  throw new MilleError('io', 'no bundle of certificate authorities was found on this machine', {
    hint: 'install ca-certificates, or name a file: --ca PATH',
  });
}

const CERTIFICATE = /-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END \1?CERTIFICATE-----/g;

function readCertificates(path: string): string {
  let text: string;
  try {
    text = new TextDecoder('latin1').decode(readSmallFile(CWD, path, BUNDLE_LIMIT));
  } catch (cause) {
    if (!isErrno(cause, 'ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES')) throw cause;
    throw new MilleError('io', `no CA bundle can be read at '${displayPath(path)}'`, {
      cause,
      hint: "--ca takes 'host', or the path of a file of certificates in PEM form",
    });
  }
  const certificates = text.match(CERTIFICATE);
  if (certificates) return `${certificates.join('\n')}\n`;
  throw new MilleError('file-format', `'${displayPath(path)}' holds no certificate in PEM form`, {
    hint: 'a DER file becomes PEM by: openssl x509 -inform der -in FILE -out FILE.pem',
  });
}

// Certificates as Java keeps them: a keystore of its first format, which every version of it reads. There is nothing in it
// that would have to be kept secret, so that its password is the one that everybody knows.

import { createPackageHasher } from '../../sys/index.ts';

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;
const PASSWORD = 'changeit';
/** What its makers put between the password and what is signed with it. */
const SALT = 'Mighty Aphrodite';

/** A keystore of certificates. @param certificates in PEM form; what is malformed is left out */
export function javaKeystore(certificates: readonly string[]): Uint8Array {
  const entries = certificates.flatMap((pem) => derOf(pem) ?? []);
  const body = Buffer.concat([
    ...[MAGIC, VERSION, entries.length].map(number),
    ...entries.flatMap((der, i) => [
      ...[number(TRUSTED_CERTIFICATE), text(`ca-${i}`)],
      // When it was put in: the same bundle is to give the same keystore.
      ...[Buffer.alloc(8), text('X.509'), number(der.length), der],
    ]),
  ]);
  const password = Buffer.from(PASSWORD, 'utf16le').swap16();
  const hasher = createPackageHasher();
  for (const piece of [password, Buffer.from(SALT), body]) hasher.update(piece);
  return Buffer.concat([body, Buffer.from(hasher.sums().sha1, 'hex')]);
}

/** OpenSSL's own form has more behind the certificate: what it is trusted for. */
function derOf(pem: string): Buffer | undefined {
  const bytes = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  if (bytes[0] !== 0x30 || bytes.length < 6) return undefined;
  const first = bytes[1]!;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes);
  const end = 2 + lengthBytes + length;
  return end <= bytes.length ? bytes.subarray(0, end) : undefined;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value.length);
  return Buffer.concat([bytes, Buffer.from(value, 'latin1')]);
}

// Names of things in documents that are the same whenever they are written.

/** A UUID (version 8, RFC 9562) of 32 hexadecimal digits. */
export function uuidOf(hex: string): string {
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return [8, 12, 16, 20, 32].map((end, i) => digits.slice([0, 8, 12, 16, 20][i], end)).join('-');
}

/** The time as documents want it, whole seconds of UTC; undefined for one that is none. */
export function timeOf(created: string | undefined): Date | undefined {
  const time = Date.parse(created ?? '');
  return Number.isNaN(time) ? undefined : new Date(Math.floor(time / 1000) * 1000);
}

/** The package URL of an image; undefined for one without a name or a digest. */
export function imagePurl(image: {
  readonly name: string;
  readonly tag?: string;
  readonly repository?: string;
  readonly manifestDigest?: string;
  readonly architecture: string;
}): string | undefined {
  const { repository, manifestDigest, architecture, tag } = image;
  if (repository === undefined || manifestDigest === undefined) return undefined;
  const last = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase();
  const qualifiers = [
    `arch=${encodeURIComponent(architecture)}`,
    `repository_url=${encodeURIComponent(repository).replaceAll('%2F', '/').replaceAll('%3A', ':')}`,
    ...(tag === undefined ? [] : [`tag=${encodeURIComponent(tag)}`]),
  ];
  return `pkg:oci/${encodeURIComponent(last)}@${encodeURIComponent(manifestDigest).replace('%3A', ':')}?${qualifiers.join('&')}`;
}

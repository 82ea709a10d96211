// Images as package URLs (purl), as BuildKit names them: `pkg:docker/busybox@latest?platform=linux%2Famd64`.

import {
  familiarName,
  formatPlatform,
  normalizePlatform,
  type Platform,
  parseReference,
} from '../../oci/image/index.ts';

/**
 * The package URL of an image.
 * @param reference as people write it
 * @param type `oci` for one that no registry is asked for
 */
export function imageUrl(
  reference: string,
  platform: Platform | undefined,
  type: 'docker' | 'oci' = 'docker',
): string {
  const parsed = parseReference(reference);
  const path = familiarName(parsed).split('/').map(encode).join('/');
  const version = parsed.tag === undefined ? '' : `@${encode(parsed.tag)}`;
  const qualifiers = [
    ...(parsed.digest === undefined ? [] : [`digest=${encode(parsed.digest)}`]),
    ...(platform ? [`platform=${encode(formatPlatform(normalizePlatform(platform)))}`] : []),
  ];
  return `pkg:${type}/${path}${version}${qualifiers.length > 0 ? `?${qualifiers.join('&')}` : ''}`;
}

/** As the specification of package URLs wants it: a colon stays. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

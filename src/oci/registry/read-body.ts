// Small answers, read whole.

import { MilleError } from '../../core/index.ts';
import type { Exchange } from '../../sys/index.ts';

/** Reads a body. @throws MilleError `image-invalid` above `limit`; what the transfer throws */
export async function readBody(answer: Exchange, what: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const tooLarge = () => new MilleError('image-invalid', `${what} is larger than ${limit} bytes`);
  if (Number(answer.header('content-length') ?? 0) > limit) {
    await answer.discard();
    throw tooLarge();
  }
  for await (const chunk of answer.body()) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const REASON_LIMIT = 64 * 1024;

/** The reasons that a registry gives in the body of an error; undefined where it gives none. */
export async function reasonOf(answer: Exchange): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await readBody(answer, 'the answer', REASON_LIMIT));
    const { errors, details } = JSON.parse(text) as { errors?: unknown; details?: unknown };
    if (typeof details === 'string') return details;
    if (!Array.isArray(errors)) return undefined;
    const said = errors.flatMap((error: { message?: unknown } | null) =>
      typeof error?.message === 'string' && error.message !== '' ? [error.message] : [],
    );
    return said.length === 0 ? undefined : said.join('; ');
  } catch {
    return undefined;
  }
}

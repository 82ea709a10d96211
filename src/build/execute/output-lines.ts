// The output of a command: passed on as text in whole lines where possible, the last lines kept for the error, and
// secrets replaced.

import { type BuildSecrets, NO_SECRETS } from './redact.ts';

const KEPT_LINES = 20;
const LONGEST_LINE = 16_384;

/** Turns chunks of two streams into text. */
export class OutputLines {
  private readonly decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  private readonly rest = { stdout: '', stderr: '' };
  private readonly last: string[] = [];

  constructor(
    private readonly sink: (stream: 'stdout' | 'stderr', text: string) => void,
    private readonly secrets: Pick<BuildSecrets, 'redact' | 'longest'> = NO_SECRETS,
  ) {}

  push(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    const text = this.rest[stream] + this.decoders[stream].decode(chunk, { stream: true });
    const cut = text.lastIndexOf('\n') + 1;
    // A line without end, such as a progress bar, is passed on in pieces.
    if (cut === 0 && text.length > LONGEST_LINE) {
      this.passOnPiece(stream, text);
      return;
    }
    this.rest[stream] = text.slice(cut);
    if (cut > 0) this.emit(stream, this.secrets.redact(text.slice(0, cut)));
  }

  /** Keeps back as much as the beginning of a secret may take. */
  private passOnPiece(stream: 'stdout' | 'stderr', text: string): void {
    const clean = this.secrets.redact(text);
    const at = clean.length - Math.min(clean.length, Math.max(0, this.secrets.longest - 1));
    this.rest[stream] = clean.slice(at);
    if (at > 0) this.emit(stream, clean.slice(0, at));
  }

  /** Passes on what has no line end. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = this.rest[stream] + this.decoders[stream].decode();
      this.rest[stream] = '';
      if (text !== '') this.emit(stream, this.secrets.redact(text));
    }
  }

  /** The last lines of both streams together. */
  tail(): readonly string[] {
    return this.last;
  }

  private emit(stream: 'stdout' | 'stderr', text: string): void {
    this.sink(stream, text);
    const lines = text.replace(/\n$/, '').split('\n');
    this.last.push(...lines.slice(-KEPT_LINES));
    this.last.splice(0, this.last.length - KEPT_LINES);
  }
}

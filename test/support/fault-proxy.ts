// A proxy that spoils what passes: in front of a registry without TLS it cuts connections, is slow, leaves out the end,
// changes bytes, and answers 401, 429, 500 and 503 by itself. What it does follows from a seed and the number of the
// request, so that a failure can be had again.

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Something that happens to a request. */
export type Fault =
  | 'none'
  | 'slow'
  | 'cut-request'
  | 'cut-answer'
  | 'truncate'
  | 'corrupt'
  | 'denied'
  | 'busy'
  | 'error'
  | 'lost';

/** What may happen, and how often of a hundred requests. */
export interface FaultPlan {
  readonly seed: number;
  readonly percent: number;
  readonly kinds: readonly Fault[];
  /** After so many faults all goes well; without end by default. */
  readonly most?: number;
}

/** A proxy. */
export interface FaultProxy {
  readonly host: string;
  plan: FaultPlan;
  /** What happened, as `fault METHOD /path`. */
  readonly faults: string[];
  stop(): Promise<void>;
}

/** Starts a proxy to a registry. */
export async function faultProxy(registry: string, first: FaultPlan): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  let count = 0;
  let happened = 0;
  const self = { host: '', plan: first, faults: [] as string[] };
  const choose = (): Fault => {
    const { seed, percent, kinds, most = Number.POSITIVE_INFINITY } = self.plan;
    const random = noise(seed * 1_000_003 + count++);
    if (happened >= most || random % 100 >= percent) return 'none';
    happened++;
    return kinds[Math.floor(random / 100) % kinds.length]!;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    void serve(socket, registry, () => choose(), self.faults);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, {
    host: `127.0.0.1:${port}`,
    stop: async () => {
      for (const one of sockets) one.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

interface Head {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One connection: a request and its answer, and no more. */
async function serve(socket: Socket, registry: string, choose: () => Fault, faults: string[]): Promise<void> {
  try {
    const { head, body } = await readRequest(socket);
    const fault = choose();
    if (fault !== 'none') faults.push(`${fault} ${head.method} ${head.path}`);
    if (fault === 'slow') await Bun.sleep(30);
    if (fault === 'cut-request') return void socket.destroy();
    const own = { denied: 401, busy: 429, error: 500 }[fault as string];
    if (own !== undefined) return void socket.end(ownAnswer(own));
    if (fault === 'cut-answer' && body.length > 0) return void (await sendHalf(registry, head, body, socket));
    const { host: _, connection: __, 'content-length': ___, ...headers } = head.headers;
    const answer = await fetch(`http://${registry}${head.path}`, {
      method: head.method,
      headers,
      redirect: 'manual',
      ...(head.method === 'GET' || head.method === 'HEAD' ? {} : { body }),
    });
    const bytes = head.method === 'HEAD' ? Buffer.alloc(0) : Buffer.from(await answer.arrayBuffer());
    // The registry did what it was asked for, and nobody hears of it.
    if (fault === 'lost') return void socket.destroy();
    if (fault === 'corrupt' && bytes.length > 0) bytes[bytes.length >> 1]! ^= 0x41;
    const length = answer.headers.get('content-length') ?? String(bytes.length);
    const said = fault === 'truncate' ? bytes.subarray(0, bytes.length - (bytes.length >> 2)) : bytes;
    const lines = [`HTTP/1.1 ${answer.status} X`];
    for (const [name, value] of answer.headers)
      if (!['content-length', 'connection', 'transfer-encoding', 'date'].includes(name))
        lines.push(`${name}: ${value.replace(registry, socketHost(socket))}`);
    // Truncated, and said to be whole.
    lines.push(`content-length: ${fault === 'truncate' ? said.length : length}`, 'connection: close');
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (fault === 'cut-answer') {
      socket.write(said.subarray(0, said.length >> 1));
      await Bun.sleep(5);
      return void socket.destroy();
    }
    socket.end(said);
  } catch {
    socket.destroy();
  }
}

/** What was sent is cut in the middle: the registry sees its client go. */
async function sendHalf(registry: string, head: Head, body: Buffer, socket: Socket): Promise<void> {
  const [host, port] = registry.split(':');
  const peer = connect(Number(port), host);
  peer.on('error', () => {});
  const { host: _, ...headers } = head.headers;
  const lines = Object.entries({ host: registry, ...headers }).map(([name, value]) => `${name}: ${value}`);
  peer.write(`${head.method} ${head.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => peer.write(body.subarray(0, body.length >> 1), resolve));
  await Bun.sleep(10);
  peer.destroy();
  socket.destroy();
}

function socketHost(socket: Socket): string {
  return `127.0.0.1:${socket.localPort}`;
}

function ownAnswer(status: number): string {
  const extra = status === 401 ? 'www-authenticate: Basic realm="faults"\r\n' : 'retry-after: 0\r\n';
  return `HTTP/1.1 ${status} X\r\n${extra}content-length: 0\r\nconnection: close\r\n\r\n`;
}

function readRequest(socket: Socket): Promise<{ readonly head: Head; readonly body: Buffer<ArrayBuffer> }> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    let head: Head | undefined;
    let at = 0;
    const chunks: Buffer[] = [];
    let have = 0;
    const wanted = () => Number(head?.headers['content-length'] ?? 0);
    socket.on('close', () => reject(new Error('closed')));
    socket.on('data', (bytes: Buffer) => {
      if (!head) {
        seen = Buffer.concat([seen, bytes]);
        at = seen.indexOf('\r\n\r\n');
        if (at < 0) return;
        head = parseHead(seen.subarray(0, at).toString('latin1'));
        chunks.push(seen.subarray(at + 4));
        have = seen.length - at - 4;
      } else {
        chunks.push(bytes);
        have += bytes.length;
      }
      if (have >= wanted()) resolve({ head, body: Buffer.concat(chunks) as Buffer<ArrayBuffer> });
    });
  });
}

function parseHead(text: string): Head {
  const [first = '', ...rest] = text.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    rest.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { method, path, headers };
}

/** A number that follows from another one and looks as if it did not. */
export function noise(value: number): number {
  let x = (value ^ 0x9e3779b9) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

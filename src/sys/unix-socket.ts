// Sockets of the Unix domain: one that passes its connections on to another.

import type { Socket } from 'node:net';
import { CWD } from './calls.ts';
import { closeFd, openDirectory } from './files.ts';

/** A socket that listens. */
export interface SocketRelay {
  close(): void;
}

/** How to relay. */
export interface RelayOptions {
  /** Absolute path of the directory in which the socket is made, of any length, and its name there. */
  readonly directory: string;
  readonly name: string;
  /** Path of the socket that connections are passed on to. */
  readonly upstream: string;
  /** Made once a connection: turns what the client says into what the other side hears. Throwing ends it. */
  readonly filter: () => (chunk: Uint8Array) => Uint8Array;
}

/** Listens on a new socket; each connection becomes one to `upstream`. */
export async function relaySocket(options: RelayOptions): Promise<SocketRelay> {
  const { createServer, createConnection } = await import('node:net');
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection(options.upstream);
    const translate = options.filter();
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (chunk: Uint8Array) => {
      try {
        upstream.write(translate(chunk));
      } catch {
        end();
      }
    });
    upstream.on('data', (chunk: Uint8Array) => client.write(chunk));
  });
  // A socket's path may have 107 bytes only: the directory is named by a descriptor.
  const fd = openDirectory(CWD, options.directory);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(`/proc/self/fd/${fd}/${options.name}`, resolve);
    });
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  return {
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
      closeFd(fd);
    },
  };
}

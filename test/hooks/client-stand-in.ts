/** Stand-ins for the service: one that answers well, and those that the client must not believe. */
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { decodeRequestBody } from '../../host/service/request-body.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface StandIn {
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export const ANSWER = '{"systemMessage":"from the service \\\\n %s é"}\n';

/** Answers each request with `body` and `status`; the socket is `s` in `dir`, which is made. */
export async function standIn(
  dir: string,
  body: string | Buffer = `sg1\n${ANSWER}`,
  status: number = 200,
): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = createHttpServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      asked.push({ method, url, headers, body: Buffer.concat(chunks) });
      const length = Buffer.byteLength(body);
      outgoing.writeHead(status, { 'content-length': length }).end(body);
    });
  });
  return { asked, close: await listen(server, dir) };
}

/** Hands each connection to `serve` once a first part of the request has come. */
export async function rawStandIn(
  dir: string,
  serve: (socket: Socket, first: Buffer) => void,
): Promise<StandIn> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => serve(socket, first));
  });
  return { asked: [], close: await listen(server, dir) };
}

async function listen(server: Server, dir: string): Promise<() => Promise<void>> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const connections = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  // By a relative path: a long one does not fit into an address.
  const before = process.cwd();
  process.chdir(dir);
  try {
    await new Promise<void>((done, reject) => {
      server.once('error', reject).listen('s', done);
    });
  } finally {
    process.chdir(before);
  }
  chmodSync(join(dir, 's'), 0o600);
  return () =>
    new Promise((done) => {
      server.close(() => done());
      for (const socket of connections) socket.destroy();
    });
}

/** What the one request to `service` said. */
export function editAsked(service: StandIn): {
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly payload: Buffer;
} {
  const [asked, ...more] = service.asked;
  if (asked === undefined || more.length > 0) {
    throw new Error(`${service.asked.length} requests, expected one`);
  }
  const decoded = decodeRequestBody(asked.body);
  if (decoded.kind === 'malformed') throw new Error(decoded.reason);
  return decoded;
}

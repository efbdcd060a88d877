/** The service's HTTP side: sizes and shapes of requests are checked here, on a socket of the user's own. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { PROTOCOL } from '../../host/service/paths.ts';

export interface ServiceHandlers {
  /**
   * Answers an edit request's body, which began to arrive at `begunMs` of `performance.now()`; undefined
   * when the client has to do the work itself. Must not reject.
   */
  edit(body: Buffer<SharedArrayBuffer>, begunMs: number): Promise<string | undefined>;
  /** The same for the end of a turn. Must not reject. */
  turnEnd(
    body: Buffer<SharedArrayBuffer>,
    event: 'stop' | 'subagent-stop',
  ): Promise<string | undefined>;
  /** The same for what a command may have committed. Must not reject. */
  command(body: Buffer<SharedArrayBuffer>): Promise<string | undefined>;
  status(): unknown;
  /** Asked to leave by a newer version. */
  retire(): void;
}

/** First line of each answer, so that what anything else says is not taken for one. */
export const ANSWER_PREFIX = 'sg1';

/** The hook's own limit for a payload; the settings come on top. */
const MAX_BODY = 65 * 1024 * 1024;
const MAX_CONNECTIONS = 256;
/** A client waits 300 ms; what sends its request slower than this is none. */
const REQUEST_TIMEOUT_MS = 5_000;

/** Not listening yet. */
export function createServiceServer(version: string, handlers: ServiceHandlers): Server {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (incoming, outgoing) => {
    incoming.on('error', () => incoming.destroy());
    outgoing.on('error', () => outgoing.destroy());
    const route = `${incoming.method ?? ''} ${incoming.url ?? ''}`;
    switch (route) {
      case `GET /${PROTOCOL}/ping`:
        return send(outgoing, 200, `${ANSWER_PREFIX} ${version}\n`);
      case `GET /${PROTOCOL}/status`:
        return send(outgoing, 200, `${JSON.stringify(handlers.status())}\n`);
      case `POST /${PROTOCOL}/retire`:
        send(outgoing, 204, '');
        return handlers.retire();
      case `POST /${PROTOCOL}/edit`: {
        const begunMs = performance.now();
        return answer(incoming, outgoing, (body) => handlers.edit(body, begunMs));
      }
      case `POST /${PROTOCOL}/stop`:
        return answer(incoming, outgoing, (body) => handlers.turnEnd(body, 'stop'));
      case `POST /${PROTOCOL}/subagent-stop`:
        return answer(incoming, outgoing, (body) => handlers.turnEnd(body, 'subagent-stop'));
      case `POST /${PROTOCOL}/commits`:
        return answer(incoming, outgoing, (body) => handlers.command(body));
      default:
        return send(outgoing, 404, 'no such request\n');
    }
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: (body: Buffer<SharedArrayBuffer>) => Promise<string | undefined>,
): void {
  readBody(incoming, (body) => {
    if (body === undefined) return send(outgoing, 413, 'the request is too large\n');
    void handle(body).then((text) => {
      if (text === undefined) send(outgoing, 503, 'not answered here\n');
      else send(outgoing, 200, `${ANSWER_PREFIX}\n${text}`);
    });
  });
}

function send(outgoing: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text);
  outgoing.writeHead(status, {
    ...(status === 204 ? {} : { 'content-length': body.length }),
    'content-type': 'text/plain; charset=utf-8',
  });
  outgoing.end(body);
}

/**
 * Calls back once with the body in memory that threads can share, or undefined when it is too long. A client that
 * sends while it still reads does not say the length: then the memory grows with the body.
 */
function readBody(
  incoming: IncomingMessage,
  done: (body: Buffer<SharedArrayBuffer> | undefined) => void,
): void {
  const length = incoming.headers['content-length'];
  const memory =
    length === undefined
      ? new SharedArrayBuffer(0, { maxByteLength: MAX_BODY })
      : new SharedArrayBuffer(Number(length) > MAX_BODY ? 0 : Number(length));
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    const at = bytes;
    bytes += chunk.length;
    if (memory.growable && bytes <= MAX_BODY) memory.grow(bytes);
    if (bytes <= memory.byteLength) new Uint8Array(memory).set(chunk, at);
  });
  incoming.on('end', () => {
    if (!incoming.complete) incoming.destroy();
    else done(bytes > memory.byteLength ? undefined : Buffer.from(memory, 0, bytes));
  });
}

/** Asks the service from Node; the shell's client in `hooks/run.sh` does the same for edits. */
import { lstatSync } from 'node:fs';
import { request } from 'node:http';
import { MAX_SOCKET_PATH, serviceAddress } from './paths.ts';
import { withinFolder } from './within-folder.ts';

export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Uint8Array;
  /** For the whole exchange. */
  readonly timeoutMs: number;
}

export type Reply =
  | { readonly kind: 'reply'; readonly status: number; readonly body: Buffer }
  /** An errno, `TIMEOUT`, `NOT_OWNED`, or `BAD_REPLY` for what is not HTTP or was cut short. */
  | { readonly kind: 'failed'; readonly code: string };

/** Longest reply that is read, in bytes. */
const MAX_REPLY = 1024 * 1024;

/** Never rejects. */
export function askService(dir: string, asked: ServiceRequest): Promise<Reply> {
  const address = serviceAddress(dir);
  if (process.platform !== 'win32' && Buffer.byteLength(address) > MAX_SOCKET_PATH) {
    return withinFolder(dir, (inside) => exchange(inside, asked)).catch(
      (error: unknown): Reply => ({
        kind: 'failed',
        code: codeOf(error instanceof Error ? error : new Error(String(error))),
      }),
    );
  }
  return exchange(address, asked);
}

function exchange(socketPath: string, asked: ServiceRequest): Promise<Reply> {
  if (isForeign(socketPath)) return Promise.resolve({ kind: 'failed', code: 'NOT_OWNED' });
  return new Promise((resolve) => {
    const { method, path, body, timeoutMs } = asked;
    const headers = body === undefined ? {} : { 'content-length': body.length };
    const outgoing = request({ socketPath, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_REPLY) outgoing.destroy(failure('BAD_REPLY'));
        else chunks.push(chunk);
      });
      incoming.on('error', (error) => finish({ kind: 'failed', code: codeOf(error) }));
      incoming.on('end', () => {
        const whole = incoming.complete && incoming.statusCode !== undefined;
        if (!whole) return finish({ kind: 'failed', code: 'BAD_REPLY' });
        finish({ kind: 'reply', status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) });
      });
    });
    const timer = setTimeout(() => outgoing.destroy(failure('TIMEOUT')), timeoutMs);
    const finish = (reply: Reply): void => {
      clearTimeout(timer);
      resolve(reply);
    };
    outgoing.on('error', (error) => finish({ kind: 'failed', code: codeOf(error) }));
    outgoing.end(body);
  });
}

/** Whether another user made what is at `path`: whoever listens there would stand in for the service. */
function isForeign(path: string): boolean {
  const user = process.geteuid?.();
  if (user === undefined) return false;
  try {
    return lstatSync(path).uid !== user;
  } catch {
    // Whatever is wrong with it, the connection says it better.
    return false;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** An errno, or `BAD_REPLY`: whatever else fails is that the other end spoke no HTTP. */
function codeOf(error: Error): string {
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return 'BAD_REPLY';
  return code.startsWith('HPE_') ? 'BAD_REPLY' : code;
}

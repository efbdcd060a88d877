/** Asks whether a service answers, and which. */
import { askService } from '../client.ts';
import { PROTOCOL } from '../paths.ts';
import { isVersion } from './version.ts';

export type Pong =
  | { readonly kind: 'version'; readonly version: string }
  /** An errno, `TIMEOUT`, or `BAD_REPLY` for an answer that no service of ours gives. */
  | { readonly kind: 'none'; readonly code: string };

/** How long a service may be silent because the machine is busy, in milliseconds. */
const BUSY_MS = 3000;

/** `ping` that gives a service which is there and says nothing as long as a busy machine takes. */
export async function pingPatiently(dir: string, timeoutMs: number): Promise<Pong> {
  const pong = await ping(dir, timeoutMs);
  return pong.kind === 'none' && pong.code === 'TIMEOUT' ? ping(dir, BUSY_MS) : pong;
}

/** Never rejects. */
export async function ping(dir: string, timeoutMs: number): Promise<Pong> {
  const reply = await askService(dir, { method: 'GET', path: `/${PROTOCOL}/ping`, timeoutMs });
  if (reply.kind === 'failed') return { kind: 'none', code: reply.code };
  const [word, version = '', ...rest] = reply.body.toString('latin1').trimEnd().split(' ');
  const ours = reply.status === 200 && word === `sg${PROTOCOL}` && rest.length === 0;
  return ours && isVersion(version)
    ? { kind: 'version', version }
    : { kind: 'none', code: 'BAD_REPLY' };
}

/** Requests through the proxy that the environment names; Node's own fetch goes past it. */
import type { Environment } from '../config.ts';

export type Fetch = typeof fetch;

/**
 * Address of the proxy for `url`, undefined for a direct way. Lower-case names win, as with curl. An
 * entry of `NO_PROXY` is a host, a domain with all below it, either with a port, or `*`.
 */
export function proxyFor(url: string, env: Environment): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const name = protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = env[name] || env[name.toUpperCase()];
  if (!proxy) return undefined;
  const used = port || (protocol === 'https:' ? '443' : '80');
  const without = (env['no_proxy'] || env['NO_PROXY'] || '').toLowerCase().split(/[\s,]+/);
  if (without.some((entry) => covers(entry, hostname.toLowerCase(), used))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const [, name = entry, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const bare = name.replace(/^\*?\./, '');
  return host === bare || host.endsWith(`.${bare}`);
}

/** The fetch for `url`. The proxy's code is loaded only where there is a proxy. */
export async function fetchFor(url: string, env: Environment): Promise<Fetch> {
  const proxy = proxyFor(url, env);
  if (proxy === undefined) return fetch;
  const { ProxyAgent, fetch: proxied } = await import('undici');
  const dispatcher = new ProxyAgent(proxy);
  return (input, init) => proxied(input, { ...init, dispatcher });
}

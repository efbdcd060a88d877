/** Asks the service from Node.js, where the shell's client cannot: Windows' named pipes. */
import { configTable } from '../host/config.ts';
import type { Config, Environment } from '../host/config.ts';
import { askService } from '../host/service/client.ts';
import { PROTOCOL, serviceDir } from '../host/service/paths.ts';
import { encodeRequestBody } from '../host/service/request-body.ts';
import type { HookAnswer } from './respond.ts';

const WAIT_MS = 300;
const PREFIX = `sg${PROTOCOL}\n`;

/** Undefined when the service gives no answer that is to be trusted. Never rejects. */
export async function askForAnswer(
  payload: string,
  config: Config,
  env: Environment,
): Promise<HookAnswer | undefined> {
  if (config.stateDir === undefined) return undefined;
  const names = [...configTable.map(({ name }) => name), 'HOME', 'PWD'];
  const settings = Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
  const reply = await askService(serviceDir(config.stateDir), {
    method: 'POST',
    path: `/${PROTOCOL}/edit`,
    body: encodeRequestBody(
      { ...settings, HOME: env['HOME'] ?? env['USERPROFILE'] ?? '', PWD: process.cwd() },
      Buffer.from(payload),
    ),
    timeoutMs: WAIT_MS,
  });
  if (reply.kind === 'failed' || reply.status !== 200) return undefined;
  const text = reply.body.toString('utf8');
  if (!text.startsWith(PREFIX)) return undefined;
  return { stdout: text.slice(PREFIX.length), exitCode: 0 };
}

/** A client that keeps its connection to the service, so that only the request is measured. */
import { Agent, request } from 'node:http';
import { serviceAddress } from '../../host/service/paths.ts';
import { encodeRequestBody } from '../../host/service/request-body.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Scratch } from './scratch.ts';

export interface TimedAnswer extends Answer {
  readonly ms: number;
}

const ANSWER_HEAD = 'sg1\n';
const HANG_UPS: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);
/** Far above every deadline: how long a wait really is has to be seen. */
const TIMEOUT_MS = 60_000;

export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #socketPath: string;
  readonly #settings: Readonly<Record<string, string>>;

  constructor(scratch: Scratch, extra: Readonly<Record<string, string>> = {}) {
    this.#socketPath = serviceAddress(scratch.serviceDir);
    const { CLAUDE_CONFIG_DIR = '', CLAUDE_PROJECT_DIR = '', HOME = '' } = scratch.environment();
    this.#settings = {
      CLAUDE_CONFIG_DIR,
      CLAUDE_PROJECT_DIR,
      HOME,
      PWD: scratch.project,
      ...extra,
    };
  }

  /** Request bodies are made beforehand: encoding them is the client's work. */
  bodyOf(payload: string): Buffer {
    return encodeRequestBody(this.#settings, Buffer.from(payload));
  }

  /**
   * Undefined when the service refuses the edit or hangs up, as it may: then the hook falls back to a process
   * of its own. Rejects when there is no end to it.
   */
  async edit(body: Buffer): Promise<TimedAnswer | undefined> {
    const begun = performance.now();
    const { status, text } = await this.#post(body);
    const ms = performance.now() - begun;
    if (status !== 200 || !text.startsWith(ANSWER_HEAD)) return undefined;
    return { ms, ...readAnswer(text.slice(ANSWER_HEAD.length)) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #post(body: Buffer): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: this.#socketPath,
          method: 'POST',
          path: '/1/edit',
          agent: this.#agent,
          timeout: TIMEOUT_MS,
          headers: { 'content-length': body.length, 'content-type': 'application/octet-stream' },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
      outgoing.on('error', (error) => {
        if ('code' in error && HANG_UPS.has(error.code)) resolve({ status: 0, text: '' });
        else reject(error);
      });
      outgoing.end(body);
    });
  }
}

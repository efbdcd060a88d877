/** A client that speaks as `client.pl` does, so that the request is measured and not Node.js's own client. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { serviceAddress } from '../../host/service/paths.ts';
import { encodeRequestBody } from '../../host/service/request-body.ts';
import { type Answer, readAnswer } from './answer.ts';
import type { Scratch } from './scratch.ts';

export interface TimedAnswer extends Answer {
  readonly ms: number;
}

const ANSWER_HEAD = 'sg1\n';
const HEAD_END = '\r\n\r\n';
/** Far above every deadline: how long a wait really is has to be seen. */
const TIMEOUT_MS = 60_000;

export class ServiceClient {
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
    const head = `POST /1/edit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}${HEAD_END}`;
    const message = Buffer.concat([Buffer.from(head), body]);
    const socket = connect(this.#socketPath);
    await once(socket, 'connect');
    const begun = performance.now();
    socket.write(message);
    const reply = await new Promise<{ readonly text: string; readonly ms: number } | undefined>(
      (resolve, reject) => {
        let received = Buffer.alloc(0);
        socket.on('data', (chunk: Buffer) => {
          received = Buffer.concat([received, chunk]);
          if (isWhole(received))
            resolve({ text: received.toString(), ms: performance.now() - begun });
        });
        // A service that hangs up refuses the edit.
        socket.on('error', () => resolve(undefined));
        socket.on('close', () => resolve(undefined));
        socket.setTimeout(TIMEOUT_MS, () => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)));
      },
    ).finally(() => socket.destroy());
    if (reply === undefined) return undefined;
    const at = reply.text.indexOf(`${HEAD_END}${ANSWER_HEAD}`);
    if (at < 0 || !reply.text.startsWith('HTTP/1.1 200 ')) return undefined;
    const answer = reply.text.slice(at + HEAD_END.length + ANSWER_HEAD.length);
    return { ms: reply.ms, ...readAnswer(answer) };
  }
}

/** Whether as many bytes came as the head says. */
function isWhole(reply: Buffer): boolean {
  const end = reply.indexOf(HEAD_END);
  if (end < 0) return false;
  const [, length] = /content-length: (\d+)/.exec(reply.toString('latin1', 0, end)) ?? [];
  return length !== undefined && reply.length >= end + HEAD_END.length + Number(length);
}

/**
 * What stands in for a model in the demo: a server on this machine that looks for one line of the demo's own code. It
 * is no model, and says nothing about how good one is.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface ScriptedModel {
  readonly url: string;
  /** Bytes of each request for a review, in order. */
  readonly bytes: readonly number[];
  close(): Promise<void>;
}

/** A request's lines, and what is said about one that has the first. */
interface Line {
  readonly quote: string;
  readonly finding: Readonly<Record<string, string>>;
}

/** In whose name the script answers, so that its tokens have a price. */
export const MODEL = 'claude-opus-5-5';

const MAX_BYTES = 4 * 1024 * 1024;
/** For the demo's figures; texts have about so many bytes a token. */
const BYTES_PER_TOKEN = 4;

/** Listens on the loopback interface only. */
export async function startScriptedModel(line: Line): Promise<ScriptedModel> {
  const bytes: number[] = [];
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const isReview = request.method === 'POST' && (request.url ?? '').startsWith('/v1/messages');
      response.writeHead(isReview ? 200 : 404, { 'content-type': 'application/json' });
      if (!isReview) return response.end('{}');
      bytes.push(Buffer.byteLength(body));
      return response.end(JSON.stringify(answer(body, line)));
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      resolve(address.port);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    bytes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(body: string, { quote, finding }: Line): Readonly<Record<string, unknown>> {
  const added = `+ ${quote}`;
  const has = body.includes(JSON.stringify(quote).slice(1, -1)) || body.includes(added);
  const text = JSON.stringify({ findings: has ? [{ ...finding, quote }] : [] });
  return {
    id: 'msg_scripted',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: Math.ceil(Buffer.byteLength(body) / BYTES_PER_TOKEN),
      output_tokens: Math.ceil(text.length / BYTES_PER_TOKEN),
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('expected bytes');
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

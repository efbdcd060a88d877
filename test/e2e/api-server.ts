/**
 * A loopback stand-in for the Messages API with a scripted model. It refuses what the real API refuses,
 * so that a session that works here sent valid requests, and keeps every request for the assertions.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asRecord, invalidRequest } from './api-rules.ts';
import type { JsonRecord } from './api-rules.ts';

/** What the model does when it is asked: call one tool, or end its turn. */
export type Step =
  { readonly tool: string; readonly input: JsonRecord } | { readonly text: string };

export interface ApiServer {
  readonly url: string;
  /** Bodies of the main conversation's requests in order; request N is answered by step N. */
  readonly requests: readonly JsonRecord[];
  /** What was refused, with the reason. A good run has none. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

const MAX_BODY = 32 * 1024 * 1024;

/**
 * Serves `steps`; a request after the last step gets a text that ends the turn. `before` is awaited before
 * step N is answered, counted from 1: until then the session stands still.
 */
export async function startApiServer(
  steps: readonly Step[],
  before: (turn: number) => Promise<void> = () => Promise.resolve(),
): Promise<ApiServer> {
  const requests: JsonRecord[] = [];
  const refused: string[] = [];

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body = await readBody(request);
    if (request.method === 'HEAD' || path === '/') return void response.writeHead(200).end();
    const refuse = (status: number, type: string, message: string): void => {
      refused.push(`${request.method ?? ''} ${path}: ${status} ${message}`);
      sendJson(response, status, { type: 'error', error: { type, message } });
    };
    if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: 10 });
    if (request.method !== 'POST' || path !== '/v1/messages') {
      // Asked for in passing; the session goes on without an answer.
      return sendJson(response, 404, {
        type: 'error',
        error: { type: 'not_found_error', message: path },
      });
    }
    if (request.headers['x-api-key'] === undefined && request.headers.authorization === undefined) {
      return refuse(401, 'authentication_error', 'x-api-key header is required');
    }
    if (request.headers['anthropic-version'] === undefined) {
      return refuse(400, 'invalid_request_error', 'anthropic-version: header is required');
    }
    const parsed = parse(body);
    const problem = parsed === undefined ? 'the body is not JSON' : invalidRequest(parsed);
    if (parsed === undefined || problem !== undefined) {
      return refuse(400, 'invalid_request_error', problem ?? '');
    }
    let step: Step = { text: 'ok' };
    if (isMainConversation(parsed)) {
      step = steps[requests.length] ?? { text: 'Done.' };
      requests.push(parsed);
      // The session goes on to its end, and then the test fails.
      await before(requests.length).catch((error: unknown) => {
        refused.push(String(error));
      });
    }
    const message = messageOf(step, String(parsed['model']), requests.length);
    if (parsed['stream'] === true) sendStream(response, message);
    else sendJson(response, 200, message);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      refused.push(String(error));
      response.destroy();
    });
  });
  const url = await listen(server);
  return {
    url,
    requests,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Titles, summaries and the like are asked for without the editing tools. */
function isMainConversation(body: JsonRecord): boolean {
  const tools = Array.isArray(body['tools']) ? body['tools'] : [];
  return tools.some((tool) => asRecord(tool)?.['name'] === 'Write');
}

function messageOf(step: Step, model: string, turn: number): JsonRecord {
  const isTool = 'tool' in step;
  return {
    id: `msg_${turn}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [
      isTool
        ? { type: 'tool_use', id: toolUseId(turn), name: step.tool, input: step.input }
        : { type: 'text', text: step.text },
    ],
    stop_reason: isTool ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 10 },
  };
}

/** Id of the tool call that answers the request with this number, counted from 1. */
export function toolUseId(turn: number): string {
  return `toolu_${String(turn).padStart(8, '0')}`;
}

function sendStream(response: ServerResponse, message: JsonRecord): void {
  const [block] = Array.isArray(message['content']) ? message['content'].map(asRecord) : [];
  const isTool = block?.['type'] === 'tool_use';
  const { stop_reason, ...start } = message;
  const events: JsonRecord[] = [
    { type: 'message_start', message: { ...start, content: [], stop_reason: null } },
    {
      type: 'content_block_start',
      index: 0,
      content_block: isTool ? { ...block, input: {} } : { type: 'text', text: '' },
    },
    {
      type: 'content_block_delta',
      index: 0,
      delta: isTool
        ? { type: 'input_json_delta', partial_json: JSON.stringify(block['input']) }
        : { type: 'text_delta', text: block?.['text'] },
    },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: 10 },
    },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    response.write(`event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}

function sendJson(response: ServerResponse, status: number, body: JsonRecord): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) throw new Error('expected bytes');
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('request larger than 32 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): JsonRecord | undefined {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('no port'));
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

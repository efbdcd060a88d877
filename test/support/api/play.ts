/** Plays one act as an answer on the wire that it was asked on. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Act } from './acts.ts';
import { chunkFrame, exceptionFrame, sseFrame } from './frames.ts';
import type { Wire } from './models.ts';
import type { Refusal } from './rules.ts';
import { thinkingBlock } from './thinking.ts';
import { asList, asRecord } from './values.ts';
import type { JsonRecord } from './values.ts';

export interface Stage {
  readonly wire: Wire;
  readonly model: string;
  readonly stream: boolean;
  readonly response: ServerResponse;
}

/** Tokens that every message of the stand-in claims. */
export const USAGE: JsonRecord = {
  input_tokens: 120,
  output_tokens: 30,
  cache_read_input_tokens: 400,
  cache_creation_input_tokens: 50,
};

export function play(act: Act, stage: Stage): void {
  const { response } = stage;
  switch (act.kind) {
    case 'tool': {
      const block = {
        type: 'tool_use',
        id: `toolu_${randomUUID()}`,
        name: act.name,
        input: act.input,
      };
      const message = {
        ...messageOf(stage.model, { kind: 'message', text: '' }),
        content: [block],
      };
      const asked = { ...message, stop_reason: 'tool_use' };
      if (stage.stream) sendBytes(stage, eventsOf(asked));
      else sendJson(response, 200, asked);
      return;
    }
    case 'calls': {
      const blocks = [
        ...(act.thinking === undefined ? [] : [thinkingBlock(act.thinking)]),
        ...(act.text === undefined ? [] : [{ type: 'text', text: act.text }]),
        ...act.calls.map(({ name, input, id = `toolu_${randomUUID()}` }) => ({
          type: 'tool_use',
          id,
          name,
          input,
        })),
      ];
      const empty = messageOf(stage.model, { kind: 'message', text: '' });
      const message = { ...empty, content: blocks, stop_reason: 'tool_use' };
      if (act.whole === true || !stage.stream) sendJson(response, 200, message);
      else sendBytes(stage, eventsOf(message));
      return;
    }
    case 'message': {
      const message = messageOf(stage.model, act);
      if (act.whole === true || !stage.stream) sendJson(response, 200, message);
      else sendBytes(stage, eventsOf(message));
      return;
    }
    case 'error': {
      if (act.retryAfter !== undefined) response.setHeader('retry-after', act.retryAfter);
      const { status, type, message = `played ${type}` } = act;
      return sendError(stage, { status, type, message });
    }
    case 'page':
      response.writeHead(act.status, { 'content-type': 'text/html; charset=utf-8' });
      return void response.end('<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>');
    case 'redirect':
      return void response.writeHead(307, { location: act.location }).end();
    case 'reset':
      return void response.socket?.resetAndDestroy();
    case 'hang':
      return;
    case 'stall':
      if (act.after === 'head') {
        headOf(stage);
        return response.flushHeaders();
      }
      return void response.write(Buffer.concat(begin(stage)));
    case 'truncate':
      response.write(Buffer.concat(begin(stage)), () =>
        act.how === 'end' ? response.end() : response.socket?.resetAndDestroy(),
      );
      return;
    case 'error-event':
      response.write(Buffer.concat(begin(stage)));
      return void response.end(
        stage.wire === 'bedrock'
          ? exceptionFrame(act.type, act.message)
          : sseFrame({ type: 'error', error: { type: act.type, message: act.message } }),
      );
    case 'garbage':
      headOf(stage);
      return void response.end('event: message_start\ndata: {"type":"message_start", oops\n\n');
    case 'drip': {
      const events = eventsOf(messageOf(stage.model, { kind: 'message', text: act.text }));
      headOf(stage);
      return drip(response, Buffer.concat(events.map((event) => frameOf(stage, event))), act);
    }
  }
}

/** An error in the shape that the wire's maker gives it. */
export function sendError({ wire, response }: Stage, { status, type, message }: Refusal): void {
  switch (wire) {
    case 'bedrock':
      response.setHeader('x-amzn-errortype', `${type}:http://internal.amazon.com/`);
      return sendJson(response, status, { message });
    case 'vertex':
      return sendJson(response, status, { error: { code: status, message, status: type } });
    case 'anthropic':
    case 'aws':
    case 'foundry':
    case 'mantle':
      return sendJson(response, status, {
        type: 'error',
        error: { type, message },
        request_id: 'req_loopback',
      });
  }
}

export function sendJson(response: ServerResponse, status: number, body: JsonRecord): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function messageOf(model: string, act: Extract<Act, { kind: 'message' }>): JsonRecord {
  const { text, stopReason = 'end_turn', category } = act;
  return {
    id: 'msg_loopback',
    type: 'message',
    role: 'assistant',
    model,
    content: text === '' ? [] : [{ type: 'text', text }],
    stop_reason: stopReason,
    stop_sequence: null,
    ...(stopReason === 'refusal'
      ? { stop_details: { type: 'refusal', category: category ?? null } }
      : {}),
    usage: USAGE,
  };
}

/** Deltas of a few characters each, with a ping in between as the API sends them. */
function eventsOf(message: JsonRecord): readonly JsonRecord[] {
  const { stop_reason, stop_details, content, usage, ...start } = message;
  const blocks = (asList(content) ?? []).map(asRecord).filter((block) => block !== undefined);
  return [
    {
      type: 'message_start',
      message: { ...start, content: [], stop_reason: null, usage: { ...USAGE, output_tokens: 1 } },
    },
    { type: 'ping' },
    ...blocks.flatMap((block, index) => [
      { type: 'content_block_start', index, ...startOf(block) },
      ...deltasOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence: null, ...(stop_details ? { stop_details } : {}) },
      usage,
    },
    { type: 'message_stop' },
  ];
}

function startOf(block: JsonRecord): JsonRecord {
  const empty = { tool_use: { input: {} }, thinking: { thinking: '', signature: '' } };
  const type = block['type'] === 'tool_use' || block['type'] === 'thinking' ? block['type'] : '';
  return { content_block: { ...block, ...(type === '' ? { text: '' } : empty[type]) } };
}

function deltasOf(block: JsonRecord): readonly JsonRecord[] {
  if (block['type'] === 'tool_use') {
    const json =
      typeof block['input'] === 'string' ? block['input'] : JSON.stringify(block['input']);
    return pieces(json).map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  }
  if (block['type'] === 'thinking') {
    return [
      ...pieces(String(block['thinking'])).map((thinking) => ({
        type: 'thinking_delta',
        thinking,
      })),
      { type: 'signature_delta', signature: block['signature'] },
    ];
  }
  return pieces(String(block['text'])).map((text) => ({ type: 'text_delta', text }));
}

function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,7}/g) ?? [];
}

/** Head and the first half of a message. */
function begin(stage: Stage): readonly Buffer[] {
  headOf(stage);
  const events = eventsOf(messageOf(stage.model, { kind: 'message', text: '{"findings":[' }));
  return events.slice(0, -3).map((event) => frameOf(stage, event));
}

function sendBytes(stage: Stage, events: readonly JsonRecord[]): void {
  headOf(stage);
  for (const event of events) stage.response.write(frameOf(stage, event));
  stage.response.end();
}

function headOf({ wire, response }: Stage): void {
  const type =
    wire === 'bedrock' ? 'application/vnd.amazon.eventstream' : 'text/event-stream; charset=utf-8';
  response.writeHead(200, { 'content-type': type });
}

function frameOf({ wire }: Stage, event: JsonRecord): Buffer {
  return wire === 'bedrock' ? chunkFrame(event) : sseFrame(event);
}

function drip(
  response: ServerResponse,
  bytes: Buffer,
  { bytes: size, ms }: Extract<Act, { kind: 'drip' }>,
): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sent, sent + size));
    sent += size;
    if (sent < bytes.length) return;
    clearInterval(timer);
    response.end();
  }, ms);
  response.on('close', () => clearInterval(timer));
}

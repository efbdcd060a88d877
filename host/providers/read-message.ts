/** Turns what an endpoint answered, as a stream of events or in one piece, into a reply. */
import type { ModelReply, ModelUsage } from '../../orchestrator/transport.ts';
import { classifyEvent, objectOf, parseJson, readErrorBody } from './classify.ts';
import { NO_USAGE, failure } from './failure.ts';
import { MessageBlocks } from './message-blocks.ts';

/** One server-sent event as it came, before its data is parsed. */
export interface RawEvent {
  readonly event: string | null;
  readonly data: string;
}

/** What is known of a message, complete or not. */
interface Draft {
  readonly content: MessageBlocks;
  model: string;
  usage: ModelUsage | undefined;
  stopReason: string | undefined;
  refusal: string | undefined;
  started: boolean;
  stopped: boolean;
}

/**
 * Reads events until the message stops or the stream ends; `onEvent` sees that there was one. What a stream
 * used that broke off is not known: the count of its output comes last.
 */
export async function readStream(
  events: AsyncIterable<RawEvent>,
  onEvent: () => void,
): Promise<ModelReply> {
  const draft = newDraft();
  try {
    for await (const { event, data } of events) {
      onEvent();
      if (event === 'ping' || data === '') continue;
      const value = objectOf(parseJson(data));
      if (value === undefined) {
        return failure('not-json', `an event of the stream is no JSON: ${data.slice(0, 80)}`);
      }
      if (event === 'error' || value['type'] === 'error') {
        const body = readErrorBody(data, null);
        const words = `the stream ended with ${body.type}: ${body.message}`;
        return failure(classifyEvent(body), words);
      }
      apply(draft, value);
      if (draft.stopped) return finish(draft);
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return failure('network', `the stream broke off: ${words}`);
  }
  const words = draft.started ? 'before the message was complete' : 'before a message began';
  return failure('network', `the stream ended ${words}`);
}

/** Reads a message that came in one piece, from a gateway that does not stream. */
export function readWhole(text: string): ModelReply {
  const value = objectOf(parseJson(text));
  if (value === undefined || value['type'] !== 'message') {
    return failure('not-json', `the answer is no message: ${text.slice(0, 80)}`);
  }
  const draft = newDraft();
  apply(draft, { type: 'message_start', message: value });
  const blocks: readonly unknown[] = Array.isArray(value['content']) ? value['content'] : [];
  for (const [index, block] of blocks.entries()) draft.content.start(index, block);
  apply(draft, { type: 'message_delta', delta: value });
  return finish(draft);
}

function newDraft(): Draft {
  return {
    content: new MessageBlocks(),
    model: '',
    usage: undefined,
    stopReason: undefined,
    refusal: undefined,
    started: false,
    stopped: false,
  };
}

function apply(draft: Draft, event: Readonly<Record<string, unknown>>): void {
  switch (event['type']) {
    case 'message_start': {
      const message = objectOf(event['message']) ?? {};
      draft.started = true;
      if (typeof message['model'] === 'string') draft.model = message['model'];
      draft.usage = usageOf(message['usage'], draft.usage);
      break;
    }
    case 'content_block_start':
      draft.content.start(event['index'], event['content_block']);
      break;
    case 'content_block_delta':
      draft.content.add(event['index'], event['delta']);
      break;
    case 'message_delta': {
      const delta = objectOf(event['delta']) ?? {};
      if (typeof delta['stop_reason'] === 'string') draft.stopReason = delta['stop_reason'];
      const category = objectOf(delta['stop_details'])?.['category'];
      if (typeof category === 'string') draft.refusal = category;
      draft.usage = usageOf(event['usage'], draft.usage);
      break;
    }
    case 'message_stop':
      draft.stopped = true;
      break;
  }
}

function finish(draft: Draft): ModelReply {
  const { usage, content, model, stopReason } = draft;
  if (stopReason === 'refusal') {
    const category = draft.refusal === undefined ? '' : ` (${draft.refusal})`;
    return failure('refusal', `the model declined to answer${category}`, { usage });
  }
  if (stopReason === 'max_tokens') {
    return failure('truncated', 'the answer was cut at max_tokens', { usage });
  }
  if (stopReason === 'model_context_window_exceeded') {
    return failure('too-large', "prompt and answer do not fit the model's context", { usage });
  }
  if (stopReason === 'tool_use') {
    const { calls, blocks } = content;
    return calls.length === 0 || calls.some(({ id, name }) => id === '' || name === '')
      ? failure('schema', 'the turn ended with calls of tools that have no id or name', { usage })
      : { kind: 'calls', calls, blocks, usage: usage ?? NO_USAGE, model };
  }
  const { text } = content;
  if (stopReason !== 'end_turn' && stopReason !== 'stop_sequence') {
    const words = JSON.stringify(stopReason ?? null);
    return failure('schema', `expected the stop reason "end_turn", got ${words}`, { usage });
  }
  if (parseJson(text) === undefined) {
    return failure('schema', `the answer is no JSON: ${text.slice(0, 80)}`, { usage });
  }
  return { kind: 'answer', text, usage: usage ?? NO_USAGE, model };
}

/** Counts of a `usage` object; the later one wins where it says something. */
export function usageOf(value: unknown, before: ModelUsage | undefined): ModelUsage | undefined {
  const usage = objectOf(value);
  if (usage === undefined) return before;
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = before ?? NO_USAGE;
  return {
    inputTokens: count(usage['input_tokens'], inputTokens),
    outputTokens: count(usage['output_tokens'], outputTokens),
    cacheReadTokens: count(usage['cache_read_input_tokens'], cacheReadTokens),
    cacheWriteTokens: count(usage['cache_creation_input_tokens'], cacheWriteTokens),
  };
}

function count(value: unknown, before: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : before;
}

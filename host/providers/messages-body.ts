/** A request in the words of the Messages API. */
import type { ModelRequest, ToolSpec, Turn } from '../../orchestrator/transport.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where a prefix ends that the next request shares. */
const CACHED: Json = { cache_control: { type: 'ephemeral' } };

/** What is the same in every request comes first: tools, then system, which turns of a session share. */
export function bodyOf(request: ModelRequest): Json {
  const { model, system, prompt, schema, maxTokens, effort, thinking, tools, turns } = request;
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    ...(thinking === true ? { thinking: { type: 'adaptive' } } : {}),
    output_config: {
      ...(effort === undefined ? {} : { effort }),
      format: { type: 'json_schema', schema },
    },
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(toolOf),
          tool_choice: { type: request.mayCallTools === false ? 'none' : 'auto' },
        }),
    system: [{ type: 'text', text: system, ...CACHED }],
    messages:
      tools === undefined && turns === undefined
        ? [{ role: 'user', content: prompt }]
        : [
            { role: 'user', content: [{ type: 'text', text: prompt, ...CACHED }] },
            ...(turns ?? []).map((turn, index) => messageOf(turn, index + 1 === turns?.length)),
          ],
  };
}

function toolOf({ name, description, inputSchema }: ToolSpec): Json {
  return { name, description, input_schema: inputSchema, strict: true };
}

function messageOf(turn: Turn, isLast: boolean): Json {
  if (turn.role === 'assistant') return { role: 'assistant', content: turn.blocks };
  const blocks: readonly Json[] = [
    // Results come first, or the API takes the calls for unanswered.
    ...turn.results.map(({ callId, text, isError }) => ({
      type: 'tool_result',
      tool_use_id: callId,
      content: text,
      ...(isError ? { is_error: true } : {}),
    })),
    ...(turn.text === '' ? [] : [{ type: 'text', text: turn.text }]),
  ];
  const content = blocks.map((block, index) =>
    isLast && index + 1 === blocks.length ? { ...block, ...CACHED } : block,
  );
  return { role: 'user', content };
}

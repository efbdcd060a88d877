/** The models that the stand-in serves, with what each of them refuses. */

export interface Model {
  readonly id: string;
  readonly created: string;
  readonly lifecycle: 'active' | 'deprecated' | 'retired';
  readonly maxOutput: number;
  /** `tool_choice` other than auto and none. */
  readonly forcedTools: boolean;
  /** Values of `thinking.type`. */
  readonly thinking: readonly string[];
  /** `temperature`, `top_p` and `top_k`. */
  readonly sampling: boolean;
  /** A turn of the assistant at the end, to go on from. */
  readonly prefill: boolean;
}

const ANY_THINKING = ['adaptive', 'enabled', 'disabled'];

export const MODELS: readonly Model[] = [
  {
    id: 'claude-opus-5-5',
    created: '2026-10-21T00:00:00Z',
    lifecycle: 'active',
    maxOutput: 128_000,
    forcedTools: false,
    thinking: ['adaptive'],
    sampling: false,
    prefill: false,
  },
  {
    id: 'claude-sonnet-5-5',
    created: '2026-10-21T00:00:00Z',
    lifecycle: 'active',
    maxOutput: 64_000,
    forcedTools: false,
    thinking: ANY_THINKING,
    sampling: false,
    prefill: false,
  },
  {
    id: 'claude-haiku-5-5',
    created: '2026-09-30T00:00:00Z',
    lifecycle: 'active',
    maxOutput: 64_000,
    forcedTools: true,
    thinking: ANY_THINKING,
    sampling: false,
    prefill: true,
  },
  {
    // Claude Code goes on with it when the newer one declines.
    id: 'claude-opus-4-8',
    created: '2026-06-01T00:00:00Z',
    lifecycle: 'active',
    maxOutput: 64_000,
    forcedTools: true,
    thinking: ANY_THINKING,
    sampling: false,
    prefill: false,
  },
  {
    id: 'claude-opus-4-7',
    created: '2026-03-01T00:00:00Z',
    lifecycle: 'active',
    maxOutput: 64_000,
    forcedTools: true,
    thinking: ANY_THINKING,
    sampling: false,
    prefill: false,
  },
  {
    id: 'claude-opus-4-1',
    created: '2025-08-05T00:00:00Z',
    lifecycle: 'retired',
    maxOutput: 32_000,
    forcedTools: true,
    thinking: ANY_THINKING,
    sampling: true,
    prefill: true,
  },
];

/** The model that `id` names in the form of `wire`; undefined for another form, an unknown or a retired one. */
export function findModel(wire: Wire, id: string): Model | undefined {
  const plain = FORMS[wire].exec(id)?.[1];
  return MODELS.find((model) => model.id === plain && model.lifecycle !== 'retired');
}

export type Wire = 'anthropic' | 'foundry' | 'aws' | 'mantle' | 'bedrock' | 'vertex';

const FORMS: Readonly<Record<Wire, RegExp>> = {
  anthropic: /^(claude-[\w-]+)$/,
  foundry: /^(claude-[\w-]+)$/,
  aws: /^(claude-[\w-]+)$/,
  mantle: /^anthropic\.(claude-[\w-]+)$/,
  bedrock: /^(?:us|eu|global)\.anthropic\.(claude-[\w-]+?)(?:-v\d+:\d+)?$/,
  vertex: /^(claude-[\w-]+)(?:@\d{8})?$/,
};

/** A model as `/v1/models` shows it. */
export function modelInfo(model: Model): Readonly<Record<string, unknown>> {
  return {
    type: 'model',
    id: model.id,
    display_name: model.id,
    created_at: model.created,
    lifecycle: model.lifecycle,
    line: /opus|sonnet|haiku/.exec(model.id)?.[0] ?? null,
    max_tokens: model.maxOutput,
    max_input_tokens: 1_000_000,
    capabilities: null,
  };
}

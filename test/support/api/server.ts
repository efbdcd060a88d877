/**
 * A strict stand-in for every wire that models are asked on, on a port of this machine. It refuses what the
 * real ones refuse, plays the failures that it is told to play, and keeps every request.
 *
 * Each wire has a prefix: `/anthropic/v1/messages`, `/foundry/…`, `/aws/…`, `/mantle/…`,
 * `/bedrock/model/{id}/invoke`, `/vertex/projects/…`. `/google` is the metadata server with Google's tokens.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CLEAN } from './acts.ts';
import type { Act } from './acts.ts';
import { CREDENTIALS, authProblem } from './auth.ts';
import { MODELS, modelInfo } from './models.ts';
import type { Wire } from './models.ts';
import { play, sendError, sendJson } from './play.ts';
import type { Stage } from './play.ts';
import { record } from './record.ts';
import type { RecordedRequest } from './record.ts';
import { VERSIONS, invalid, refusalOf } from './rules.ts';
import type { JsonRecord } from './values.ts';

export interface LoopbackApi {
  /** Without a slash at the end. */
  readonly url: string;
  /** `host:port`. */
  readonly host: string;
  /** Every request for a message or for models, refused ones included. */
  readonly requests: readonly RecordedRequest[];
  /** What was refused by the rules and not by an act, with the reason. */
  readonly refused: readonly string[];
  /** The next requests for messages get these acts in order; after them, and before, clean answers. */
  play(...acts: readonly Act[]): void;
  /** Where acts have run out: what a request gets, by what it says. */
  playBy(pick: (request: RecordedRequest) => Act): void;
  /** Forgets acts, requests and refusals. */
  reset(): void;
  close(): Promise<void>;
}

/** Bytes of a body, as the real API takes them. */
const MAX_BODY = 32 * 1024 * 1024;

export async function startLoopbackApi(
  options: { readonly maxBody?: number } = {},
): Promise<LoopbackApi> {
  const requests: RecordedRequest[] = [];
  const refused: string[] = [];
  const acts: Act[] = [];
  let pick: (request: RecordedRequest) => Act = () => CLEAN;

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await record(message, options.maxBody ?? MAX_BODY);
    const target = targetOf(message.url ?? '');
    if (target === undefined)
      return sendJson(response, 404, { error: { message: 'no such path' } });
    if (target.kind === 'google') return google(response);
    const { wire } = target;
    const { model, stream } = target.kind === 'messages' ? asked(target, request) : NO_MODEL;
    const stage: Stage = { wire, model, stream, response };
    if (request === undefined) {
      refused.push('413');
      return sendError(stage, {
        status: 413,
        type: 'request_too_large',
        message: 'Request exceeds the maximum size',
      });
    }
    requests.push(request);
    const refusal = refusalBefore(target, request);
    if (refusal !== undefined) {
      refused.push(`${refusal.status} ${refusal.message}`);
      return sendError(stage, refusal);
    }
    if (target.kind === 'models') return models(response, target.id);
    play(acts.shift() ?? pick(request), stage);
  };

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      refused.push(`the stand-in failed: ${String(error)}`);
      response.destroy();
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
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}`,
    host,
    requests,
    refused,
    play: (...more) => void acts.push(...more),
    playBy(own) {
      pick = own;
    },
    reset() {
      pick = () => CLEAN;
      for (const list of [requests, refused, acts]) list.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Target =
  | { readonly kind: 'google' }
  | { readonly kind: 'models'; readonly wire: Wire; readonly id: string | undefined }
  | {
      readonly kind: 'messages';
      readonly wire: Wire;
      /** Where the path names them. */
      readonly model?: string;
      readonly stream?: boolean;
    };

const NO_MODEL = { model: '', stream: false };

function targetOf(url: string): Target | undefined {
  const [path = ''] = url.split('?');
  if (path.startsWith('/google/') || path.startsWith('/computeMetadata/'))
    return { kind: 'google' };
  const plain = /^\/(anthropic|foundry|aws|mantle)\/v1\/(messages|models)(?:\/([^/]+))?$/.exec(
    path,
  );
  if (plain !== null) {
    const [, wire, kind, id] = plain;
    const named = (['anthropic', 'foundry', 'aws', 'mantle'] as const).find(
      (name) => name === wire,
    );
    if (named === undefined) return undefined;
    // Only these two list models.
    if (kind === 'models') {
      return named === 'anthropic' || named === 'aws' ? { kind, wire: named, id } : undefined;
    }
    return id === undefined ? { kind: 'messages', wire: named } : undefined;
  }
  const bedrock = /^\/bedrock\/model\/([^/]+)\/(invoke|invoke-with-response-stream)$/.exec(path);
  if (bedrock !== null) {
    const [, id = '', how] = bedrock;
    const model = decodeURIComponent(id);
    return { kind: 'messages', wire: 'bedrock', model, stream: how !== 'invoke' };
  }
  const vertex =
    /^\/vertex\/projects\/[^/]+\/locations\/[^/]+\/publishers\/anthropic\/models\/([^/]+):(rawPredict|streamRawPredict)$/.exec(
      path,
    );
  if (vertex === null) return undefined;
  const [, id = '', how] = vertex;
  const model = decodeURIComponent(id);
  return { kind: 'messages', wire: 'vertex', model, stream: how === 'streamRawPredict' };
}

function asked(
  target: Extract<Target, { kind: 'messages' }>,
  request: RecordedRequest | undefined,
): { readonly model: string; readonly stream: boolean } {
  const { model = String(request?.json?.['model']) } = target;
  return { model, stream: target.stream ?? request?.json?.['stream'] === true };
}

function refusalBefore(
  target: Extract<Target, { wire: Wire }>,
  request: RecordedRequest,
): ReturnType<typeof refusalOf> {
  const { wire } = target;
  const unknown = authProblem(wire, request);
  if (unknown !== undefined) {
    const status = wire === 'bedrock' ? 403 : 401;
    return { status, type: 'authentication_error', message: unknown };
  }
  if (target.kind === 'models')
    return request.method === 'GET' ? undefined : invalid('expected GET');
  if (request.method !== 'POST') return invalid('expected POST');
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return invalid('content-type: expected application/json');
  }
  if (request.json === undefined) return invalid('The request body is not valid JSON');
  const inPath = wire === 'bedrock' || wire === 'vertex';
  const { anthropic_version: inBody, anthropic_beta, ...body } = request.json;
  const version = inPath ? inBody : request.headers['anthropic-version'];
  if (version === undefined) return invalid('anthropic-version: header is required');
  if (typeof version !== 'string' || !VERSIONS.includes(version)) {
    return invalid(`anthropic-version: ${JSON.stringify(version)} is not a valid version`);
  }
  if (!inPath && (inBody !== undefined || anthropic_beta !== undefined)) {
    return invalid('anthropic_version: Extra inputs are not permitted');
  }
  if (!inPath) return refusalOf(wire, body);
  const twice = body['model'] !== undefined || (wire === 'bedrock' && body['stream'] !== undefined);
  if (twice) return invalid('model: Extra inputs are not permitted');
  return refusalOf(wire, { ...body, model: target.model });
}

function models(response: ServerResponse, id: string | undefined): void {
  if (id === undefined) {
    const data: readonly JsonRecord[] = MODELS.map(modelInfo);
    return sendJson(response, 200, { data, has_more: false, first_id: null, last_id: null });
  }
  const model = MODELS.find((known) => known.id === id);
  if (model !== undefined) return sendJson(response, 200, modelInfo(model));
  sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: id } });
}

function google(response: ServerResponse): void {
  response.setHeader('metadata-flavor', 'Google');
  sendJson(response, 200, {
    access_token: CREDENTIALS.google,
    expires_in: 3600,
    token_type: 'Bearer',
  });
}

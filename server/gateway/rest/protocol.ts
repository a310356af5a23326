/** `GET /api/protocol`: everything on the socket as JSON Schema, for programs that are not ours. */
import { Elysia } from 'elysia';
import { COMMANDS } from '../../../protocol/commands.ts';
import { ERRORS } from '../../../protocol/errors.ts';
import * as features from '../../../protocol/features.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { MESSAGES } from '../../../protocol/messages.ts';
import { METRIC_SERIES } from '../../../protocol/metrics.ts';
import { PROTOCOL_HASH, PROTOCOL_VERSION } from '../../../protocol/version.ts';
import { Protocol } from './answers.ts';
import { about } from './describe.ts';
import { json } from './respond.ts';

const layout = Object.fromEntries(
  Object.entries(features).filter(([, value]) => typeof value !== 'function'),
);

const description = JSON.stringify({
  protocol: PROTOCOL_HASH,
  version: PROTOCOL_VERSION,
  commands: COMMANDS,
  messages: MESSAGES,
  errors: ERRORS,
  limits: LIMITS,
  features: layout,
  metrics: METRIC_SERIES,
});

export const protocolRoutes = () =>
  new Elysia().get(
    '/api/protocol',
    () => json(JSON.parse(description) as unknown),
    about({
      id: 'getProtocol',
      says: 'Everything on the socket, as JSON Schema.',
      answer: Protocol,
    }),
  );

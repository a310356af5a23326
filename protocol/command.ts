/** A command as a schema: its name, its own fields, and those that every command may carry. */
import { Type } from '@sinclair/typebox';
import { LIMITS } from './limits.ts';

const common = {
  reqId: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: LIMITS.reqIdCharsMax,
      description: 'asks for an answer; a repeat has no second effect',
    }),
  ),
  at: Type.Optional(Type.Number({ minimum: 0, description: 'server time of the press in ms' })),
  atFrame: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'engine frame; from loopback only, for replay and tests',
    }),
  ),
};

export const command = <
  const Name extends string,
  Fields extends Parameters<typeof Type.Object>[0],
>(
  cmd: Name,
  fields: Fields,
) => Type.Object({ cmd: Type.Literal(cmd), ...fields, ...common }, { additionalProperties: false });

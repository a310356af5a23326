/** Whether a value is as a JSON Schema says: the part of it that our descriptions use. */
export type Schema = { readonly [key: string]: unknown };

const KNOWN = new Set(
  'type properties required additionalProperties patternProperties items anyOf const enum minimum maximum minItems maxItems uniqueItems minLength maxLength pattern multipleOf format description title'.split(
    ' ',
  ),
);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};

const isType = (value: unknown, type: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;

const objectFaults = (value: object, schema: Schema, at: string): string[] => {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as Record<string, Schema>);
  const required = (schema['required'] ?? []) as string[];
  const missing = required
    .filter((name) => !(name in value))
    .map((name) => `${at}/${name} is missing`);
  const inside = Object.entries(value).flatMap(([name, each]) => {
    const own =
      properties[name] ?? patterns.find(([pattern]) => new RegExp(pattern).test(name))?.[1];
    if (own !== undefined) return schemaFaults(each, own, `${at}/${name}`);
    return schema['additionalProperties'] === false ? [`${at}/${name} is not described`] : [];
  });
  return [...missing, ...inside];
};

/** A word of JSON Schema that is not known here is a fault: nothing is passed over. */
export const schemaFaults = (value: unknown, schema: Schema, at = ''): string[] => {
  const unknown = Object.keys(schema).filter((key) => !KNOWN.has(key));
  if (unknown.length > 0) return [`${at}: the schema says ${unknown.join(', ')}`];
  const any = schema['anyOf'] as Schema[] | undefined;
  if (any !== undefined) {
    const fits = any.some((each) => schemaFaults(value, each, at).length === 0);
    return fits ? [] : [`${at} fits none of ${any.length}`];
  }
  if ('const' in schema && value !== schema['const']) return [`${at} is not ${schema['const']}`];
  if ('type' in schema && !isType(value, schema['type'])) {
    return [`${at} is ${typeOf(value)}, not ${schema['type']}`];
  }
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema as Record<string, number>;
    if (value < minimum || value > maximum) return [`${at} is out of bounds`];
  }
  if (Array.isArray(value) && schema['items'] !== undefined) {
    const items = schema['items'] as Schema;
    return value.flatMap((each, index) => schemaFaults(each, items, `${at}/${index}`));
  }
  return typeOf(value) === 'object' ? objectFaults(value as object, schema, at) : [];
};

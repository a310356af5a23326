/**
 * The border between Bun and FlowCore: functions and fixed-size records.
 *
 * The only place where they are typed. `generate.ts` writes the Swift side
 * (`Sources/FlowCore/Boundary/FlowCoreAbi.generated.swift`) and the TypeScript side
 * (`server/engine/flow-core.generated.ts`) from these tables.
 *
 * Rules: buffers belong to the caller; int return codes, 0 or a count = done, negative = −(error
 * code of `errors.ts`); no string is returned by pointer; FlowCore never calls JavaScript.
 * Frames and beats are f64: whole numbers up to 2^53 without BigInt.
 */
export * from './abi-functions.ts';
export * from './abi-kinds.ts';
export * from './abi-layout.ts';
export * from './abi-records.ts';

/** The kinds of fault that judges tell, each by its sentence: a control is found by those it plants, and by no other. */

const SENTENCES = {
  'a take without its sound': /^lost: \S+: no sound, or not what was played$/,
  'a take without its row': /^lost: \S+: (?:no row|in no riff)$/,
  'a named file that is not there': /^the (?:window|rolls) file \S+ is named and not there$/,
  'done, and it did not last': /^what was said to be done did not last$/,
  'a loop is gone, unsaid': /: the loop is gone and nothing is said$/,
  'what is needed was removed': /^life \d+: \S+ is gone$/,
  'two traces of one seed': /^traces \d+ and \d+$/,
  'safe sound is lost':
    /^turn \d+: (?:take \d+ was called safe and would be lost|frame \d+ would be lost)$/,
  'the loop beside it is another': /frames beside it are not the loop$/,
  'a crash was not counted': /^steps [\d, ]+ instead of [\d, ]+$/,
  'one too many was let in': /^the seventeenth was told null$/,
  'a stranger was let in': /^(?:ws|post): .*: let in$/,
  'a token was good twice': / a second time: /,
  'a message was not refused': /^\d+ messages were not refused$/,
  'nothing answers': /^it answers no more when the disk of its log is full$/,
  'a gap that nothing declares': /^\d+ frames are missing after frame \d+, and not declared/,
  'the port is not back': /^the port was not back within \d+ ms$/,
  'frames lack': /^\d+ frames lack, of those the clock asks for$/,
  'a process is left': /^orphans: /,
  'nobody was told': /^nobody was told that nothing is obeyed$/,
  'clients differ': /^revision \d+: .* holds another state than /,
  'a repeat had an effect': /^a repeat was done again: /,
  'another bar was taken': /^\d+ of \d+ presses took another bar$/,
} as const satisfies Record<string, RegExp>;

export type FaultKind = keyof typeof SENTENCES;

export const FAULT_KINDS = Object.keys(SENTENCES) as FaultKind[];

export const isOfKind = (fault: string, kinds: readonly FaultKind[]): boolean =>
  kinds.some((kind) => SENTENCES[kind].test(fault));

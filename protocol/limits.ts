/**
 * Every bound of FlowZone, with its unit in the name.
 *
 * Imports nothing: the page, the server and (generated) FlowCore read the same numbers.
 */
export const LIMITS = {
  // looper
  slotCountMin: 8,
  slotCountDefault: 8,
  slotCountMax: 256,
  sourceCountMax: 16,
  // Source 0 as it was before its plug-ins; takes name it, no device has it.
  drySource: 16,
  // What plug-ins made of a loop.
  printSource: 17,
  bpmMin: 20,
  bpmMax: 300,
  bpmDefault: 120,
  meterBeatsMin: 1,
  meterBeatsMax: 16,
  loopBarsMax: 16,
  adjustBeatsMax: 256,
  seamMs: 10,
  rampMs: 6,
  panicMsMax: 10,
  earlyWindowMsMax: 500,
  latencyTrimMsMax: 100,
  earlyWindowBarFraction: 0.25,
  tempoChangeMsMin: 20,

  // audio
  rateHzMin: 22_050,
  rateHzMax: 192_000,
  rateHzDefault: 48_000,
  blockFramesMin: 16,
  blockFramesMax: 4096,
  blockFramesDefault: 128,
  gainMax: 1,
  inputGainDbMin: -60,
  inputGainDbMax: 24,
  metronomeGainDbMin: -60,
  metronomeGainDbMax: 6,

  // rings, in records unless the name says otherwise
  ringBytesMin: 268_435_456,
  ringSecondsMin: 132,
  commandRingCount: 4096,
  pendingCommandCount: 1024,
  eventRingCount: 8192,
  intentCount: 4096,
  groupCountMax: 1024,
  loopCacheBytesMax: 1_073_741_824,
  renderPartsMax: 64,

  // files of rendered loops
  loopFilesWaitingMax: 64,
  renderCacheBytesMax: 2_147_483_648,
  renderCacheRiffs: 64,

  // disk
  spoolSegmentSeconds: 60,
  // A power cut takes what came since the last sync, and what the disk takes for one: a second, with a
  // quarter of it for a disk and processors that others use too.
  spoolSyncMs: 650,
  spoolRestMs: 100,
  spoolWriteMs: 20,
  // From an idle flash disk to one that hangs: where times of the disk are told apart.
  diskBoundsSeconds: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10, 30],
  keeperBytesPerSecond: 8_388_608,
  overflowBlockBytes: 16_777_216,
  overflowBlockCount: 64,
  overflowSpareCount: 2,
  pinnedBytesMax: 268_435_456,
  spoolUnsyncedBytesMax: 8_388_608,
  spoolProbeBytes: 1_048_576,
  spoolResumeSeconds: 120,

  // what nobody pressed is kept as long as all of these hold; see server/session/retention
  pastSecondsMax: 86_400,
  pastBytesMax: 40_000_000_000,
  pastFreeBytesMin: 10_000_000_000,
  pastFreeShareMin: 0.1,
  pastSecondsMin: 300,
  pastSweepSeconds: 60,

  // exports
  exportJobsKept: 16,
  exportProgressMs: 250,
  exportRiffBarsMax: 64,
  exportPastBarsMax: 4096,
  exportAboutBytesMax: 65_536,
  exportPageMax: 200,

  // feature frames
  featureFps: 30,
  featureBytesMax: 1024,
  featureSlotsMax: 32,
  bandCount: 32,
  bandHzMin: 40,
  bandHzMax: 16_000,
  bucketsPerBeat: 24,
  bucketsPerFrame: 24,
  stripBuckets: 1536,
  framesInFlightMax: 5,
  ackEveryFrames: 2,

  // processes
  heartbeatMs: 250,
  gatewayHangMs: 1000,
  engineFrozenMs: 5000,
  engineKillMs: 30_000,
  wakeGraceMs: 2000,
  pollMs: 4,
  patchQuietMs: 16,
  linkQueueBytesMax: 4_194_304,
  linkMessageBytesMax: 33_554_432,
  gatewayBackoffMs: [0, 250, 1000, 4000],
  crashWindowMs: 60_000,
  crashCountMax: 3,
  shutdownMs: 2000,

  // clients
  clientCountMax: 16,
  messageBytesMax: 65_536,
  messageDepthMax: 16,
  clientQueueBytesMax: 262_144,
  clientBackpressureBytes: 1_048_576,
  clientStaleMs: 5000,
  clientCloseMs: 30_000,
  helloMs: 5000,
  answersKept: 1024,
  patchBytesMax: 16_384,
  commandsPerSecond: 100,
  commandBurst: 200,
  atFutureMsMax: 50,
  atPastMsMax: 2000,

  // phones and tablets
  pairOfferMs: 300_000,
  pairTriesMax: 5,
  pairLockMs: 60_000,
  pairBodyBytesMax: 1024,
  pairedDevicesMax: 64,
  forgetMs: 500,

  // plug-ins
  pluginSettleMs: 2000,
  pluginScansAtOnce: 2,
  pluginScanSilenceMs: 15_000,
  pluginClassesMax: 2048,
  pluginTextCharsMax: 128,
  pluginNewsMs: 250,
  chainPluginsMax: 8,
  pluginTouchedMax: 16,
  pluginParamPage: 256,
  paramsMs: 34,
  pluginRetriesMax: 3,

  // names and lists
  nameCharsMax: 64,
  sessionNameBytesMax: 255,
  sessionPageMax: 100,
  trashDays: 30,
  reqIdCharsMax: 64,
  historyNewest: 32,
  riffPageMax: 200,
  peaksMin: 16,
  peaksMax: 2048,
} as const;

/** Lengths a press may take, in bars. */
export const LOOP_BARS = [1, 2, 4, 8, 16] as const;
export type LoopBars = (typeof LOOP_BARS)[number];

/** Errors that somebody without a Mac could make in the files that only a Mac runs: one edit each. */
export type Kind =
  | 'label'
  | 'try'
  | 'selector'
  | 'scope'
  | 'order'
  | 'format'
  | 'thread'
  | 'lifetime'
  | 'policy';

export interface Mutant {
  readonly kind: Kind;
  /** Under `Sources/FlowCore/Devices/Apple`, or of a unit under `Sources/PluginHostXPC/Unit`; without `.swift`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

const mutant = (kind: Kind, file: string, from: string, to: string): Mutant => ({
  kind,
  file,
  from,
  to,
});

// biome-ignore format: one mutant a line reads as a table
export const MUTANTS: readonly Mutant[] = [
  mutant('label', 'AppleGraph', 'format: format, renderBlock: AppleThunks', 'format: format, block: AppleThunks'),
  mutant('label', 'AppleGraph', 'AVAudioSinkNode(receiverBlock:', 'AVAudioSinkNode(renderBlock:'),
  mutant('label', 'AppleGraph', 'engine.connect(made, to: engine.mainMixerNode', 'engine.connect(made, engine.mainMixerNode'),
  mutant('label', 'AppleGraph', 'engine.inputNode.outputFormat(forBus: 0)', 'engine.inputNode.outputFormat(bus: 0)'),
  mutant('label', 'AppleGraph', 'standardFormatWithSampleRate:', 'standardFormat:'),
  mutant('label', 'AppleGraph', 'hostTime(forSeconds: 1)', 'hostTime(seconds: 1)'),
  mutant('label', 'AppleGraph+Manual', 'maximumFrameCount:', 'maxFrameCount:'),
  mutant('label', 'AppleGraph+Manual', 'renderOffline(AVAudioFrameCount(frames), to: buffer)', 'renderOffline(AVAudioFrameCount(frames), into: buffer)'),
  mutant('label', 'AppleSystem+Watch', 'AVAudioApplication.shared', 'AVAudioSession.shared'),
  mutant('label', 'AppleSystem', '.latencyCritical]', '.lowLatency]'),
  mutant('label', 'AppleHal', 'mElement: kAudioObjectPropertyElementMain', 'mElement: kAudioObjectPropertyElementMaster'),
  mutant('label', 'AppleThunks', '.hostTimeValid', '.mHostTimeValid'),

  mutant('try', 'AppleGraph', '{ try engine.start() }', '{ engine.start() }'),
  mutant('try', 'AppleGraph', '{ try unit.setDeviceID(plan.device) }', '{ unit.setDeviceID(plan.device) }'),
  mutant('try', 'AppleGraph+Manual', 'try engine.enableManualRenderingMode(', 'engine.enableManualRenderingMode('),
  mutant('try', 'AppleGraph+Manual', 'status = try engine.renderOffline', 'status = engine.renderOffline'),
  mutant('try', 'AppleGraph', 'try choose(plan)', 'try? choose(plan)'),
  mutant('try', 'AppleGraph', 'try AppleGuard.run("connect the sink") {', 'do {'),
  mutant('try', 'AppleGuard', 'work.failure = error', '_ = error'),
  mutant('try', 'AppleGuard', 'guard raised == 0', 'guard raised >= 0'),

  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioHardwarePropertyDevices)', 'AppleHal.address(kAudioHardwarePropertyDefaultOutputDevice)'),
  mutant('selector', 'AppleSystem', 'defaultOutput: defaultDevice(kAudioHardwarePropertyDefaultOutputDevice)', 'defaultOutput: defaultDevice(kAudioHardwarePropertyDefaultInputDevice)'),
  mutant('selector', 'AppleSystem', 'AppleHal.text(id, kAudioDevicePropertyDeviceUID)', 'AppleHal.text(id, kAudioObjectPropertyName)'),
  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertyDeviceIsAlive)', 'AppleHal.address(kAudioDeviceProcessorOverload)'),
  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertyBufferFrameSizeRange)', 'AppleHal.address(kAudioDevicePropertyBufferFrameSize)'),
  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioStreamPropertyLatency)', 'AppleHal.address(kAudioDevicePropertySafetyOffset)'),
  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertySafetyOffset, scope)', 'AppleHal.address(kAudioDevicePropertyLatency, scope)'),
  mutant('selector', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertyAvailableNominalSampleRates)', 'AppleHal.address(kAudioDevicePropertyNominalSampleRate)'),
  mutant('selector', 'AppleSystem+Watch', 'kAudioDevicePropertyDeviceIsAlive, kAudioDevicePropertyNominalSampleRate,', 'kAudioDevicePropertyNominalSampleRate,'),
  mutant('selector', 'AppleSystem+Watch', 'addresses[index].mSelector == kAudioDeviceProcessorOverload', 'addresses[index].mSelector == kAudioDevicePropertyDeviceIsAlive'),
  mutant('selector', 'AppleSystem+Watch', 'kAudioHardwarePropertyDefaultOutputDevice,', 'kAudioHardwarePropertyDefaultInputDevice,'),

  mutant('scope', 'AppleSystem', 'isInput ? kAudioObjectPropertyScopeInput : kAudioObjectPropertyScopeOutput', 'isInput ? kAudioObjectPropertyScopeOutput : kAudioObjectPropertyScopeInput'),
  mutant('scope', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertyLatency, scope)', 'AppleHal.address(kAudioDevicePropertyLatency)'),
  mutant('scope', 'AppleSystem', 'AppleHal.address(kAudioDevicePropertyStreams, scope)', 'AppleHal.address(kAudioDevicePropertyStreams)'),
  mutant('scope', 'AppleSystem', 'inputChannels: AppleHal.channels(id, kAudioObjectPropertyScopeInput)', 'inputChannels: AppleHal.channels(id, kAudioObjectPropertyScopeOutput)'),
  mutant('scope', 'AppleHal', '_ scope: AudioObjectPropertyScope = kAudioObjectPropertyScopeGlobal', '_ scope: AudioObjectPropertyScope = kAudioObjectPropertyScopeOutput'),
  mutant('scope', 'AppleHal', 'var address = address(kAudioDevicePropertyStreamConfiguration, scope)', 'var address = address(kAudioDevicePropertyStreamConfiguration)'),

  mutant('order', 'AppleGraph', 'try choose(plan)\n            try wireOutput(port)\n', 'try wireOutput(port)\n            try choose(plan)\n'),
  mutant('order', 'AppleGraph', '        try AppleGuard.run("attach the source") { engine.attach(made) }\n', ''),
  mutant('order', 'AppleGraph', '        try AppleGuard.run("attach the sink") { engine.attach(made) }\n', ''),
  mutant('order', 'AppleGraph+Manual', '        try AppleGuard.run("attach the source") { engine.attach(node) }\n', ''),
  mutant('order', 'AppleDevice+Build', '        endStandIn()\n        if let target { port.open(target) }\n', '        if let target { port.open(target) }\n'),
  mutant('order', 'AppleDevice+Build', '        system.watch(watched(plan), mailbox)\n', '        system.watch([], mailbox)\n'),
  mutant('order', 'AppleDevice+Build', '        system.setBlock(graphPlan.device, frames: settings.blockFrames)\n', ''),
  mutant('order', 'AppleDevice+Build', '        if joined != 0 { system.part(joined) }\n', ''),
  mutant('order', 'AppleSystem+Join', 'if becomesWhole(made, [output, input]) { return made }', 'if made != 0 { return made }'),
  mutant('order', 'AppleDevice+Build', 'chosen.inputsBefore = plan.output.inputChannels', 'chosen.inputsBefore = 0'),

  mutant('format', 'AppleGraph', 'guard format.sampleRate > 0, format.channelCount > 0 else { return }', 'guard format.sampleRate >= 0 else { return }'),
  mutant('format', 'AppleGraph', 'engine.connect(engine.inputNode, to: made, format: format)', 'engine.connect(engine.inputNode, to: made, format: nil)'),
  mutant('format', 'AppleGraph', 'inputRateHz = Int(format.sampleRate.rounded())', 'inputRateHz = rateHz'),
  mutant('format', 'AppleThunks', 'UnsafePointer($0 + channel)', 'UnsafePointer($0) + 1'),
  mutant('format', 'AppleThunks', 'right.assumingMemoryBound(to: Float.self), frames: Int(frameCount),', 'left.assumingMemoryBound(to: Float.self), frames: Int(frameCount),'),
  mutant('format', 'AppleThunks', 'stride = channels', 'stride = channels + 1'),
  mutant('format', 'AppleThunks', 'for channel in 0..<channels where', 'for channel in 1..<channels where'),
  mutant('format', 'AppleThunks', 'Int(buffers[0].mDataByteSize) >= bytes', 'Int(buffers[0].mDataByteSize) > bytes'),
  mutant('format', 'PortState', 'channel == heardCount && heardCount % 2 == 1', 'channel == heardCount && heardCount % 2 == 0'),

  mutant('thread', 'AppleSystem', 'AppleHal.address(kAudioHardwarePropertyRunLoop), UInt(0))', 'AppleHal.address(kAudioHardwarePropertyRunLoop), UInt(1))'),
  mutant('thread', 'SoundPort', '        gate.close()\n        state.pointee.begin()\n', '        state.pointee.begin()\n'),
  mutant('thread', 'PortGate', 'return isOpen.pointee.load() == 1', 'return true'),
  mutant('thread', 'PortGate', 'while insideCount.pointee.load() != 0,', 'while insideCount.pointee.load() > 9,'),
  mutant('thread', 'AppleGraph', 'queue: nil\n            ) { _ in mailbox.broke() }', 'queue: nil\n            ) { _ in mailbox.changed() }'),
  mutant('thread', 'AppleDevice+Build', '            system.askForMicrophone(mailbox)\n', ''),

  mutant('lifetime', 'AppleGraph', 'engine.stop()\n            for node', 'for node'),
  mutant('lifetime', 'AppleGraph', 'if let observer { NotificationCenter.default.removeObserver(observer) }', 'if observer == nil { return }'),
  mutant('lifetime', 'AppleSystem+Watch', '        watches = []\n', ''),
  mutant('lifetime', 'AppleSystem+Watch', 'AudioObjectRemovePropertyListener(watch.object, &address, hear, watch.context)', 'AudioObjectRemovePropertyListener(watch.object, &address, hear, nil)'),
  mutant('lifetime', 'AppleSystem+Join', '            joinCount += 1\n', ''),
  mutant('lifetime', 'AppleDevice+Build', '        graph?.stop()\n        graph = nil\n        device = 0\n', '        device = 0\n'),
  mutant('lifetime', 'AppleSystem', '            ProcessInfo.processInfo.endActivity(held)\n', '            _ = held\n'),
  mutant('lifetime', 'AppleDevice+Build', '        system.unwatch()\n        if !isEnding', '        if !isEnding'),

  mutant('policy', 'AppleDevice+Build', 'chosen.isDefault = plan.isDefault && system.picture().defaultInput == input.id', 'chosen.isDefault = plan.isDefault'),
  mutant('policy', 'AppleDevice+Care', 'if graph == nil ? tried != Seen(system) : !isRight() {', 'if graph == nil ? false : !isRight() {'),
  mutant('policy', 'AppleDevice+Care', '} else if care.isLookDue(nowNs), !isRight() {', '} else if false {'),
  mutant('policy', 'AppleDevice+Build', '        counters.countXrun(frames: 0)\n', ''),
  mutant('policy', 'AppleDevice+Care', 'wanted == plan && system.rateHz(device) == planRateHz', 'wanted == plan'),
  mutant('policy', 'PortState', 'guard hasHeard, excess >= 0 else', 'guard hasHeard else'),

  mutant('order', 'UnitRoom', 'room.pointee.sampleTime += Double(frames)', 'room.pointee.sampleTime += 0'),
  mutant('order', 'UnitRoom', 'UInt32(max(0, points[index].offset_frames)), scale.address', '0, scale.address'),
  mutant('order', 'UnitRoom', 'UInt32(max(0, note.offset_frames)), message', '0, message'),
  mutant('format', 'UnitRoom', 'note.is_on != 0 ? 0x90 : 0x80', '0x80'),
  mutant('format', 'UnitRoom', '0.5 * (left[index] + right[index])', 'left[index]'),
  mutant('format', 'UnitRoom', '(input + room.pointee.framesMax).update(from: right', '(input + room.pointee.framesMax).update(from: left'),
  mutant('scope', 'UnitRoom', 'own.update(from: plane, count: count)', '_ = own'),
  mutant('scope', 'UnitRoom', 'list[index].mData = UnsafeMutableRawPointer(plane)', '_ = plane'),
  mutant('format', 'UnitInstance', 'for pair in pairs.drop(while: { $0 != channels }) {', 'for pair in pairs.prefix(1) {'),
  mutant('format', 'UnitInstance', '[(2, 2), (1, 2), (1, 1)]', '[(1, 1)]'),
  mutant('policy', 'UnitInstance', 'return told.uint32Value == code', 'return true'),
  mutant('order', 'UnitInstance', 'unit.maximumFramesToRender = AUAudioFrameCount(blockFramesMax)', '_ = blockFramesMax'),
  mutant('order', 'UnitInstance', 'unit.musicalContextBlock = UnitTime.context(of: time)', '_ = time'),
  mutant('lifetime', 'UnitInstance', 'flow_unit_close(room.pointee.opened)', '_ = room.pointee.opened'),
  mutant('lifetime', 'UnitInstance', '            unit.deallocateRenderResources()\n', '\n'),
  mutant('policy', 'UnitInstance', 'if latency != seenLatency { changes', 'if latency < 0 { changes'),
  mutant('policy', 'UnitInstance', 'unit.fullState = full', '_ = full'),
  mutant('label', 'UnitInstance', 'Unmanaged.passUnretained(unit).toOpaque(), unitPull', 'unitPull'),
  mutant('try', 'UnitInstance', 'try unit.allocateRenderResources()', 'unit.allocateRenderResources()'),
  mutant('label', 'UnitKnobs', 'setValue(own, originator: token)', 'setValue(own, from: token)'),
  mutant('policy', 'UnitKnobs', 'if parameters[place].value != own { parameters', 'if parameters[place].value == own { parameters'),
  mutant('thread', 'UnitKnobs', 'edits.note($0, $1)', '_ = ($0, $1)'),
  mutant('format', 'UnitScale', 'return AUValue(least * pow(most / least, share))', '_ = share'),
  mutant('format', 'UnitScale', 'return log(plain / least) / log(most / least)', '_ = plain'),
  mutant('policy', 'UnitScale', 'while !taken.insert(id).inserted { id &+= 1 }', 'taken.insert(id)'),
  mutant('format', 'UnitScale', 'isStepped ? plain.rounded() : plain', 'plain.rounded()'),
  mutant('lifetime', 'UnitHome', 'guard gone.has(', 'guard !gone.has('),
  mutant('format', 'UnitTime', 'beat = block.beat * quarters', 'beat = block.beat'),
  mutant('format', 'UnitTime', 'tempo = block.tempo_bpm * quarters', 'tempo = block.tempo_bpm'),
  mutant('policy', 'UnitTime', 'isPlaying = block.is_playing != 0', 'isPlaying = true'),
  mutant('selector', 'UnitName', 'component.componentSubType = codes[1]', 'component.componentSubType = codes[2]'),
  mutant('selector', 'UnitName', 'kAudioUnitType_Effect, kAudioUnitType_MusicEffect, kAudioUnitType_MusicDevice,', 'kAudioUnitType_Effect, kAudioUnitType_MusicEffect,'),
  mutant('selector', 'UnitScan', '"Instrument|Audio Unit" : "Fx|Audio Unit"', '"Fx|Audio Unit" : "Instrument|Audio Unit"'),
  mutant('label', 'UnitScan', 'components(matching: wanted)', 'components(wanted)'),
  mutant('label', 'UnitMaking', 'AUAudioUnit.instantiate(with: component', 'AUAudioUnit.instantiate(component'),
];

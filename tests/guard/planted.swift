// Swift code that looks harmless and allocates: an array that grows inside a guarded block.
@_silgen_name("fz_rt_enter") func enter()
@_silgen_name("fz_rt_exit") func leave()

var samples: [Float] = []
for block in 0..<100 {
    enter()
    if CommandLine.argc > 1 { samples.append(Float(block)) }
    leave()
}

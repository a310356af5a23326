import CFlowLeaf
import CVST3

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// A plug-in host: the process in which foreign code runs.
//
// `PluginHostXPC PARENT`: a child of the engine that works behind shared memory, with the two segments
// in descriptors 3 and 4, and a socket in 5 whose end means that the engine is gone. Exit codes: 0 the
// engine is gone, 2 wrong use, 3 the segments are not of this version, 4 the engine broke the contract.
//
// `PluginHostXPC scan BUNDLE`: what a bundle offers, as lines of JSON. Exit codes: 0, 2 wrong use, 3 not
// a bundle, 4 it cannot be opened, 5 it has no factory.
//
// `PluginHostXPC check BUNDLE CLASSID`: how one of its classes behaves. Exit codes: those of a scan, 7
// there is no such class, 8 the plug-in refuses a step, 9 no memory.
//
// On a Mac BUNDLE may be `audiounit:`, which stands for all Audio Units that the system knows of.

switch CommandLine.arguments.count {
case 2:
    guard let parent = Int32(CommandLine.arguments[1]) else { break }
    serveEngine(parent)
case 3 where CommandLine.arguments[1] == "scan":
    // A bundle that hangs has nobody left to end it.
    _ = flow_host_die_with_parent(getppid())
    exit(ScanMode.run(bundle: CommandLine.arguments[2], lines: JsonLines()))
case 4 where CommandLine.arguments[1] == "check":
    _ = flow_host_die_with_parent(getppid())
    #if canImport(AudioToolbox)
        UnitHome.begin()
    #endif
    let arguments = CommandLine.arguments
    exit(CheckMode.run(bundle: arguments[2], classId: arguments[3], lines: JsonLines()))
default:
    break
}
sayError(
    "usage: PluginHostXPC scan BUNDLE | check BUNDLE CLASSID (the host proper is the engine's)")
exit(2)

import Glibc

// doc: = https://developer.apple.com/documentation/

/// The type of a result (doc: kernel/osstatus).
public typealias OSStatus = Int32
/// A code of four letters (doc: coreaudio/fourcharcode).
public typealias FourCharCode = UInt32

/// All went well (doc: macostypes/noerr).
public let noErr: OSStatus = 0

/// One buffer of samples (doc: coreaudiotypes/audiobuffer).
public struct AudioBuffer: BitwiseCopyable {
    /// doc: coreaudiotypes/audiobuffer/mnumberchannels.
    public var mNumberChannels: UInt32
    /// doc: coreaudiotypes/audiobuffer/mdatabytesize.
    public var mDataByteSize: UInt32
    /// doc: coreaudiotypes/audiobuffer/mdata.
    public var mData: UnsafeMutableRawPointer?

    /// doc: coreaudiotypes/audiobuffer/init(mnumberchannels:mdatabytesize:mdata:).
    public init(mNumberChannels: UInt32, mDataByteSize: UInt32, mData: UnsafeMutableRawPointer?) {
        self.mNumberChannels = mNumberChannels
        self.mDataByteSize = mDataByteSize
        self.mData = mData
    }
}

/// A number of buffers, of which the first is inside (doc: coreaudiotypes/audiobufferlist).
public struct AudioBufferList: BitwiseCopyable {
    /// doc: coreaudiotypes/audiobufferlist/mnumberbuffers.
    public var mNumberBuffers: UInt32
    /// doc: coreaudiotypes/audiobufferlist/mbuffers.
    public var mBuffers: AudioBuffer
}

extension AudioBufferList {
    /// A list with room for buffers but not for their sound; it is freed with `free`.
    ///
    /// doc: coreaudiotypes/audiobufferlist/allocate(maximumbuffers:).
    public static func allocate(maximumBuffers: Int) -> UnsafeMutableAudioBufferListPointer {
        precondition(maximumBuffers > 0, "a list without buffers")
        let bytes = 8 + 16 * maximumBuffers
        guard let memory = calloc(1, bytes) else { fatalError("no memory") }
        memory.storeBytes(of: UInt32(maximumBuffers), as: UInt32.self)
        return UnsafeMutableAudioBufferListPointer(
            memory.assumingMemoryBound(to: AudioBufferList.self))
    }
}

/// A list as a collection (doc: coreaudio/unsafemutableaudiobufferlistpointer).
public struct UnsafeMutableAudioBufferListPointer: RandomAccessCollection, MutableCollection {
    /// doc: coreaudio/unsafemutableaudiobufferlistpointer/unsafemutablepointer.
    public var unsafeMutablePointer: UnsafeMutablePointer<AudioBufferList>

    /// doc: coreaudio/unsafemutableaudiobufferlistpointer/init(_:).
    public init(_ pointer: UnsafeMutablePointer<AudioBufferList>) { unsafeMutablePointer = pointer }

    /// doc: swift/collection/startindex.
    public var startIndex: Int { 0 }
    /// doc: swift/collection/endindex.
    public var endIndex: Int { Int(unsafeMutablePointer.pointee.mNumberBuffers) }

    private var buffers: UnsafeMutablePointer<AudioBuffer> {
        // Behind the number, where a pointer may lie.
        return (UnsafeMutableRawPointer(unsafeMutablePointer) + 8)
            .assumingMemoryBound(to: AudioBuffer.self)
    }

    /// doc: coreaudio/unsafemutableaudiobufferlistpointer/subscript(_:).
    public subscript(index: Int) -> AudioBuffer {
        get {
            precondition(index < endIndex, "a buffer beyond the list")
            return buffers[index]
        }
        nonmutating set {
            precondition(index < endIndex, "a buffer beyond the list")
            buffers[index] = newValue
        }
    }
}

/// Which times of a stamp are set (doc: coreaudiotypes/audiotimestampflags).
public struct AudioTimeStampFlags: OptionSet, BitwiseCopyable, Sendable {
    /// doc: swift/rawrepresentable.
    public let rawValue: UInt32

    /// doc: swift/optionset.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// doc: coreaudiotypes/audiotimestampflags/sampletimevalid.
    public static let sampleTimeValid = AudioTimeStampFlags(rawValue: 1)
    /// doc: coreaudiotypes/audiotimestampflags/hosttimevalid.
    public static let hostTimeValid = AudioTimeStampFlags(rawValue: 2)
}

/// When a block begins (doc: coreaudiotypes/audiotimestamp).
public struct AudioTimeStamp: BitwiseCopyable {
    /// doc: coreaudiotypes/audiotimestamp/msampletime.
    public var mSampleTime: Float64 = 0
    /// doc: coreaudiotypes/audiotimestamp/mhosttime.
    public var mHostTime: UInt64 = 0
    /// doc: coreaudiotypes/audiotimestamp/mratescalar.
    public var mRateScalar: Float64 = 0
    /// doc: coreaudiotypes/audiotimestamp/mflags.
    public var mFlags = AudioTimeStampFlags(rawValue: 0)

    /// doc: coreaudiotypes/audiotimestamp/init().
    public init() {}
}

/// From least to most (doc: coreaudiotypes/audiovaluerange).
public struct AudioValueRange: BitwiseCopyable, Sendable {
    /// doc: coreaudiotypes/audiovaluerange/mminimum.
    public var mMinimum: Float64 = 0
    /// doc: coreaudiotypes/audiovaluerange/mmaximum.
    public var mMaximum: Float64 = 0

    /// doc: coreaudiotypes/audiovaluerange/init().
    public init() {}

    /// doc: coreaudiotypes/audiovaluerange/init(mminimum:mmaximum:).
    public init(mMinimum: Float64, mMaximum: Float64) {
        self.mMinimum = mMinimum
        self.mMaximum = mMaximum
    }
}

// Code tables in Swift. What follows // want is what is wrong with the line.
import Foundation

public enum ECOpCode: UInt8 {
    case noop = 0x01
    case authReq
    case authFail, failed // want WRONG_VALUE
    case stats = 0x0d // want WRONG_VALUE

    var isLogin: Bool {
        switch self {
        case .authReq, .authFail: return true
        default: return false
        }
    }
}

enum ECTagName: UInt16 {
    case partfile = 0x0300
    case partfileName = 0x0602 // want DOUBLED_VALUE
    case statsKadIPAdress = 0x0213 // want STALE_NAME
    case colour = 0x05f0 // want UNKNOWN_NAME
}

struct ECFlags: OptionSet {
    let rawValue: UInt32
    static let ZLIB = ECFlags(rawValue: 0x01)
    static let UTF8_NUMBERS = ECFlags(rawValue: 1 << 2) // want WRONG_VALUE
}

let ecOpGetLog: UInt8 = 0x36 // want WRONG_VALUE
let EC_TAG_SERVER: UInt16 = 0x0500

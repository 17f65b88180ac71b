// Code tables in Kotlin. What follows // want is what is wrong with the line.
package org.example.client

const val EC_OP_NOOP: Byte = 0x01
const val EC_OP_AUTH_OK = 0x04.toByte()
const val EC_OP_STRINGS = 0x07.toByte() // want WRONG_VALUE
const val OPCODE_STATS: UByte = 0x0Bu // want WRONG_VALUE

enum class EcOpcode(val value: UByte) {
    ADD_LINK(0x09u),
    STAT_REQ(0x0Au), GET_CONNSTATE(0x0Cu), // want WRONG_VALUE
    CHAT_ROOM(0xF0u); // want UNKNOWN_NAME

    fun next(): Int {
        val STATS = 3
        return STATS
    }
}

object ECTagNames {
    const val SEARCHFILE = 0x0700
    const val SEARCH_NAME = 0x0702 shl 1 // want DOUBLED_VALUE
    const val EC_TAG_SEARCH_PARANT = 0x0709 // want STALE_NAME
}

object ECFlags {
    const val ZLIB = 1 shl 0
    const val UTF8_NUMBERS = 1 shl 2 // want WRONG_VALUE
}

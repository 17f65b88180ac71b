// Code tables in C++. What follows // want is what is wrong with the line.
#ifndef CLIENT_H
#define CLIENT_H

#define EC_OP_NOOP 0x01
#define EC_OP_AUTH_REQ (EC_OP_NOOP + 1)
#define EC_OP_AUTH_FAIL 0x04 // want WRONG_VALUE
#define EC_TAG_SHIFTED(name) (EC_TAG_NAME(name) << 1)

enum ECTagNames : unsigned short {
	EC_TAG_STRING,
	EC_TAG_PASSWD_HASH,
	EC_TAG_PROTOCOL_VERSION, EC_TAG_VERSION_ID,
	EC_TAG_CONNSTATE, // want WRONG_VALUE
	EC_TAG_ED2K_ID = 0x0006,
	EC_TAG_STATS_KAD_IP_ADRESS = 0x0213, // want STALE_NAME
	EC_TAG_PARTFILE = 0x0300 << 1, // want DOUBLED_VALUE
	/* EC_TAG_KNOWNFILE = 1, */
	EC_TAG_KNOWNFILE = 1'024
};

typedef enum {
	CMD,
	WEB,
	FULL,
	INC_UPDATE /* want WRONG_VALUE */
} EC_DETAIL_LEVEL;

enum class ECOpCodes : unsigned char {
	STAT_REQ = 0x0A,
	GET_CONNSTATE,
	STATS = static_cast<unsigned char>(0x0D), // want WRONG_VALUE
};

constexpr auto kTagPartfileName = 0x0301;
constexpr auto kTagPartfilePrio{0x030F}; // want WRONG_VALUE
const int EC_TAG_SERVER_PING{0x0504}, EC_TAG_SERVER_USERS{0x0504}; // want WRONG_VALUE

// Opcodes of another protocol.
#define OP_HELLO 0x01
#define OP_MESSAGE 0x4E
#define OP_STATS 0x99
#define OP_CHANGE_SLOT 0x57

static const char *name(int op)
{
	switch (op) {
	case EC_OP_NOOP: return "EC_OP_NOOP";
	}
	return op == EC_OP_AUTH_REQ ? "EC_OP_AUTH_REQ" : "";
}

#endif

// SPDX-License-Identifier: MIT

// The codes of the External Connections protocol as aMule up to 3.0 speaks it, and as
// 3.1 does that is in development: every name and number that client and daemon have to
// agree on. A newer ECCodes.h from aMule can stand in for this file.
//
// Not here are three tags of 3.1 whose numbers are not known yet: KNOWNFILE_VERIFY_DATE,
// KNOWNFILE_VERIFY_CORRUPT_MD4 and KNOWNFILE_VERIFY_CORRUPT_AICH.

#ifndef ECCODES_H
#define ECCODES_H

#include <stdint.h>

// The widths of the numbers in packets and tags.

typedef uint8_t  ec_opcode_t;
typedef uint16_t ec_tagname_t;
typedef uint8_t  ec_tagtype_t;
typedef uint32_t ec_taglen_t;

// The version that a client names when it logs in; the daemon refuses every other.
enum ProtocolVersion
{
	EC_CURRENT_PROTOCOL_VERSION = 0x0204
};

// The first four bytes of every packet tell how the rest of it is written.
enum ECFlags
{
	EC_FLAG_ZLIB            = 0x00000001,
	EC_FLAG_UTF8_NUMBERS    = 0x00000002,
	EC_FLAG_ENCRYPTED       = 0x00000008, // 3.1; up to 3.0 packets with it are refused, as the mask says
	EC_FLAG_LARGE_TAG_COUNT = 0x00000010,
	EC_FLAG_UNKNOWN_MASK    = 0xFF7F7F08
};

// What a packet asks for or replies. Some replies carry the opcode of the request.
enum ECOpCodes
{
	// Login and general replies.

	EC_OP_NOOP                         = 0x01,
	EC_OP_AUTH_REQ                     = 0x02,
	EC_OP_AUTH_FAIL                    = 0x03,
	EC_OP_AUTH_OK                      = 0x04,
	EC_OP_FAILED                       = 0x05,
	EC_OP_STRINGS                      = 0x06,
	EC_OP_MISC_DATA                    = 0x07,

	// Daemon, links and state.

	EC_OP_SHUTDOWN                     = 0x08,
	EC_OP_ADD_LINK                     = 0x09,
	EC_OP_STAT_REQ                     = 0x0A,
	EC_OP_GET_CONNSTATE                = 0x0B,
	EC_OP_STATS                        = 0x0C,

	// Queues and shared files.

	EC_OP_GET_DLOAD_QUEUE              = 0x0D,
	EC_OP_GET_ULOAD_QUEUE              = 0x0E,
	EC_OP_GET_SHARED_FILES             = 0x10,
	EC_OP_SHARED_SET_PRIO              = 0x11,

	// Commands for downloads.

	EC_OP_PARTFILE_SWAP_A4AF_THIS      = 0x16,
	EC_OP_PARTFILE_SWAP_A4AF_THIS_AUTO = 0x17,
	EC_OP_PARTFILE_SWAP_A4AF_OTHERS    = 0x18,
	EC_OP_PARTFILE_PAUSE               = 0x19,
	EC_OP_PARTFILE_RESUME              = 0x1A,
	EC_OP_PARTFILE_STOP                = 0x1B,
	EC_OP_PARTFILE_PRIO_SET            = 0x1C,
	EC_OP_PARTFILE_DELETE              = 0x1D,
	EC_OP_PARTFILE_SET_CAT             = 0x1E,

	// Lists of files.

	EC_OP_DLOAD_QUEUE                  = 0x1F,
	EC_OP_ULOAD_QUEUE                  = 0x20,
	EC_OP_SHARED_FILES                 = 0x22,
	EC_OP_SHAREDFILES_RELOAD           = 0x23,

	// Commands for any file.

	EC_OP_RENAME_FILE                  = 0x25,

	// Searches.

	EC_OP_SEARCH_START                 = 0x26,
	EC_OP_SEARCH_STOP                  = 0x27,
	EC_OP_SEARCH_RESULTS               = 0x28,
	EC_OP_SEARCH_PROGRESS              = 0x29,
	EC_OP_DOWNLOAD_SEARCH_RESULT       = 0x2A,

	// The IP filter and the servers of eD2k.

	EC_OP_IPFILTER_RELOAD              = 0x2B,
	EC_OP_GET_SERVER_LIST              = 0x2C,
	EC_OP_SERVER_LIST                  = 0x2D,
	EC_OP_SERVER_DISCONNECT            = 0x2E,
	EC_OP_SERVER_CONNECT               = 0x2F,
	EC_OP_SERVER_REMOVE                = 0x30,
	EC_OP_SERVER_ADD                   = 0x31,
	EC_OP_SERVER_UPDATE_FROM_URL       = 0x32,

	// Logs and messages of the server.

	EC_OP_ADDLOGLINE                   = 0x33,
	EC_OP_ADDDEBUGLOGLINE              = 0x34,
	EC_OP_GET_LOG                      = 0x35,
	EC_OP_GET_DEBUGLOG                 = 0x36,
	EC_OP_GET_SERVERINFO               = 0x37,
	EC_OP_LOG                          = 0x38,
	EC_OP_DEBUGLOG                     = 0x39,
	EC_OP_SERVERINFO                   = 0x3A,
	EC_OP_RESET_LOG                    = 0x3B,
	EC_OP_RESET_DEBUGLOG               = 0x3C,
	EC_OP_CLEAR_SERVERINFO             = 0x3D,
	EC_OP_GET_LAST_LOG_ENTRY           = 0x3E,

	// Preferences and categories.

	EC_OP_GET_PREFERENCES              = 0x3F,
	EC_OP_SET_PREFERENCES              = 0x40,
	EC_OP_CREATE_CATEGORY              = 0x41,
	EC_OP_UPDATE_CATEGORY              = 0x42,
	EC_OP_DELETE_CATEGORY              = 0x43,

	// Statistics.

	EC_OP_GET_STATSGRAPHS              = 0x44,
	EC_OP_STATSGRAPHS                  = 0x45,
	EC_OP_GET_STATSTREE                = 0x46,
	EC_OP_STATSTREE                    = 0x47,

	// Networks.

	EC_OP_KAD_START                    = 0x48,
	EC_OP_KAD_STOP                     = 0x49,
	EC_OP_CONNECT                      = 0x4A,
	EC_OP_DISCONNECT                   = 0x4B,
	EC_OP_KAD_UPDATE_FROM_URL          = 0x4D,
	EC_OP_KAD_BOOTSTRAP_FROM_IP        = 0x4E,

	// Additions of later releases, in the order of their arrival.

	EC_OP_AUTH_SALT                    = 0x4F,
	EC_OP_AUTH_PASSWD                  = 0x50,
	EC_OP_IPFILTER_UPDATE              = 0x51,
	EC_OP_GET_UPDATE                   = 0x52,
	EC_OP_CLEAR_COMPLETED              = 0x53,
	EC_OP_CLIENT_SWAP_TO_ANOTHER_FILE  = 0x54,
	EC_OP_SHARED_FILE_SET_COMMENT      = 0x55,
	EC_OP_SERVER_SET_STATIC_PRIO       = 0x56,
	EC_OP_FRIEND                       = 0x57,
	EC_OP_VERSION_CHECK                = 0x58,
	EC_OP_SHARED_FILE_SEARCH_KAD_NOTES = 0x59,
	EC_OP_VERIFY_LOCAL_DATA            = 0x5A,
	EC_OP_GET_CHAT_MESSAGES            = 0x5B,
	EC_OP_CHAT_MESSAGES                = 0x5C,
	EC_OP_GET_SHARED_DIRS              = 0x5D,
	EC_OP_SET_SHARED_DIRS              = 0x5E,
	EC_OP_SEARCH_REQUEST_MORE          = 0x5F,
	EC_OP_SEARCH_LIST                  = 0x60,
	EC_OP_GET_CLIENT_HISTORY           = 0x61,
	EC_OP_CLIENT_HISTORY               = 0x62,
	EC_OP_GET_CHAT_SESSIONS            = 0x63,
	EC_OP_CHAT_SESSIONS                = 0x64,
	EC_OP_CHAT_SEND                    = 0x65,
	EC_OP_CHAT_CLOSE_SESSION           = 0x66,
	EC_OP_REFRESH_MEDIA_METADATA       = 0x67,
	EC_OP_PARTFILE_SET_A4AF_AUTO       = 0x68
};

// What a tag holds. The high byte of a name tells its group.
enum ECTagNames
{
	// Used in many messages: login, capabilities, ids.

	EC_TAG_STRING                            = 0x0000,
	EC_TAG_PASSWD_HASH                       = 0x0001,
	EC_TAG_PROTOCOL_VERSION                  = 0x0002,
	EC_TAG_VERSION_ID                        = 0x0003,
	EC_TAG_DETAIL_LEVEL                      = 0x0004,
	EC_TAG_CONNSTATE                         = 0x0005,
	EC_TAG_ED2K_ID                           = 0x0006,
	EC_TAG_LOG_TO_STATUS                     = 0x0007,
	EC_TAG_BOOTSTRAP_IP                      = 0x0008,
	EC_TAG_BOOTSTRAP_PORT                    = 0x0009,
	EC_TAG_CLIENT_ID                         = 0x000A,
	EC_TAG_PASSWD_SALT                       = 0x000B,
	EC_TAG_CAN_ZLIB                          = 0x000C,
	EC_TAG_CAN_UTF8_NUMBERS                  = 0x000D,
	EC_TAG_CAN_NOTIFY                        = 0x000E,
	EC_TAG_ECID                              = 0x000F,
	EC_TAG_KAD_ID                            = 0x0010,
	EC_TAG_CAN_LARGE_TAG_COUNT               = 0x0011,
	EC_TAG_CAN_PARTIAL_UPDATE                = 0x0012,
	EC_TAG_FILE_REMOVED                      = 0x0013,
	EC_TAG_PREFER_NO_ZLIB                    = 0x0014,
	EC_TAG_CAN_MULTI_SEARCH                  = 0x0015,
	EC_TAG_CAN_CHAT                          = 0x0016,
	EC_TAG_CAN_SHAREDDIRS_CONFIG             = 0x0017,
	EC_TAG_ED2K_CONNECTED_SINCE              = 0x0018,
	EC_TAG_KAD_CONNECTED_SINCE               = 0x0019,
	EC_TAG_CAN_SEARCH_LIST                   = 0x001A,
	EC_TAG_CAN_AEAD                          = 0x001B,
	EC_TAG_AEAD_CIPHER                       = 0x001C,
	EC_TAG_AEAD_CLIENT_NONCE                 = 0x001D,
	EC_TAG_AEAD_SERVER_NONCE                 = 0x001E,
	EC_TAG_CAN_PARTIAL_SEARCH                = 0x001F,
	EC_TAG_CAN_SEARCH_PROGRESS_UNION         = 0x0020,
	EC_TAG_AEAD_CLIENT_PUBKEY                = 0x0021,
	EC_TAG_AEAD_SERVER_PUBKEY                = 0x0022,
	EC_TAG_AEAD_CLIENT_CONFIRM               = 0x0023,
	EC_TAG_AEAD_SERVER_CONFIRM               = 0x0024,
	EC_TAG_SESSION_ID                        = 0x0025,
	EC_TAG_CAN_CLIENT_HISTORY                = 0x0026,
	EC_TAG_CAN_CHAT_SESSIONS                 = 0x0027,
	EC_TAG_CAN_CHAT_PEER_HASH                = 0x0028,
	EC_TAG_CAN_SEARCH_ALL                    = 0x0029,

	// The client, as it introduces itself.

	EC_TAG_CLIENT_NAME                       = 0x0100,
	EC_TAG_CLIENT_VERSION                    = 0x0101,
	EC_TAG_CLIENT_MOD                        = 0x0102,

	// Current figures.

	EC_TAG_STATS_UL_SPEED                    = 0x0200,
	EC_TAG_STATS_DL_SPEED                    = 0x0201,
	EC_TAG_STATS_UL_SPEED_LIMIT              = 0x0202,
	EC_TAG_STATS_DL_SPEED_LIMIT              = 0x0203,
	EC_TAG_STATS_UP_OVERHEAD                 = 0x0204,
	EC_TAG_STATS_DOWN_OVERHEAD               = 0x0205,
	EC_TAG_STATS_TOTAL_SRC_COUNT             = 0x0206,
	EC_TAG_STATS_BANNED_COUNT                = 0x0207,
	EC_TAG_STATS_UL_QUEUE_LEN                = 0x0208,
	EC_TAG_STATS_ED2K_USERS                  = 0x0209,
	EC_TAG_STATS_KAD_USERS                   = 0x020A,
	EC_TAG_STATS_ED2K_FILES                  = 0x020B,
	EC_TAG_STATS_KAD_FILES                   = 0x020C,
	EC_TAG_STATS_LOGGER_MESSAGE              = 0x020D,
	EC_TAG_STATS_KAD_FIREWALLED_UDP          = 0x020E,
	EC_TAG_STATS_KAD_INDEXED_SOURCES         = 0x020F,
	EC_TAG_STATS_KAD_INDEXED_KEYWORDS        = 0x0210,
	EC_TAG_STATS_KAD_INDEXED_NOTES           = 0x0211,
	EC_TAG_STATS_KAD_INDEXED_LOAD            = 0x0212,
	EC_TAG_STATS_KAD_IP_ADDRESS              = 0x0213,
	EC_TAG_STATS_BUDDY_STATUS                = 0x0214,
	EC_TAG_STATS_BUDDY_IP                    = 0x0215,
	EC_TAG_STATS_BUDDY_PORT                  = 0x0216,
	EC_TAG_STATS_KAD_IN_LAN_MODE             = 0x0217,
	EC_TAG_STATS_TOTAL_SENT_BYTES            = 0x0218,
	EC_TAG_STATS_TOTAL_RECEIVED_BYTES        = 0x0219,
	EC_TAG_STATS_SHARED_FILE_COUNT           = 0x021A,
	EC_TAG_STATS_KAD_NODES                   = 0x021B,
	EC_TAG_STATS_TEMP_FREE_SPACE             = 0x021C,
	EC_TAG_STATS_INCOMING_FREE_SPACE         = 0x021D,

	// A file that is being downloaded.

	EC_TAG_PARTFILE                          = 0x0300,
	EC_TAG_PARTFILE_NAME                     = 0x0301,
	EC_TAG_PARTFILE_PARTMETID                = 0x0302,
	EC_TAG_PARTFILE_SIZE_FULL                = 0x0303,
	EC_TAG_PARTFILE_SIZE_XFER                = 0x0304,
	EC_TAG_PARTFILE_SIZE_XFER_UP             = 0x0305,
	EC_TAG_PARTFILE_SIZE_DONE                = 0x0306,
	EC_TAG_PARTFILE_SPEED                    = 0x0307,
	EC_TAG_PARTFILE_STATUS                   = 0x0308,
	EC_TAG_PARTFILE_PRIO                     = 0x0309,
	EC_TAG_PARTFILE_SOURCE_COUNT             = 0x030A,
	EC_TAG_PARTFILE_SOURCE_COUNT_A4AF        = 0x030B,
	EC_TAG_PARTFILE_SOURCE_COUNT_NOT_CURRENT = 0x030C,
	EC_TAG_PARTFILE_SOURCE_COUNT_XFER        = 0x030D,
	EC_TAG_PARTFILE_ED2K_LINK                = 0x030E,
	EC_TAG_PARTFILE_CAT                      = 0x030F,
	EC_TAG_PARTFILE_LAST_RECV                = 0x0310,
	EC_TAG_PARTFILE_LAST_SEEN_COMP           = 0x0311,
	EC_TAG_PARTFILE_PART_STATUS              = 0x0312,
	EC_TAG_PARTFILE_GAP_STATUS               = 0x0313,
	EC_TAG_PARTFILE_REQ_STATUS               = 0x0314,
	EC_TAG_PARTFILE_SOURCE_NAMES             = 0x0315,
	EC_TAG_PARTFILE_COMMENTS                 = 0x0316,
	EC_TAG_PARTFILE_STOPPED                  = 0x0317,
	EC_TAG_PARTFILE_DOWNLOAD_ACTIVE          = 0x0318,
	EC_TAG_PARTFILE_LOST_CORRUPTION          = 0x0319,
	EC_TAG_PARTFILE_GAINED_COMPRESSION       = 0x031A,
	EC_TAG_PARTFILE_SAVED_ICH                = 0x031B,
	EC_TAG_PARTFILE_SOURCE_NAMES_COUNTS      = 0x031C,
	EC_TAG_PARTFILE_AVAILABLE_PARTS          = 0x031D,
	EC_TAG_PARTFILE_HASH                     = 0x031E,
	EC_TAG_PARTFILE_SHARED                   = 0x031F,
	EC_TAG_PARTFILE_HASHED_PART_COUNT        = 0x0320,
	EC_TAG_PARTFILE_A4AFAUTO                 = 0x0321,
	EC_TAG_PARTFILE_A4AF_SOURCES             = 0x0322,
	EC_TAG_PARTFILE_KAD_COMMENT_SEARCHING    = 0x0323,

	// A file that is shared.

	EC_TAG_KNOWNFILE                         = 0x0400,
	EC_TAG_KNOWNFILE_XFERRED                 = 0x0401,
	EC_TAG_KNOWNFILE_XFERRED_ALL             = 0x0402,
	EC_TAG_KNOWNFILE_REQ_COUNT               = 0x0403,
	EC_TAG_KNOWNFILE_REQ_COUNT_ALL           = 0x0404,
	EC_TAG_KNOWNFILE_ACCEPT_COUNT            = 0x0405,
	EC_TAG_KNOWNFILE_ACCEPT_COUNT_ALL        = 0x0406,
	EC_TAG_KNOWNFILE_AICH_MASTERHASH         = 0x0407,
	EC_TAG_KNOWNFILE_FILENAME                = 0x0408,
	EC_TAG_KNOWNFILE_COMPLETE_SOURCES_LOW    = 0x0409,
	EC_TAG_KNOWNFILE_COMPLETE_SOURCES_HIGH   = 0x040A,
	EC_TAG_KNOWNFILE_PRIO                    = 0x040B,
	EC_TAG_KNOWNFILE_ON_QUEUE                = 0x040C,
	EC_TAG_KNOWNFILE_COMPLETE_SOURCES        = 0x040D,
	EC_TAG_KNOWNFILE_COMMENT                 = 0x040E,
	EC_TAG_KNOWNFILE_RATING                  = 0x040F,
	EC_TAG_KNOWNFILE_MEDIA_LENGTH            = 0x0410,
	EC_TAG_KNOWNFILE_MEDIA_BITRATE           = 0x0411,
	EC_TAG_KNOWNFILE_MEDIA_CODEC             = 0x0412,
	EC_TAG_KNOWNFILE_MEDIA_ARTIST            = 0x0413,
	EC_TAG_KNOWNFILE_MEDIA_ALBUM             = 0x0414,
	EC_TAG_KNOWNFILE_MEDIA_TITLE             = 0x0415,
	EC_TAG_KNOWNFILE_PATH                    = 0x0416,
	EC_TAG_KNOWNFILE_UPLOAD_SPEED            = 0x0417,
	EC_TAG_KNOWNFILE_UPLOADING_COUNT         = 0x0418,
	EC_TAG_KNOWNFILE_LAST_UPLOAD             = 0x0419,
	EC_TAG_KNOWNFILE_SHARED_SINCE            = 0x041A,
	EC_TAG_KNOWNFILE_HASHED_PART_COUNT       = 0x041B,
	EC_TAG_KNOWNFILE_MEDIA_QUEUED            = 0x041C,

	// A server of the eD2k network.

	EC_TAG_SERVER                            = 0x0500,
	EC_TAG_SERVER_NAME                       = 0x0501,
	EC_TAG_SERVER_DESC                       = 0x0502,
	EC_TAG_SERVER_ADDRESS                    = 0x0503,
	EC_TAG_SERVER_PING                       = 0x0504,
	EC_TAG_SERVER_USERS                      = 0x0505,
	EC_TAG_SERVER_USERS_MAX                  = 0x0506,
	EC_TAG_SERVER_FILES                      = 0x0507,
	EC_TAG_SERVER_PRIO                       = 0x0508,
	EC_TAG_SERVER_FAILED                     = 0x0509,
	EC_TAG_SERVER_STATIC                     = 0x050A,
	EC_TAG_SERVER_VERSION                    = 0x050B,
	EC_TAG_SERVER_IP                         = 0x050C,
	EC_TAG_SERVER_PORT                       = 0x050D,
	EC_TAG_SERVER_COUNTRY                    = 0x050E,
	EC_TAG_SERVER_FILES_SOFT                 = 0x050F,
	EC_TAG_SERVER_FILES_HARD                 = 0x0510,
	EC_TAG_SERVER_TCP_FLAGS                  = 0x0511,
	EC_TAG_SERVER_UDP_FLAGS                  = 0x0512,

	// Another user: a source of a download, or someone who downloads from here.

	EC_TAG_CLIENT                            = 0x0600,
	EC_TAG_CLIENT_SOFTWARE                   = 0x0601,
	EC_TAG_CLIENT_SCORE                      = 0x0602,
	EC_TAG_CLIENT_HASH                       = 0x0603,
	EC_TAG_CLIENT_FRIEND_SLOT                = 0x0604,
	EC_TAG_CLIENT_WAIT_TIME                  = 0x0605,
	EC_TAG_CLIENT_XFER_TIME                  = 0x0606,
	EC_TAG_CLIENT_QUEUE_TIME                 = 0x0607,
	EC_TAG_CLIENT_LAST_TIME                  = 0x0608,
	EC_TAG_CLIENT_UPLOAD_SESSION             = 0x0609,
	EC_TAG_CLIENT_UPLOAD_TOTAL               = 0x060A,
	EC_TAG_CLIENT_DOWNLOAD_TOTAL             = 0x060B,
	EC_TAG_CLIENT_DOWNLOAD_STATE             = 0x060C,
	EC_TAG_CLIENT_UP_SPEED                   = 0x060D,
	EC_TAG_CLIENT_DOWN_SPEED                 = 0x060E,
	EC_TAG_CLIENT_FROM                       = 0x060F,
	EC_TAG_CLIENT_USER_IP                    = 0x0610,
	EC_TAG_CLIENT_USER_PORT                  = 0x0611,
	EC_TAG_CLIENT_SERVER_IP                  = 0x0612,
	EC_TAG_CLIENT_SERVER_PORT                = 0x0613,
	EC_TAG_CLIENT_SERVER_NAME                = 0x0614,
	EC_TAG_CLIENT_SOFT_VER_STR               = 0x0615,
	EC_TAG_CLIENT_WAITING_POSITION           = 0x0616,
	EC_TAG_CLIENT_IDENT_STATE                = 0x0617,
	EC_TAG_CLIENT_OBFUSCATION_STATUS         = 0x0618,
	EC_TAG_CLIENT_CURRENTLYUNUSED1           = 0x0619,
	EC_TAG_CLIENT_REMOTE_QUEUE_RANK          = 0x061A,
	EC_TAG_CLIENT_DISABLE_VIEW_SHARED        = 0x061B,
	EC_TAG_CLIENT_UPLOAD_STATE               = 0x061C,
	EC_TAG_CLIENT_EXT_PROTOCOL               = 0x061D,
	EC_TAG_CLIENT_USER_ID                    = 0x061E,
	EC_TAG_CLIENT_UPLOAD_FILE                = 0x061F,
	EC_TAG_CLIENT_REQUEST_FILE               = 0x0620,
	EC_TAG_CLIENT_A4AF_FILES                 = 0x0621,
	EC_TAG_CLIENT_OLD_REMOTE_QUEUE_RANK      = 0x0622,
	EC_TAG_CLIENT_KAD_PORT                   = 0x0623,
	EC_TAG_CLIENT_PART_STATUS                = 0x0624,
	EC_TAG_CLIENT_NEXT_REQUESTED_PART        = 0x0625,
	EC_TAG_CLIENT_LAST_DOWNLOADING_PART      = 0x0626,
	EC_TAG_CLIENT_REMOTE_FILENAME            = 0x0627,
	EC_TAG_CLIENT_MOD_VERSION                = 0x0628,
	EC_TAG_CLIENT_OS_INFO                    = 0x0629,
	EC_TAG_CLIENT_AVAILABLE_PARTS            = 0x062A,
	EC_TAG_CLIENT_UPLOAD_PART_STATUS         = 0x062B,
	EC_TAG_CLIENT_IS_FRIEND                  = 0x062C,
	EC_TAG_CLIENT_SCORE_RATIO                = 0x062D,
	EC_TAG_CLIENT_COUNTRY                    = 0x062E,
	EC_TAG_CLIENT_LAST_SEEN                  = 0x062F,
	EC_TAG_CLIENT_FIRST_SEEN                 = 0x0630,
	EC_TAG_CLIENT_SESSIONS                   = 0x0631,
	EC_TAG_CLIENT_CONNECTED                  = 0x0632,
	EC_TAG_CLIENT_MOD_CAPABILITIES           = 0x0633,

	// A search and the files that it found.

	EC_TAG_SEARCHFILE                        = 0x0700,
	EC_TAG_SEARCH_TYPE                       = 0x0701,
	EC_TAG_SEARCH_NAME                       = 0x0702,
	EC_TAG_SEARCH_MIN_SIZE                   = 0x0703,
	EC_TAG_SEARCH_MAX_SIZE                   = 0x0704,
	EC_TAG_SEARCH_FILE_TYPE                  = 0x0705,
	EC_TAG_SEARCH_EXTENSION                  = 0x0706,
	EC_TAG_SEARCH_AVAILABILITY               = 0x0707,
	EC_TAG_SEARCH_STATUS                     = 0x0708,
	EC_TAG_SEARCH_PARENT                     = 0x0709,
	EC_TAG_SEARCH_LIFECYCLE_STATE            = 0x070A,
	EC_TAG_SEARCH_LIFECYCLE_KIND             = 0x070B,
	EC_TAG_SEARCH_RESULT_COUNT               = 0x070C,
	EC_TAG_SEARCH_LIFECYCLE_PERCENT          = 0x070D,
	EC_TAG_SEARCH_ID                         = 0x070E,
	EC_TAG_SEARCH_REF                        = 0x070F,
	EC_TAG_SEARCH_EXPIRED                    = 0x0710,
	EC_TAG_SEARCH_CLOSE                      = 0x0711,
	EC_TAG_SEARCHFILE_CLIENT_ID              = 0x0712,
	EC_TAG_SEARCHFILE_CLIENT_PORT            = 0x0713,
	EC_TAG_SEARCHFILE_DIRECTORY              = 0x0714,
	EC_TAG_SEARCH_BROWSE_STATUS              = 0x0715,
	EC_TAG_SEARCH_MORE_REASKABLE             = 0x0716,
	EC_TAG_SEARCH_KAD_ACTIVE                 = 0x0717,
	EC_TAG_SEARCHFILE_ED2K_SOURCES           = 0x0718,
	EC_TAG_SEARCHFILE_KAD_SOURCES            = 0x0719,
	EC_TAG_SEARCH_ED2K_ACTIVE                = 0x071A,

	// A friend.

	EC_TAG_FRIEND                            = 0x0800,
	EC_TAG_FRIEND_NAME                       = 0x0801,
	EC_TAG_FRIEND_HASH                       = 0x0802,
	EC_TAG_FRIEND_IP                         = 0x0803,
	EC_TAG_FRIEND_PORT                       = 0x0804,
	EC_TAG_FRIEND_CLIENT                     = 0x0805,
	EC_TAG_FRIEND_ADD                        = 0x0806,
	EC_TAG_FRIEND_REMOVE                     = 0x0807,
	EC_TAG_FRIEND_FRIENDSLOT                 = 0x0808,
	EC_TAG_FRIEND_SHARED                     = 0x0809,

	// Chat with peers.

	EC_TAG_CHAT                              = 0x0900,
	EC_TAG_CHAT_CLIENT_ID                    = 0x0901,
	EC_TAG_CHAT_SESSION                      = 0x0902,
	EC_TAG_CHAT_MESSAGE                      = 0x0903,
	EC_TAG_CHAT_MSG_ID                       = 0x0904,
	EC_TAG_CHAT_DIRECTION                    = 0x0905,
	EC_TAG_CHAT_TIMESTAMP                    = 0x0906,
	EC_TAG_CHAT_PEER_NAME                    = 0x0907,
	EC_TAG_CHAT_PEER_HASH                    = 0x0908,

	// Preferences: which groups are asked for, then group by group.

	EC_TAG_SELECT_PREFS                      = 0x1000,

	// Categories of downloads.

	EC_TAG_PREFS_CATEGORIES                  = 0x1100,
	EC_TAG_CATEGORY                          = 0x1101,
	EC_TAG_CATEGORY_TITLE                    = 0x1102,
	EC_TAG_CATEGORY_PATH                     = 0x1103,
	EC_TAG_CATEGORY_COMMENT                  = 0x1104,
	EC_TAG_CATEGORY_COLOR                    = 0x1105,
	EC_TAG_CATEGORY_PRIO                     = 0x1106,

	// General preferences.

	EC_TAG_PREFS_GENERAL                     = 0x1200,
	EC_TAG_USER_NICK                         = 0x1201,
	EC_TAG_USER_HASH                         = 0x1202,
	EC_TAG_USER_HOST                         = 0x1203,
	EC_TAG_GENERAL_CHECK_NEW_VERSION         = 0x1204,
	EC_TAG_GENERAL_VERSION_CHECK_AVAILABLE   = 0x1205,
	EC_TAG_GENERAL_VERSION_CHECK_LATEST      = 0x1206,
	EC_TAG_GENERAL_VERSION_CHECK_OUTDATED    = 0x1207,
	EC_TAG_GENERAL_VERSION_CHECK_TIMESTAMP   = 0x1208,
	EC_TAG_GENERAL_UPNP_AVAILABLE            = 0x1209,

	// Limits, ports and networks.

	EC_TAG_PREFS_CONNECTIONS                 = 0x1300,
	EC_TAG_CONN_DL_CAP                       = 0x1301,
	EC_TAG_CONN_UL_CAP                       = 0x1302,
	EC_TAG_CONN_MAX_DL                       = 0x1303,
	EC_TAG_CONN_MAX_UL                       = 0x1304,
	EC_TAG_CONN_SLOT_ALLOCATION              = 0x1305,
	EC_TAG_CONN_TCP_PORT                     = 0x1306,
	EC_TAG_CONN_UDP_PORT                     = 0x1307,
	EC_TAG_CONN_UDP_DISABLE                  = 0x1308,
	EC_TAG_CONN_MAX_FILE_SOURCES             = 0x1309,
	EC_TAG_CONN_MAX_CONN                     = 0x130A,
	EC_TAG_CONN_AUTOCONNECT                  = 0x130B,
	EC_TAG_CONN_RECONNECT                    = 0x130C,
	EC_TAG_NETWORK_ED2K                      = 0x130D,
	EC_TAG_NETWORK_KADEMLIA                  = 0x130E,
	EC_TAG_CONN_BIND_ADDRESS                 = 0x130F,
	EC_TAG_CONN_BIND_INTERFACE               = 0x1310,
	EC_TAG_PROXY_ENABLE                      = 0x1311,
	EC_TAG_PROXY_TYPE                        = 0x1312,
	EC_TAG_PROXY_HOST                        = 0x1313,
	EC_TAG_PROXY_PORT                        = 0x1314,
	EC_TAG_PROXY_AUTH                        = 0x1315,
	EC_TAG_PROXY_USER                        = 0x1316,
	EC_TAG_PROXY_PASSWORD                    = 0x1317,
	EC_TAG_CONN_UPNP_ENABLED                 = 0x1318,
	EC_TAG_CONN_UPNP_TCP_PORT                = 0x1319,

	// The filter for chat messages.

	EC_TAG_PREFS_MESSAGEFILTER               = 0x1400,
	EC_TAG_MSGFILTER_ENABLED                 = 0x1401,
	EC_TAG_MSGFILTER_ALL                     = 0x1402,
	EC_TAG_MSGFILTER_FRIENDS                 = 0x1403,
	EC_TAG_MSGFILTER_SECURE                  = 0x1404,
	EC_TAG_MSGFILTER_BY_KEYWORD              = 0x1405,
	EC_TAG_MSGFILTER_KEYWORDS                = 0x1406,
	EC_TAG_MSGFILTER_SHOW_IN_LOG             = 0x1407,
	EC_TAG_MSGFILTER_FILTER_COMMENTS         = 0x1408,
	EC_TAG_MSGFILTER_COMMENT_KEYWORDS        = 0x1409,

	// The web server and remote control.

	EC_TAG_PREFS_REMOTECTRL                  = 0x1500,
	EC_TAG_WEBSERVER_AUTORUN                 = 0x1501,
	EC_TAG_WEBSERVER_PORT                    = 0x1502,
	EC_TAG_WEBSERVER_GUEST                   = 0x1503,
	EC_TAG_WEBSERVER_USEGZIP                 = 0x1504,
	EC_TAG_WEBSERVER_REFRESH                 = 0x1505,
	EC_TAG_WEBSERVER_TEMPLATE                = 0x1506,
	EC_TAG_AMULEAPI_AUTORUN                  = 0x1507,
	EC_TAG_AMULEAPI_PORT                     = 0x1508,
	EC_TAG_AMULEAPI_PASSWD                   = 0x1509,
	EC_TAG_AMULEAPI_BIND                     = 0x150A,
	EC_TAG_AMULEAPI_GUEST_PASSWD             = 0x150B,
	EC_TAG_EXTERNALCONN_ENABLED              = 0x150C,
	EC_TAG_EXTERNALCONN_ADDRESS              = 0x150D,
	EC_TAG_EXTERNALCONN_INTERFACE            = 0x150E,
	EC_TAG_EXTERNALCONN_PORT                 = 0x150F,
	EC_TAG_EXTERNALCONN_UPNP                 = 0x1510,
	EC_TAG_EXTERNALCONN_REQUIRE_ENCRYPTION   = 0x1511,
	EC_TAG_EXTERNALCONN_PASSWD_SET           = 0x1512,

	// The online signature.

	EC_TAG_PREFS_ONLINESIG                   = 0x1600,
	EC_TAG_ONLINESIG_ENABLED                 = 0x1601,
	EC_TAG_ONLINESIG_DIRECTORY               = 0x1602,
	EC_TAG_ONLINESIG_UPDATE                  = 0x1603,

	// How servers are kept.

	EC_TAG_PREFS_SERVERS                     = 0x1700,
	EC_TAG_SERVERS_REMOVE_DEAD               = 0x1701,
	EC_TAG_SERVERS_DEAD_SERVER_RETRIES       = 0x1702,
	EC_TAG_SERVERS_AUTO_UPDATE               = 0x1703,
	EC_TAG_SERVERS_URL_LIST                  = 0x1704,
	EC_TAG_SERVERS_ADD_FROM_SERVER           = 0x1705,
	EC_TAG_SERVERS_ADD_FROM_CLIENT           = 0x1706,
	EC_TAG_SERVERS_USE_SCORE_SYSTEM          = 0x1707,
	EC_TAG_SERVERS_SMART_ID_CHECK            = 0x1708,
	EC_TAG_SERVERS_SAFE_SERVER_CONNECT       = 0x1709,
	EC_TAG_SERVERS_AUTOCONN_STATIC_ONLY      = 0x170A,
	EC_TAG_SERVERS_MANUAL_HIGH_PRIO          = 0x170B,
	EC_TAG_SERVERS_UPDATE_URL                = 0x170C,

	// How files are handled.

	EC_TAG_PREFS_FILES                       = 0x1800,
	EC_TAG_FILES_ICH_ENABLED                 = 0x1801,
	EC_TAG_FILES_AICH_TRUST                  = 0x1802,
	EC_TAG_FILES_NEW_PAUSED                  = 0x1803,
	EC_TAG_FILES_NEW_AUTO_DL_PRIO            = 0x1804,
	EC_TAG_FILES_PREVIEW_PRIO                = 0x1805,
	EC_TAG_FILES_NEW_AUTO_UL_PRIO            = 0x1806,
	EC_TAG_FILES_UL_FULL_CHUNKS              = 0x1807,
	EC_TAG_FILES_START_NEXT_PAUSED           = 0x1808,
	EC_TAG_FILES_RESUME_SAME_CAT             = 0x1809,
	EC_TAG_FILES_SAVE_SOURCES                = 0x180A,
	EC_TAG_FILES_EXTRACT_METADATA            = 0x180B,
	EC_TAG_FILES_ALLOC_FULL_SIZE             = 0x180C,
	EC_TAG_FILES_CHECK_FREE_SPACE            = 0x180D,
	EC_TAG_FILES_MIN_FREE_SPACE              = 0x180E,
	EC_TAG_FILES_CREATE_NORMAL               = 0x180F,
	EC_TAG_FILES_ENDGAME                     = 0x1810,
	EC_TAG_FILES_MEDIA_METADATA_ENABLED      = 0x1811,
	EC_TAG_FILES_MEDIA_FFPROBE_PATH          = 0x1812,
	EC_TAG_FILES_START_NEXT_ALPHA            = 0x1813,
	EC_TAG_FILES_MMAP_SUPPORTED              = 0x1814,
	EC_TAG_FILES_MMAP_ENABLED                = 0x1815,

	// Directories.

	EC_TAG_PREFS_DIRECTORIES                 = 0x1A00,
	EC_TAG_DIRECTORIES_INCOMING              = 0x1A01,
	EC_TAG_DIRECTORIES_TEMP                  = 0x1A02,
	EC_TAG_DIRECTORIES_SHARED                = 0x1A03,
	EC_TAG_DIRECTORIES_SHARE_HIDDEN          = 0x1A04,
	EC_TAG_DIRECTORIES_AUTO_RESCAN           = 0x1A05,
	EC_TAG_DIRECTORIES_FOLLOW_SYMLINKS       = 0x1A06,
	EC_TAG_DIRECTORIES_EXCLUDE_PATTERNS      = 0x1A07,
	EC_TAG_DIRECTORIES_EXCLUDE_REGEX         = 0x1A08,

	// Statistics: the graphs and the tree.

	EC_TAG_PREFS_STATISTICS                  = 0x1B00,
	EC_TAG_STATSGRAPH_WIDTH                  = 0x1B01,
	EC_TAG_STATSGRAPH_SCALE                  = 0x1B02,
	EC_TAG_STATSGRAPH_LAST                   = 0x1B03,
	EC_TAG_STATSGRAPH_DATA                   = 0x1B04,
	EC_TAG_STATTREE_CAPPING                  = 0x1B05,
	EC_TAG_STATTREE_NODE                     = 0x1B06,
	EC_TAG_STAT_NODE_VALUE                   = 0x1B07,
	EC_TAG_STAT_VALUE_TYPE                   = 0x1B08,
	EC_TAG_STATTREE_NODEID                   = 0x1B09,
	EC_TAG_STATSGRAPH_DATA_CONN              = 0x1B0A,
	EC_TAG_STATSGRAPH_SESSION_DL             = 0x1B0B,
	EC_TAG_STATSGRAPH_SESSION_UL             = 0x1B0C,
	EC_TAG_STATSGRAPH_SESSION_KAD            = 0x1B0D,
	EC_TAG_STATSGRAPH_SESSION_TIMESPAN       = 0x1B0E,
	EC_TAG_STAT_NODE_KEY                     = 0x1B0F,
	EC_TAG_STAT_NODE_RATIO                   = 0x1B10,
	EC_TAG_STAT_NODE_RATIO_TOTAL             = 0x1B11,
	EC_TAG_STAT_NODE_RAW                     = 0x1B12,
	EC_TAG_STAT_VALUE_ENUM                   = 0x1B13,
	EC_TAG_STATSGRAPH_DEPTH                  = 0x1B14,

	// Security and the IP filter.

	EC_TAG_PREFS_SECURITY                    = 0x1C00,
	EC_TAG_SECURITY_CAN_SEE_SHARES           = 0x1C01,
	EC_TAG_IPFILTER_CLIENTS                  = 0x1C02,
	EC_TAG_IPFILTER_SERVERS                  = 0x1C03,
	EC_TAG_IPFILTER_AUTO_UPDATE              = 0x1C04,
	EC_TAG_IPFILTER_UPDATE_URL               = 0x1C05,
	EC_TAG_IPFILTER_LEVEL                    = 0x1C06,
	EC_TAG_IPFILTER_FILTER_LAN               = 0x1C07,
	EC_TAG_SECURITY_USE_SECIDENT             = 0x1C08,
	EC_TAG_SECURITY_OBFUSCATION_SUPPORTED    = 0x1C09,
	EC_TAG_SECURITY_OBFUSCATION_REQUESTED    = 0x1C0A,
	EC_TAG_SECURITY_OBFUSCATION_REQUIRED     = 0x1C0B,
	EC_TAG_IPFILTER_PARANOID                 = 0x1C0C,
	EC_TAG_IPFILTER_SYSTEM                   = 0x1C0D,

	// Tweaks of the core.

	EC_TAG_PREFS_CORETWEAKS                  = 0x1D00,
	EC_TAG_CORETW_MAX_CONN_PER_FIVE          = 0x1D01,
	EC_TAG_CORETW_VERBOSE                    = 0x1D02,
	EC_TAG_CORETW_FILEBUFFER                 = 0x1D03,
	EC_TAG_CORETW_UL_QUEUE                   = 0x1D04,
	EC_TAG_CORETW_SRV_KEEPALIVE_TIMEOUT      = 0x1D05,
	EC_TAG_CORETW_KAD_MAX_SEARCHES           = 0x1D06,
	EC_TAG_CORETW_KAD_REASK_MS               = 0x1D07,
	EC_TAG_CORETW_SOURCE_REASK_MS            = 0x1D08,

	// Kademlia.

	EC_TAG_PREFS_KADEMLIA                    = 0x1E00,
	EC_TAG_KADEMLIA_UPDATE_URL               = 0x1E01,

	// Preferences about where peers are.

	EC_TAG_PREFS_IP2COUNTRY                  = 0x1F00,
	EC_TAG_IP2COUNTRY_SUPPORTED              = 0x1F01,
	EC_TAG_IP2COUNTRY_ENABLED                = 0x1F02,
	EC_TAG_IP2COUNTRY_SOURCE                 = 0x1F03,
	EC_TAG_IP2COUNTRY_CUSTOM_URL             = 0x1F04,
	EC_TAG_IP2COUNTRY_MAXMIND_LICENSE        = 0x1F05,
	EC_TAG_IP2COUNTRY_AUTO_UPDATE            = 0x1F06,
	EC_TAG_IP2COUNTRY_LOADED_SOURCE          = 0x1F07,
	EC_TAG_IP2COUNTRY_DB_PATH                = 0x1F08,
	EC_TAG_IP2COUNTRY_DB_LOADED              = 0x1F09,
	EC_TAG_IP2COUNTRY_DOWNLOADING            = 0x1F0A,
	EC_TAG_IP2COUNTRY_LAST_RESULT            = 0x1F0B,
	EC_TAG_IP2COUNTRY_UPDATE_NOW             = 0x1F0C,

	// The shared directories.

	EC_TAG_SHAREDDIR                         = 0x2000,
	EC_TAG_SHAREDDIR_RECURSIVE               = 0x2001,
	EC_TAG_SHAREDDIR_REJECTED                = 0x2002,
	EC_TAG_SHAREDDIR_ERROR                   = 0x2003
};

// How much of each object a request asks for.
enum EC_DETAIL_LEVEL
{
	EC_DETAIL_CMD        = 0x00,
	EC_DETAIL_WEB        = 0x01,
	EC_DETAIL_FULL       = 0x02,
	EC_DETAIL_UPDATE     = 0x03,
	EC_DETAIL_INC_UPDATE = 0x04
};

// Where a search looks.
enum EC_SEARCH_TYPE
{
	EC_SEARCH_LOCAL  = 0x00,
	EC_SEARCH_GLOBAL = 0x01,
	EC_SEARCH_KAD    = 0x02,
	EC_SEARCH_WEB    = 0x03,
	EC_SEARCH_BROWSE = 0x04,
	EC_SEARCH_ALL    = 0x05
};

// How a value in the tree of statistics is meant to be shown.
enum EC_STATTREE_NODE_VALUE_TYPE
{
	EC_VALUE_INTEGER = 0x00,
	EC_VALUE_ISTRING = 0x01,
	EC_VALUE_BYTES   = 0x02,
	EC_VALUE_ISHORT  = 0x03,
	EC_VALUE_TIME    = 0x04,
	EC_VALUE_SPEED   = 0x05,
	EC_VALUE_STRING  = 0x06,
	EC_VALUE_DOUBLE  = 0x07
};

// The groups of preferences, as a set of bits.
enum EcPrefs
{
	EC_PREFS_CATEGORIES     = 0x00000001,
	EC_PREFS_GENERAL        = 0x00000002,
	EC_PREFS_CONNECTIONS    = 0x00000004,
	EC_PREFS_MESSAGEFILTER  = 0x00000008,
	EC_PREFS_REMOTECONTROLS = 0x00000010,
	EC_PREFS_ONLINESIG      = 0x00000020,
	EC_PREFS_SERVERS        = 0x00000040,
	EC_PREFS_FILES          = 0x00000080,
	EC_PREFS_DIRECTORIES    = 0x00000200,
	EC_PREFS_STATISTICS     = 0x00000400,
	EC_PREFS_SECURITY       = 0x00000800,
	EC_PREFS_CORETWEAKS     = 0x00001000,
	EC_PREFS_KADEMLIA       = 0x00002000,
	EC_PREFS_IP2COUNTRY     = 0x00004000
};

#endif

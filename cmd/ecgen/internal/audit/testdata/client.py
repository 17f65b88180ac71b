"""Code tables in Python. What follows # want is what is wrong with the line."""

from enum import IntEnum

EC_OP_NOOP = 0x01
EC_OP_AUTH_REQ: int = 0x03  # want WRONG_VALUE
# EC_OP_AUTH_OK = 0x99


class ECTagNames(IntEnum):
    STRING = 0x0000
    PASSWD_HASH = 0x000C  # want WRONG_VALUE
    VERSION_ID = 3

    def shifted(self):
        PASSWD_SALT = 1
        return self << PASSWD_SALT


EC_TAG_SERVER = 0x0500
EC_TAG_SERVER_VERSION = EC_TAG_SERVER + 0x0B
EC_TAG_SERVER_PORT = EC_TAG_SERVER + 0x0C  # want WRONG_VALUE

EC_OP_AUTH_FAIL, EC_OP_AUTH_OK = 3, 4
EC_OP_STRINGS, other, EC_OP_SHUTDOWN = 6, f(1), 9  # want WRONG_VALUE

EC_OPCODES = {
    "FAILED": 0x05,
    "STATS": 0x0D,  # want WRONG_VALUE
    "MISC_DAT": 0x07,  # want STALE_NAME
}

NAMES = {
    0x0600: "EC_TAG_CLIENT",
    0x0603: "EC_TAG_CLIENT_SCORE",  # want WRONG_VALUE
    0x0C06: "EC_TAG_CLIENT_HASH",  # want DOUBLED_VALUE
    0x7F00: "EC_TAG_CLIENT_AGE",  # want UNKNOWN_NAME
}

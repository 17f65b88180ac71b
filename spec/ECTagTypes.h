// SPDX-License-Identifier: MIT

// The types of the External Connections protocol: how the data of a tag are written.

#ifndef ECTAGTYPES_H
#define ECTAGTYPES_H

// The type of a tag. Integers may stand in any of their widths, whatever the tag.
enum ECTagTypes
{
	EC_TAGTYPE_UNKNOWN = 0,
	EC_TAGTYPE_CUSTOM  = 1,
	EC_TAGTYPE_UINT8   = 2,
	EC_TAGTYPE_UINT16  = 3,
	EC_TAGTYPE_UINT32  = 4,
	EC_TAGTYPE_UINT64  = 5,
	EC_TAGTYPE_STRING  = 6,
	EC_TAGTYPE_DOUBLE  = 7,
	EC_TAGTYPE_IPV4    = 8,
	EC_TAGTYPE_HASH16  = 9,
	EC_TAGTYPE_UINT128 = 10
};

#endif

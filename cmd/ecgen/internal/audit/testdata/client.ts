// Code tables in TypeScript. What follows // want is what is wrong with the line.

export enum ECOpCodes {
  NOOP = 1,
  AUTH_REQ,
  AUTH_FAIL,
  FAILED, // want WRONG_VALUE
  STATS = 0x0c,
}

export const EC_OP_STAT_REQ = 0x0a;
export const EC_OP_GET_LOG: number = 0x36; // want WRONG_VALUE

export const ECTagNames = {
  EC_TAG_SERVER: 0x0500,
  'EC_TAG_SERVER_NAME': 0x0501,
  EC_TAG_SERVER_PING: 0x0a08, // want DOUBLED_VALUE
  EC_TAG_SERVER_USERZ: 0x0505, // want STALE_NAME
  EC_TAG_SERVER_COLOUR: 0x05f0, // want UNKNOWN_NAME
} as const;

const names: Record<number, string> = {
  6920: 'EC_TAG_STAT_VALUE_TYPE',
  6921: 'EC_TAG_STATTREE_NODE', // want WRONG_VALUE
};

export class EcTag {
  static readonly PARTFILE = 0x0300;
  static readonly PARTFILE_NAME = 0x0302; // want WRONG_VALUE
  value = 0;
  read(tag: ECTagNames = ECTagNames.EC_TAG_SERVER): number {
    let PARTFILE_HASH = 3;
    switch (tag) {
      case ECTagNames.EC_TAG_SERVER: this.value = 1; break;
    }
    return this.value ? ECTagNames.EC_TAG_SERVER : PARTFILE_HASH;
  }
}

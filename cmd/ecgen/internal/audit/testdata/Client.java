// Code tables in Java. What follows // want is what is wrong with the line.
package org.example.client;

public interface Client {
	public final static byte EC_OP_NOOP = 0x01;
	public static final byte EC_OP_AUTH_OK = (byte) 0x04;
	public static final byte EC_OP_STRINGS = (byte) 0x07; // want WRONG_VALUE

	final class ECTagNames {
		static final short SEARCHFILE = 0x0700;
		static final short SEARCH_NAME = 0x0702 << 1; // want DOUBLED_VALUE
		static final short EC_TAG_SEARCH_PARANT = 0x0709; // want STALE_NAME

		static int count() {
			int SEARCH_TYPE = 3;
			return SEARCH_TYPE;
		}
	}

	enum ECOpCodes {
		ADD_LINK(0x09), STAT_REQ(0x0A),
		STATS((byte) 0x0B), // want WRONG_VALUE
		CHAT(0xF0); // want UNKNOWN_NAME

		private final int value;

		ECOpCodes(int value) {
			this.value = value;
		}
	}
}

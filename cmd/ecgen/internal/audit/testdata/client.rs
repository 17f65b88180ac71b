// Code tables in Rust. What follows // want is what is wrong with the line.
pub const EC_OP_NOOP: u8 = 0x01;
pub(crate) const EC_OP_STATS: u8 = 0x0D; // want WRONG_VALUE
pub const EC_TAG_PARTFILE: u16 = 0x0300;
pub const EC_TAG_PARTFILE_NAME: u16 = 0x0301u16;
const EC_TAG_STATS_KAD_IP_ADRESS: u16 = 0x0213; // want STALE_NAME
pub const NAME: &'static str = "EC_TAG_SERVER = 3";

#[repr(u16)]
#[derive(Clone, Copy, Debug)]
pub enum EcTagName {
    Server = 0x0500,
    ServerName,
    ServerDesc = 0x0503, // want WRONG_VALUE
}

impl EcTagName {
    fn text<'a>(&self, of: &'a str) -> &'a str {
        match self {
            EcTagName::Server => of,
            _ => "",
        }
    }
}

pub static OPCODES: &[(u8, &str)] = &[
    (0x01, "EC_OP_NOOP"),
    (0x02, "EC_OP_AUTH_REQ"),
    (0x04, "EC_OP_AUTH_FAIL"), // want WRONG_VALUE
];
